import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { LazyMenu } from './LazyMenu.tsx';

const items = [
  { id: 'a', label: 'A' },
  { id: 'b', label: 'B' },
];

test('opens by keyboard, picks, and gives the focus back', async () => {
  const pick = vi.fn();
  const user = userEvent.setup();
  render(
    <LazyMenu label="Sort by" items={items} value="a" onPick={pick}>
      Sort
    </LazyMenu>,
  );
  await user.tab();
  await user.keyboard('{Enter}');
  const second = await screen.findByRole('menuitemradio', { name: 'B' });
  await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('menuitemradio'));
  await user.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(second);
  await user.keyboard('{Enter}');
  expect(pick).toHaveBeenCalledWith('b');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Sort' })));
});

test('Escape closes without picking', async () => {
  const pick = vi.fn();
  const user = userEvent.setup();
  render(
    <LazyMenu label="Sort by" items={items} onPick={pick}>
      Sort
    </LazyMenu>,
  );
  await user.click(screen.getByRole('button', { name: 'Sort' }));
  await screen.findByRole('menuitem', { name: 'A' });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  expect(pick).not.toHaveBeenCalled();
});
