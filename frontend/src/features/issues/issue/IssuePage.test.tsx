import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, onTestFinished, test } from 'vitest';
import { renderApp } from '../../../../e2e/render-app.tsx';
import { trail } from '../trail.ts';
import { refusal, serveIssue } from './issuePage.fixture.ts';
import { event } from './model/event.fixture.ts';

const PATH = '/organizations/acme/issues/1000/';

const open = (given: Parameters<typeof serveIssue>[1] = {}, path = PATH) => {
  const app = renderApp(path);
  serveIssue(app.api, given);
  return app;
};
const section = async (name: string) => screen.findByRole('region', { name: new RegExp(`^${name}`) });

test('opens with one sentence of facts', async () => {
  open();
  const facts = await screen.findByTestId('facts');
  await waitFor(() => expect(facts.textContent).toContain('91% of events are in Safari 18.1.'));
  expect(facts.textContent).toMatch(/^Seen 1,284 times by 312 people since release 2\.14\.0, \d+ \w+ ago\. /);
  expect(facts.textContent).toContain('It started 4 minutes after that deploy and');
});

test('shows the failing line at once; frames of libraries open on demand; the choice of frames stays', async () => {
  const { user } = open();
  const stack = await section('Stack trace');
  expect(await within(stack).findByText(/cart\.summary\.total/)).toBeTruthy();
  expect(within(stack).queryByText('commit')).toBeNull();
  await user.click(within(stack).getByRole('button', { name: '1 frame of a library' }));
  expect(within(stack).getByText('commit')).toBeTruthy();
  await user.click(within(stack).getByRole('button', { name: 'Raw' }));
  const raw = await within(stack).findByRole('group', { name: 'Stack trace as text' });
  expect(raw.textContent).toContain('    at OrderSummary (app/checkout/summary.tsx:49:21)');
  await user.keyboard('s');
  await waitFor(() => expect(within(stack).getByRole('button', { name: 'In app' }).ariaPressed).toBe('true'));
});

test('the sentence is there in one piece: nothing below it moves', async () => {
  const heights = new Set<number>();
  const watch = new MutationObserver(() => {
    const facts = document.querySelector('[data-test-id=facts]');
    if (facts) heights.add(facts.clientHeight);
  });
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  onTestFinished(() => watch.disconnect());
  open();
  await section('Activity');
  const line = Number.parseFloat(getComputedStyle(screen.getByTestId('facts')).lineHeight);
  expect([...heights].map((height) => Math.round(height / line))).toEqual([1]);
});

test('a tag that differs has a card, one that never does a line', async () => {
  open({}, `${PATH}distributions/`);
  const same = await screen.findByRole('region', { name: 'One value only' });
  expect(same.textContent).toContain('appcheckout');
  expect(screen.getByRole('heading', { name: /^browser/ }).textContent).toBe('browser2 values');
});

test('an issue of today is charted over its day, and over two weeks on request', async () => {
  const { user, router } = open({ issue: { firstSeen: new Date(Date.now() - 3_600_000).toISOString() } });
  const chart = await screen.findByTestId('event-chart');
  expect(chart.textContent).toContain('Last 24 hours');
  await user.click(within(chart).getByRole('button', { name: '14 d' }));
  await waitFor(() => expect(chart.textContent).toContain('Last 14 days'));
  expect(router.latestLocation.search).toMatchObject({ statsPeriod: '14d' });
});

test('times follow the choice of UTC, the other zone is in reach', async () => {
  open({}, `${PATH}?utc=true`);
  const bar = await screen.findByTestId('event-bar');
  expect(bar.querySelector('time')?.textContent).toMatch(/\d\d:\d\d:\d\d UTC/);
});

test('a redacted variable says so', async () => {
  open();
  const stack = await section('Stack trace');
  const mark = await within(stack).findByText('[Filtered]');
  expect(mark.title).toBe('Replaced before the event was stored');
});

test('brackets move through the events, a named event has its own address', async () => {
  const { user, router } = open();
  await screen.findByTestId('event-bar');
  expect(await screen.findByText('Latest event')).toBeTruthy();
  await user.keyboard('[[');
  await waitFor(() => expect(router.state.location.pathname).toBe(`${PATH}events/${'1'.repeat(32)}/`));
  expect(await screen.findByText('First event')).toBeTruthy();
  await user.keyboard(']');
  await waitFor(() => expect(router.state.location.pathname).toContain(event().eventID));
});

test('resolving moves on along the list one came from, and undo leads back', async () => {
  const { user, router, sent } = open();
  await screen.findByTestId('resolve');
  trail.set({ ids: ['1000', '1001'], search: {} });
  await user.keyboard('e');
  await waitFor(() => expect(router.state.location.pathname).toBe('/organizations/acme/issues/1001/'));
  expect(sent.findLast(({ method }) => method === 'PUT')).toMatchObject({ body: { status: 'resolved' } });
  await user.click(await screen.findByTestId('undo'));
  await waitFor(() => expect(router.state.location.pathname).toBe(PATH));
  await waitFor(() =>
    expect(sent.filter(({ url }) => url.includes('/1000/')).at(-1)?.body).toMatchObject({ status: 'unresolved' }),
  );
});

