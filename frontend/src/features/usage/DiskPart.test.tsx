import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '../../../e2e/render-app.tsx';

const MiB = 1024 ** 2;
const disk = {
  bytes: 30 * MiB,
  ceiling: 100 * MiB,
  measured: '2026-11-21T11:55:00Z',
  daysLeft: 12,
  lastDrop: { kind: 'span', day: '2026-11-02', bytes: MiB, dropped: '2026-11-20T11:00:00Z' },
  kinds: [
    { kind: 'span', bytes: 20 * MiB, days: 30, bytesPerDay: 5 * MiB },
    { kind: 'other', bytes: 10 * MiB, days: null, bytesPerDay: null },
  ],
};
const stats = { start: '2026-11-20T00:00:00Z', end: '2026-11-21T00:00:00Z', intervals: [], groups: [] };

test('the usage page tells the ceiling, the forecast and the last drop', async () => {
  const { api } = renderApp('/organizations/acme/stats/');
  const plain = api.answer;
  api.answer = (method, url, body) => {
    const { pathname } = new URL(url, 'http://h');
    const own = pathname.endsWith('/disk-usage/') ? disk : pathname.endsWith('/stats_v2/') ? stats : undefined;
    return own ? { status: 200, headers: {}, body: JSON.stringify(own) } : plain(method, url, body);
  };
  expect(await screen.findByText('The data takes 30 MiB of the 100 MiB it may take.')).toBeTruthy();
  expect(screen.getByText(/brought 5 MiB: at that rate the ceiling is met in 12 days\.$/)).toBeTruthy();
  expect(screen.getByText(/^Spans of Nov 2, 2026 were dropped .+ ago to keep the ceiling\.$/)).toBeTruthy();
  const table = within(screen.getByRole('table', { name: 'Disk' }));
  expect(table.getAllByRole('row').map((row) => row.textContent)).toEqual([
    'KindKeptA daySize',
    'Spans30 days5 MiB20 MiB',
    'Everything else––10 MiB',
  ]);
});
