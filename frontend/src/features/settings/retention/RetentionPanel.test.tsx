import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RetentionPanel } from './RetentionPanel.tsx';

/** The panel and a server that keeps logs for 30 days and errors for 90; `sent` is what it was asked to change. */
const open = (refusal?: object) => {
  const sent: unknown[] = [];
  const list = [
    { kind: 'error', days: 60, most: 90, own: 60 },
    { kind: 'log', days: 30, most: 30, own: null as number | null },
  ];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit = {}) => {
    if (init.method === 'PUT') sent.push(JSON.parse(String(init.body)));
    const refused = init.method === 'PUT' && refusal;
    return new Response(JSON.stringify(refused || list), { status: refused ? 400 : 200 });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RetentionPanel org="acme" />
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
};

test('less is asked about before it is saved, and only what changed is sent', async () => {
  const { user, sent } = open();
  await user.type(await screen.findByLabelText('Logs'), '7');
  await user.click(screen.getByTestId('save'));
  expect(await screen.findByText(/cannot be taken back/)).toBeTruthy();
  expect(sent).toEqual([]);
  await user.click(screen.getByTestId('confirm'));
  await waitFor(() => expect(sent).toEqual([{ log: 7 }]));
  expect(await screen.findByText('Saved')).toBeTruthy();
});

test('an empty field follows the instance, which deletes nothing', async () => {
  const { user, sent } = open();
  await user.clear(await screen.findByLabelText('Errors and issues'));
  await user.click(screen.getByTestId('save'));
  await waitFor(() => expect(sent).toEqual([{ error: null }]));
});

test('the server’s refusal stands beside its field', async () => {
  const { user } = open({ error: ['This instance keeps it for at most 70 days.'] });
  const field = await screen.findByLabelText('Errors and issues');
  await user.clear(field);
  await user.type(field, '80');
  await user.click(screen.getByTestId('save'));
  expect((await screen.findByRole('alert')).textContent).toBe('This instance keeps it for at most 70 days.');
});
