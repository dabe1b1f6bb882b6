import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { Form } from './Form.tsx';
import { TextField } from './TextField.tsx';

test('hands over its values and puts the messages of the server beside their fields', async () => {
  const submit = vi.fn();
  render(
    <Form onSubmit={submit} errors={{ slug: ['This slug is taken.'] }}>
      <TextField name="slug" label="Slug" help="Part of the address." defaultValue="checkout" />
    </Form>,
  );
  const input = screen.getByLabelText('Slug');
  expect(input.getAttribute('aria-invalid')).toBe('true');
  const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id));
  expect(described.map((element) => element?.textContent)).toEqual(['Part of the address.', 'This slug is taken.']);
  await userEvent.type(input, '{Enter}');
  const values = submit.mock.lastCall?.[0] as FormData | undefined;
  expect(values?.get('slug')).toBe('checkout');
});
