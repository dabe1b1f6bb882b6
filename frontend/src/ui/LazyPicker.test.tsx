import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { LazyPicker } from './LazyPicker.tsx';

const items = [
  { id: '1', label: 'checkout-api' },
  { id: '2', label: 'web' },
  { id: '3', label: 'worker' },
];

function Sample({ multiple }: { multiple: boolean }) {
  const [selected, setSelected] = useState<string[]>(['3']);
  return (
    <LazyPicker
      label="Projects"
      items={items}
      selected={selected}
      multiple={multiple}
      placeholder="Find a project"
      empty="No project fits"
      onChange={setSelected}
    >
      {selected.join(',') || 'none'}
    </LazyPicker>
  );
}

test('typing narrows the list and Enter picks', async () => {
  const user = userEvent.setup();
  render(<Sample multiple={false} />);
  await user.click(screen.getByRole('button', { name: '3' }));
  await user.type(await screen.findByRole('combobox', { name: 'Find a project' }), 'web');
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  await user.keyboard('{ArrowDown}{Enter}');
  expect(await screen.findByRole('button', { name: '2' })).toBeTruthy();
});

test('a multiple list stays open and toggles', async () => {
  const user = userEvent.setup();
  render(<Sample multiple />);
  await user.click(screen.getByRole('button', { name: '3' }));
  await user.click(await screen.findByRole('option', { name: /web/ }));
  await user.click(screen.getByRole('option', { name: /worker/ }));
  await user.keyboard('{Escape}');
  expect(await screen.findByRole('button', { name: '2' })).toBeTruthy();
});
