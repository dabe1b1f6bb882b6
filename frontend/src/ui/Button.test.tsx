import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { Button } from './Button.tsx';

test('a busy button keeps its name and cannot be pressed twice', async () => {
  const press = vi.fn();
  const { rerender } = render(<Button onPress={press}>Save</Button>);
  const width = screen.getByRole('button').getBoundingClientRect().width;
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  rerender(
    <Button onPress={press} busy>
      Save
    </Button>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(press).toHaveBeenCalledOnce();
  expect(screen.getByRole('button').getAttribute('aria-busy')).toBe('true');
  expect(screen.getByRole('button').getBoundingClientRect().width).toBeCloseTo(width, 0);
});
