import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '../../../e2e/render-app.tsx';

const PATH = '/organizations/acme/issues/';
const links = () => screen.findAllByTestId('issue-link');
const activeRow = () => document.querySelector('[role=row][data-active]')?.id;

test('shows issues with their figures, and asks for unresolved ones by default', async () => {
  renderApp(PATH);
  const rows = await links();
  expect(rows.length).toBeGreaterThan(8);
  expect(rows[0]?.textContent).toBe('TypeError');
  expect(screen.getByRole('combobox', { name: 'Search issues' })).toHaveProperty('value', 'is:unresolved');
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('313');
});

test('j and k move, x selects, e resolves both at once, z takes it back', async () => {
  const { user, sent } = renderApp(PATH);
  const [first] = await links();
  expect(activeRow()).toBe('row-1000');
  await user.keyboard('jj');
  expect(activeRow()).not.toBe('row-1000');
  await user.keyboard('kk');
  expect(activeRow()).toBe('row-1000');
  await user.keyboard('xjx');
  await screen.findByTestId('bulk-bar');
  expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toContain('Events');
  await user.keyboard('e');
  await waitFor(() => expect(first?.isConnected).toBe(false));
  await screen.findByText('2 issues resolved.');
  expect(sent.at(-1)).toMatchObject({ method: 'PUT', body: { status: 'resolved' } });
  expect(new URL(sent.at(-1)?.url ?? '', 'http://h').searchParams.getAll('id')).toHaveLength(2);
  await user.keyboard('z');
  await waitFor(() => expect(document.getElementById('row-1000')).toBeTruthy());
  await waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ status: 'unresolved' }));
  await waitFor(() => expect(screen.queryByTestId('toast')).toBeNull());
});

test('resolving moves on: the next issue comes under the cursor', async () => {
  const { user } = renderApp(PATH);
  await links();
  await user.keyboard('j');
  const second = activeRow();
  await user.keyboard('e');
  await waitFor(() => expect(activeRow()).not.toBe(second));
  expect(document.querySelectorAll('[role=row][data-active]')).toHaveLength(1);
});

test('a refused change comes back and says why', async () => {
  const { api, user } = renderApp(PATH);
  await links();
  api.options.down = true;
  await user.keyboard('e');
  expect(await screen.findAllByText('The database is not reachable.')).toBeTruthy();
  await waitFor(() => expect(document.getElementById('row-1000')).toBeTruthy());
});

test('assigning opens beside the row and shows the person at once', async () => {
  const { user, sent } = renderApp(PATH);
  await links();
  await user.keyboard('ja');
  await user.click(await screen.findByRole('option', { name: /Jonas Okafor/ }));
  await waitFor(() => expect(sent.at(-1)?.body).toEqual({ assignedTo: 'user:2' }));
  await screen.findByText('Issue assigned to Jonas Okafor.');
});

test('every matching issue is changed only after a question, by search and not by name', async () => {
  const { user, sent } = renderApp(PATH);
  await links();
  await user.keyboard('{Control>}a{/Control}');
  await user.keyboard('e');
  const dialog = await screen.findByRole('alertdialog');
  expect(sent).toHaveLength(0);
  await user.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(sent).toHaveLength(1));
  const params = new URL(sent[0]?.url ?? '', 'http://h').searchParams;
  expect(params.getAll('id')).toEqual([]);
  expect(params.get('query')).toBe('is:unresolved');
});

test('keys are letters while one types in the search', async () => {
  const { user, sent, router } = renderApp(PATH);
  await links();
  await user.keyboard('/');
  const input = screen.getByRole('combobox', { name: 'Search issues' });
  await waitFor(() => expect(document.activeElement).toBe(input));
  await user.keyboard('e level:fatal{Enter}');
  expect(sent).toHaveLength(0);
  await waitFor(() => expect(router.latestLocation.search).toMatchObject({ query: 'e level:fatal' }));
});

