import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { MockApi, MockReply } from '../../../../e2e/mock-api.mjs';
import { renderApp } from '../../../../e2e/render-app.tsx';
import type { Cap } from './queries.ts';

const reply = (data: unknown, status = 200): MockReply => ({ status, headers: {}, body: JSON.stringify(data) });
const done: MockReply = { status: 204, headers: {}, body: '' };
const soon = () => new Date(Date.now() + 5.5 * 3600 * 1000).toISOString();

const cap = (own: Partial<Cap>): Cap => ({
  id: '1',
  project: null,
  categories: ['error'],
  period: 'day',
  limit: 1000,
  used: 250,
  resets: soon(),
  reason: 'organization_quota',
  ...own,
});
const thresholds = (project: string): Cap[] => [
  cap({
    id: '91',
    project,
    categories: ['attachment'],
    period: 'hour',
    limit: 2 ** 29,
    used: 0,
    reason: 'spike_protection',
  }),
  cap({ id: '90', project, period: 'hour', limit: 500, used: 400, reason: 'spike_protection' }),
];

const CAPS = '/api/0/organizations/acme/quotas/';

/** The parts of the server that limits talk to. */
const serve = (api: MockApi, start: Cap[], refuse?: object): void => {
  const plain = api.answer;
  const details: Record<string, Record<string, unknown>> = {
    '/api/0/projects/acme/web/': {
      id: '2',
      slug: 'web',
      name: 'web',
      platform: null,
      dateCreated: '',
      firstEvent: null,
    },
    '/api/0/organizations/acme/': { id: '1', slug: 'acme', name: 'Acme', dateCreated: '', maxEventBytes: 65_536 },
  };
  let caps = start;
  const one = (method: string, id: string | undefined, given: object): MockReply => {
    if (method === 'DELETE') caps = caps.filter((each) => each.id !== id);
    else caps = caps.map((each) => (each.id === id ? { ...each, ...given } : each));
    return method === 'DELETE' ? done : reply(caps.find((each) => each.id === id));
  };
  api.answer = (method, url, body) => {
    const { pathname } = new URL(url, 'http://h');
    const given = (body ?? {}) as Record<string, unknown>;
    const detail = details[pathname];
    if (pathname === CAPS && method === 'POST') {
      if (refuse) return reply(refuse, 400);
      caps = [...caps, cap({ id: '7', used: 0, ...given })];
      return reply(caps.at(-1), 201);
    }
    if (pathname === CAPS) return reply(caps);
    if (pathname === '/api/0/organizations/acme/retention/') return reply([]);
    if (pathname.startsWith(CAPS)) return one(method, pathname.split('/').at(-2), given);
    if (detail) {
      Object.assign(detail, given);
      if (given.spikeProtection === true) caps = [...caps, ...thresholds('web')];
      return reply(detail);
    }
    return plain(method, url, body);
  };
};

const ORGANIZATION = '/settings/acme/limits/';
const PROJECT = '/settings/acme/projects/web/limits/';

const open = (path: string, caps: Cap[] = [], refuse?: object) => {
  const app = renderApp(path);
  serve(app.api, caps, refuse);
  return app;
};

const form = async (name: string) => within(await screen.findByTestId(name));
const rows = () => screen.queryAllByTestId('cap').map((row) => row.querySelector('div')?.textContent);

test('each cap stands with its use', async () => {
  open(ORGANIZATION, [
    cap({ used: 800 }),
    cap({ id: '2', project: 'web', categories: ['attachment'], period: 'month', limit: 2 ** 31, used: 2 ** 29 }),
    cap({ id: '3', categories: [], period: 'minute', limit: 0, used: 0 }),
  ]);
  const [first, second, third] = await screen.findAllByTestId('cap');
  expect(first?.textContent).toContain('Errorsall projects together1,000 a day800 used, anew in 5 hours');
  expect(first?.querySelector('[data-level=high] i')?.getAttribute('style')).toContain('80%');
  expect(second?.textContent).toContain('Attachments, sizeweb2 GiB a month512 MiB used');
  expect(third?.textContent).toContain('Everythingall projects togethernothing is taken');
  expect(screen.getByText(/No project is protected/)).toBeTruthy();
});

test('a cap is added with what was chosen, and shows at once', async () => {
  const { user, sent } = open(ORGANIZATION);
  expect(await screen.findByText('No cap yet: everything is taken.')).toBeTruthy();
  const fresh = await form('cap-new');
  await user.selectOptions(fresh.getByLabelText('Of'), 'log_byte');
  await waitFor(() => expect(fresh.getByRole('option', { name: 'web' })).toBeTruthy());
  await user.selectOptions(fresh.getByLabelText('Where'), 'web');
  await user.selectOptions(fresh.getByLabelText('In'), 'hour');
  await user.type(fresh.getByLabelText('At most'), '1.5 GiB');
  await user.click(fresh.getByTestId('save'));
  await waitFor(() => expect(rows()).toEqual(['Logs, sizeweb']));
  expect(sent.at(-1)).toEqual({
    method: 'POST',
    url: CAPS,
    body: { project: 'web', categories: ['log_byte'], period: 'hour', limit: 1_610_612_736 },
  });
  expect(fresh.getByLabelText('At most')).toHaveProperty('value', '');
});