test('Shift and brackets move through the list', async () => {
  const { user, router } = open();
  await screen.findByTestId('resolve');
  trail.set({ ids: ['999', '1000', '1001'], search: {} });
  expect(await screen.findByText('2 of 3')).toBeTruthy();
  await user.keyboard('}}');
  await waitFor(() => expect(router.state.location.pathname).toBe('/organizations/acme/issues/1001/'));
});

test('what strangers wrote stays text, and only harmless addresses become links', async () => {
  const nasty = '<img src=x onerror=alert(1)>';
  const tags = [
    { key: 'a', value: 'javascript:alert(1)' },
    { key: 'b', value: 'https://ok.test/path' },
    { key: 'c', value: nasty },
  ];
  open({ event: event({ tags, context: { nasty } }) });
  const list = await section('Tags');
  const outside = [...list.querySelectorAll<HTMLAnchorElement>('a[target=_blank]')];
  expect(outside.map(({ href, rel }) => [href, rel])).toEqual([
    ['https://ok.test/path', 'noopener noreferrer nofollow'],
  ]);
  expect(outside[0]?.textContent).toContain('ok.test');
  expect(document.querySelector('img')).toBeNull();
  expect((await section('Additional data')).textContent).toContain(nasty);
});

test('shipped code without a source map is told of, with the file', async () => {
  const frame = {
    function: 'r',
    filename: '/app.js',
    absPath: 'https://x.test/app.a81f.js',
    lineNo: 1,
    colNo: 88_800,
    inApp: true,
  };
  const minified = { type: 'E', value: 'e', stacktrace: { frames: [frame] } };
  open({ event: event({ entries: [{ type: 'exception', data: { values: [minified] } }] }) });
  expect(await screen.findByText('Without source map: https://x.test/app.a81f.js')).toBeTruthy();
});

test('a tag searches for everything with the same value', async () => {
  open();
  const link = within(await section('Tags')).getByRole('link', { name: 'Safari 18.1' });
  expect(new URL((link as HTMLAnchorElement).href).searchParams.get('query')).toBe('browser:"Safari 18.1"');
});

test('the trail is searched as one types', async () => {
  const { user } = open();
  const crumbs = await section('Breadcrumbs');
  expect(within(crumbs).getAllByRole('row')).toHaveLength(3);
  await user.type(within(crumbs).getByRole('searchbox'), 'rates');
  expect(within(crumbs).getAllByRole('row')).toHaveLength(2);
  await user.type(within(crumbs).getByRole('searchbox'), 'xyz');
  expect(crumbs.textContent).toContain('No breadcrumb holds “ratesxyz”.');
});

test('a folded part stays folded for the next event', async () => {
  const { user } = open();
  const title = within(await section('Tags')).getByRole('button', { name: /^Tags/ });
  await user.click(title);
  expect(title.ariaExpanded).toBe('false');
  await user.keyboard('[[');
  await waitFor(() => expect(screen.queryByText('First event')).toBeTruthy());
  expect(within(await section('Tags')).getByRole('button', { name: /^Tags/ }).ariaExpanded).toBe('false');
  await user.click(within(await section('Tags')).getByRole('button', { name: /^Tags/ }));
});

test('one can change and delete only one’s own comments', async () => {
  const { user, sent } = open();
  const activity = await section('Activity');
  expect(await within(activity).findAllByRole('button', { name: 'Edit' })).toHaveLength(1);
  await user.type(within(activity).getByPlaceholderText('Write a comment'), ' Looks like the deploy ');
  await user.click(within(activity).getByTestId('note-save'));
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ method: 'POST', body: { text: 'Looks like the deploy' } }));
  await user.click(within(activity).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ method: 'DELETE' }));
  expect(sent.at(-1)?.url).toContain('/notes/5/');
});

test('an event that is gone leaves the issue standing and says what to do', async () => {
  const { router, user } = open({ eventReply: refusal(404, 'Event not found') }, `${PATH}events/${'d'.repeat(32)}/`);
  expect(await screen.findByText('This event is not kept any more')).toBeTruthy();
  expect(screen.getByTestId('resolve')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Show the latest event' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(PATH));
});

test('a refusal of the server is shown with its request id and can be tried again', async () => {
  open({ eventReply: refusal(500, 'Internal error') });
  const alert = await screen.findByTestId('error-state');
  expect(alert.textContent).toContain('req-17');
  expect(within(alert).getByTestId('retry')).toBeTruthy();
});

test('has nothing that axe objects to', async () => {
  open();
  await section('Activity');
  const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