test('a suggestion is taken with the arrow keys, and Escape leads back to the list', async () => {
  const { user } = renderApp(PATH);
  await links();
  const input = screen.getByRole('combobox', { name: 'Search issues' });
  await user.click(input);
  await user.keyboard(' lev');
  await screen.findByRole('option', { name: /level/ });
  await user.keyboard('{ArrowDown}{Enter}');
  expect(input).toHaveProperty('value', 'is:unresolved level:');
  await screen.findByRole('option', { name: 'fatal' });
  await user.keyboard('{ArrowDown}{Enter}');
  expect(input).toHaveProperty('value', 'is:unresolved level:fatal ');
  await user.keyboard('{Escape}{Escape}');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('grid')));
});

test('a search that cannot be right says why and offers what is', async () => {
  const { user, router } = renderApp(`${PATH}?query=level%3A`);
  const problem = await screen.findByTestId('query-problem');
  await user.click(within(problem).getByRole('button'));
  await waitFor(() => expect(router.latestLocation.search).toMatchObject({ query: '!has:level' }));
});

test('nothing found offers to take filters out', async () => {
  const { user, router } = renderApp(`${PATH}?query=is%3Aunresolved+nonsense`);
  await user.click(await screen.findByRole('button', { name: 'Remove nonsense' }));
  await waitFor(() => expect(router.latestLocation.search).toMatchObject({ query: 'is:unresolved' }));
  await links();
});

test('an organization without any event is led to the onboarding', async () => {
  const { router } = renderApp(PATH, { empty: true });
  await waitFor(() => expect(router.latestLocation.pathname).toBe('/onboarding/acme/'));
});

test('new issues wait until they are asked for', async () => {
  const { api, user, queryClient } = renderApp(PATH);
  await links();
  const poll = () =>
    queryClient.getQueryCache().findAll({ predicate: ({ queryKey }) => JSON.stringify(queryKey).includes('newest') });
  await waitFor(() => expect(poll()[0]?.state.status).toBe('success'));
  const [template] = api.issues;
  if (template) api.issues.push({ ...template, id: '9999', shortId: 'WEB-NEW', lastSeen: new Date().toISOString() });
  await poll()[0]?.fetch();
  await screen.findByTestId('show-new');
  expect(document.getElementById('row-9999')).toBeNull();
  await user.keyboard('r');
  await waitFor(() => expect(document.getElementById('row-9999')).toBeTruthy());
});

test('going to the end loads the next page, and the cursor goes on', async () => {
  const { user } = renderApp(PATH);
  await links();
  const index = () => Number(document.querySelector('[role=row][data-active]')?.getAttribute('aria-rowindex'));
  await user.keyboard('{End}');
  await waitFor(() => expect(index()).toBe(101));
  await screen.findByText('200 of 312 loaded');
  await user.keyboard('jjj');
  expect(index()).toBe(104);
  expect(
    document.getElementById(document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant') ?? ''),
  ).toBeTruthy();
});

test('a range is written alike in every browser, and what cannot be read says how', async () => {
  const { user, router } = renderApp(`${PATH}?utc=true`);
  await user.click(await screen.findByTestId('filter-time'));
  const from = await screen.findByTestId('range-from');
  const to = screen.getByTestId('range-to');
  expect((from as HTMLInputElement).value).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  await user.clear(from);
  await user.type(from, '2026-11-01 09:00');
  await user.clear(to);
  await user.type(to, 'soon');
  await user.click(screen.getByTestId('range-apply'));
  expect((await screen.findByRole('alert')).textContent).toContain('Write it like 2026-11-21 15:54.');
  await user.clear(to);
  await user.type(to, '2026-11-02');
  await user.click(screen.getByTestId('range-apply'));
  await waitFor(() =>
    expect(router.latestLocation.search).toMatchObject({ start: '2026-11-01T09:00:00', end: '2026-11-02T00:00:00' }),
  );
  expect(screen.getByTestId('filter-time').textContent).toBe('Nov 1, 09:00 – Nov 2, 00:00');
});

test('a delay of the digest is said where the list is', async () => {
  renderApp(PATH, { health: 'delayed' });
  expect(await screen.findByText(/with a delay of 74 s/)).toBeTruthy();
});

test('while the server cannot answer, the page says so and keeps asking', async () => {
  renderApp(PATH, { down: true });
  expect(await screen.findByTestId('error-state')).toBeTruthy();
  expect(await screen.findByTestId('outage')).toBeTruthy();
});