test.each([
  ['error', '', 'Say how much: 0 or more.'],
  ['error', 'many', '“many” is not a number. Write 500, 10k or 2M.'],
  ['attachment', 'many', '“many” is not a size. Write 500 MiB or 2 GiB.'],
  ['error', '5', 'There is such a cap already. Change that one.'],
  ['', '5', 'Only 0, which stops all: some of it is counted, some of it is measured.'],
])('a new cap of %j, %j is refused before it is sent', async (category, limit, sentence) => {
  const { user, sent } = open(ORGANIZATION, [cap({})]);
  const fresh = await form('cap-new');
  await user.selectOptions(fresh.getByLabelText('Of'), category);
  if (limit) await user.type(fresh.getByLabelText('At most'), limit);
  await user.click(fresh.getByTestId('save'));
  expect((await fresh.findByRole('alert')).textContent).toBe(sentence);
  expect(sent).toEqual([]);
});

test('what the server refuses stands beside the field', async () => {
  const { user } = open(ORGANIZATION, [], { project: ['The organization has no such project.'] });
  const fresh = await form('cap-new');
  await user.type(fresh.getByLabelText('At most'), '5');
  await user.click(fresh.getByTestId('save'));
  expect((await fresh.findByRole('alert')).textContent).toBe('The organization has no such project.');
});

test('a cap is changed in place; a bad figure is told and not sent', async () => {
  const { user, sent } = open(ORGANIZATION, [cap({ categories: ['attachment'], limit: 2 ** 30 })]);
  await user.click(await screen.findByRole('button', { name: 'Change Attachments, size, all projects together' }));
  const change = await form('cap-change');
  const field = change.getByLabelText('At most');
  expect(field).toHaveProperty('value', '1 GiB');
  await user.clear(field);
  await user.click(change.getByTestId('save'));
  expect((await change.findByRole('alert')).textContent).toBe('Say how much: 0 or more.');
  expect(sent).toEqual([]);
  await user.type(field, '3 GiB');
  await user.click(change.getByTestId('save'));
  expect(await screen.findByText('3 GiB a day')).toBeTruthy();
  expect(sent.at(-1)).toMatchObject({ method: 'PUT', url: `${CAPS}1/`, body: { limit: 3 * 2 ** 30 } });
});

test('deleting asks first', async () => {
  const { user, sent } = open(ORGANIZATION, [cap({})]);
  await user.click(await screen.findByRole('button', { name: 'Delete Errors, all projects together' }));
  expect(sent).toEqual([]);
  await user.click(await screen.findByTestId('confirm'));
  await waitFor(() => expect(rows()).toEqual([]));
  expect(sent.at(-1)).toMatchObject({ method: 'DELETE', url: `${CAPS}1/` });
});

test('a project is protected by one switch, and shows what it may send', async () => {
  const { user, sent } = open(PROJECT, [cap({ id: '1' }), cap({ id: '2', project: 'web', limit: 9 })]);
  await user.click(await screen.findByRole('switch', { name: 'Protect this project' }));
  const [first] = await screen.findAllByTestId('threshold');
  expect(first?.textContent).toContain('Errors500 an hour400 used');
  expect(sent).toEqual([{ method: 'PUT', url: '/api/0/projects/acme/web/', body: { spikeProtection: true } }]);
  // Of the caps only its own, and new ones are for it.
  expect(rows()).toEqual(['Errorsweb']);
  const fresh = await form('cap-new');
  await user.type(fresh.getByLabelText('At most'), '10k');
  await user.selectOptions(fresh.getByLabelText('In'), 'month');
  await user.click(fresh.getByTestId('save'));
  await waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ project: 'web', period: 'month', limit: 10_000 }));
});

test('the organization shows whom it protects', async () => {
  open(ORGANIZATION, thresholds('web'));
  expect(await screen.findAllByTestId('threshold')).toHaveLength(2);
  const [link] = screen.getAllByRole('link', { name: 'web' });
  expect(link?.getAttribute('href')).toBe(PROJECT);
});

test('sizes are checked, saved, and taken away when empty', async () => {
  const { user, sent } = open(ORGANIZATION);
  const sizes = await form('sizes');
  const event = sizes.getByLabelText(/^Largest event/);
  const field = sizes.getByLabelText(/^Longest text/);
  expect(event).toHaveProperty('value', '64 KiB');
  await user.type(field, '2 MiB');
  await user.click(sizes.getByTestId('save'));
  expect((await sizes.findByRole('alert')).textContent).toBe('Between 1 KiB and 1 MiB, or empty.');
  expect(sent).toEqual([]);
  await user.clear(event);
  await user.clear(field);
  await user.type(field, '8 KiB');
  await user.click(sizes.getByTestId('save'));
  await waitFor(() => expect(sent.at(-1)?.body).toEqual({ maxEventBytes: null, maxFieldBytes: 8192 }));
});

test('usage leads to the limits', async () => {
  open('/organizations/acme/stats/');
  expect((await screen.findByRole('link', { name: 'Limits' })).getAttribute('href')).toBe(ORGANIZATION);
});

test.each([ORGANIZATION, PROJECT])('axe objects to nothing at %s', async (path) => {
  open(path, [cap({}), cap({ id: '2', project: 'web', used: 1000 }), ...thresholds('web')]);
  await screen.findByTestId('cap-new');
  await screen.findByTestId('sizes');
  const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
