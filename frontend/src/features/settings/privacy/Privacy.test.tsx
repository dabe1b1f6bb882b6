import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { MockApi, MockReply } from '../../../../e2e/mock-api.mjs';
import { renderApp } from '../../../../e2e/render-app.tsx';

const reply = (data: unknown, status = 200): MockReply => ({ status, headers: {}, body: JSON.stringify(data) });
const done: MockReply = { status: 204, headers: {}, body: '' };
const project = {
  id: '2',
  slug: 'web',
  name: 'web',
  platform: 'javascript',
  dateCreated: '',
  firstEvent: null,
  dataScrubber: true,
  dataScrubberDefaults: true,
  scrubIPAddresses: false,
  sensitiveFields: ['marmot'],
  safeFields: [],
  relayPiiConfig: null as string | null,
  options: {
    'filters:releases': '1.*',
    'filters:chunk-load-error': true,
    'sentry:csp_ignored_sources_defaults': true,
  },
};
const tried = {
  eventID: 'a'.repeat(32),
  title: 'Boom',
  dateCreated: '2026-11-20T10:00:00Z',
  changes: [{ path: 'extra.mail', before: 'ada@example.com', after: null }],
  changeCount: 3,
};

type Serving = { project?: Partial<typeof project>; organization?: object; refuse?: string };

const serve = (api: MockApi, serving: Serving): void => {
  const plain = api.answer;
  const filters = [
    { id: 'localhost', active: false },
    { id: 'legacy-browsers', active: ['ie', 'ie9'] as boolean | string[] },
  ];
  api.answer = (method, url, body) => {
    const { pathname, searchParams } = new URL(url, 'http://h');
    const given = (body ?? {}) as Record<string, unknown>;
    if (pathname.endsWith('/data-scrubbing-preview/')) {
      return given.relayPiiConfig === serving.refuse
        ? reply({ relayPiiConfig: ['Not a selector.'] }, 400)
        : reply({ events: [tried] });
    }
    if (pathname.endsWith('/data-scrubbing-selector-suggestions/'))
      return reply({ suggestions: searchParams.get('eventId') ? [{ value: 'extra.mail', examples: [] }] : [] });
    if (pathname === '/api/0/projects/acme/web/filters/') return reply(filters);
    if (pathname.startsWith('/api/0/projects/acme/web/filters/')) return done;
    if (pathname === '/api/0/projects/acme/web/') {
      if (given.relayPiiConfig === 'broken') return reply({ relayPiiConfig: ['Not a configuration.'] }, 400);
      if (given.options && (given.options as Record<string, string>)['filters:releases'] === '{')
        return reply({ 'filters:releases': ['Not a pattern.'] }, 400);
      return reply({ ...project, ...serving.project, ...given });
    }
    if (pathname === '/api/0/organizations/acme/') {
      return reply({ id: '1', slug: 'acme', name: 'Acme', dateCreated: '', ...serving.organization, ...given });
    }
    return plain(method, url, body);
  };
};

const open = (path: string, serving: Serving = {}) => {
  const app = renderApp(path);
  serve(app.api, serving);
  const puts = () => app.sent.filter(({ method }) => method === 'PUT');
  return { ...app, puts };
};

const PRIVACY = '/settings/acme/projects/web/security-and-privacy/';
const FILTERS = '/settings/acme/projects/web/filters/';
const ORGANIZATION = '/settings/acme/security-and-privacy/';

const form = async (name: string) => within(await screen.findByTestId(name));

test('the simple settings are saved together', async () => {
  const { user, puts } = open(PRIVACY);
  const scrubbing = await form('scrubbing');
  await user.click(scrubbing.getByLabelText('Scrub IP addresses'));
  const sensitive = scrubbing.getByLabelText('Sensitive names');
  expect(sensitive).toHaveProperty('value', 'marmot');
  await user.type(sensitive, '{enter}{enter} badger ');
  await user.click(scrubbing.getByTestId('save'));
  await waitFor(() =>
    expect(puts()).toEqual([
      {
        method: 'PUT',
        url: '/api/0/projects/acme/web/',
        body: {
          dataScrubber: true,
          dataScrubberDefaults: true,
          scrubIPAddresses: true,
          sensitiveFields: ['marmot', 'badger'],
          safeFields: [],
        },
      },
    ]),
  );
  expect(await scrubbing.findByText('Saved')).toBeTruthy();
});

test('what the organization requires cannot be switched off, and is not sent', async () => {
  const { user, puts } = open(PRIVACY, { organization: { scrubIPAddresses: true } });
  const scrubbing = await form('scrubbing');
  const box = scrubbing.getByLabelText('Scrub IP addresses');
  expect(box).toMatchObject({ checked: true, disabled: true });
  await user.click(scrubbing.getByTestId('save'));
  await waitFor(() => expect(puts()).toHaveLength(1));
  expect(puts()[0]?.body).not.toHaveProperty('scrubIPAddresses');
});

test('a rule is written as a sentence, tried, and saved as Sentry keeps it', async () => {
  const { user, puts, sent } = open(PRIVACY);
  const rules = await form('rules');
  await user.click(rules.getByTestId('rule-add'));
  await user.selectOptions(rules.getByLabelText('Do this'), 'replace');
  await user.selectOptions(rules.getByLabelText('with'), 'pattern');
  await user.type(rules.getByTestId('rule-pattern'), 'mar(mot)');
  await user.type(rules.getByLabelText('Replace by'), '~');
  const source = rules.getByTestId('rule-source');
  await user.clear(source);
  await user.type(source, 'extra.mail');
  const wanted = JSON.stringify({
    rules: { 0: { type: 'pattern', pattern: 'mar(mot)', redaction: { method: 'replace', text: '~' } } },
    applications: { 'extra.mail': ['0'] },
  });
  await waitFor(() =>
    expect(sent.at(-1)).toMatchObject({
      method: 'POST',
      url: '/api/0/organizations/acme/data-scrubbing-preview/?project=2',
      body: { relayPiiConfig: wanted },
    }),
  );
  const preview = within(screen.getByTestId('preview'));
  expect(await preview.findByText('extra.mail')).toBeTruthy();
  expect(preview.getByText('3 values change')).toBeTruthy();
  expect(preview.getByText('and 2 more')).toBeTruthy();
  expect(document.querySelector('datalist option')).toHaveProperty('value', 'extra.mail');
  await user.click(rules.getByTestId('save'));
  await waitFor(() => expect(puts().at(-1)?.body).toEqual({ relayPiiConfig: wanted }));
  await user.click(rules.getByTestId('rule-remove'));
  await user.click(rules.getByTestId('save'));
  await waitFor(() => expect(puts().at(-1)?.body).toEqual({ relayPiiConfig: '' }));
});

test('rules that the list cannot show are written as JSON', async () => {
  const config = '{"applications":{"**":["@email"]}}';
  const { user } = open(PRIVACY, { project: { relayPiiConfig: config } });
  const area = await screen.findByLabelText('Configuration');
  expect(area).toHaveProperty('value', JSON.stringify(JSON.parse(config), null, 2));
  expect(screen.queryByTestId('segment-list')).toBeNull();
  await user.clear(area);
  await user.click(await screen.findByTestId('segment-list'));
  expect(await screen.findByText('No rule yet.')).toBeTruthy();
});

test('a refusal stands with the rules, and one of the preview with the preview', async () => {
  const { user } = open(PRIVACY, { refuse: 'broken' });
  await form('rules');
  await user.click(screen.getByTestId('segment-json'));
  await user.type(screen.getByLabelText('Configuration'), 'broken');
  const preview = within(screen.getByTestId('preview'));
  expect((await preview.findByRole('alert')).textContent).toContain('Not a selector.');
  const rules = await form('rules');
  await user.click(rules.getByTestId('save'));
  expect((await rules.findByRole('alert')).textContent).toBe('Not a configuration.');
});

test('the organization requires', async () => {
  const { user, puts } = open(ORGANIZATION);
  const scrubbing = await form('scrubbing');
  await user.click(scrubbing.getByLabelText('Require scrubbing'));
  await user.click(scrubbing.getByTestId('save'));
  await waitFor(() => expect(puts()[0]).toMatchObject({ url: '/api/0/organizations/acme/' }));
  expect(puts()[0]?.body).toMatchObject({ dataScrubber: true, scrubIPAddresses: false });
});

test('filters are switched where they are listed', async () => {
  const { user, puts } = open(FILTERS);
  await user.click(await screen.findByRole('switch', { name: 'Localhost' }));
  await user.click(screen.getByRole('switch', { name: 'Missing chunks' }));
  await waitFor(() =>
    expect(puts()).toMatchObject([
      { url: '/api/0/projects/acme/web/filters/localhost/', body: { active: true } },
      { url: '/api/0/projects/acme/web/', body: { options: { 'filters:chunk-load-error': false } } },
    ]),
  );
});

test('browsers are chosen; one that an older client chose stays', async () => {
  const { user, puts } = open(FILTERS);
  const browsers = await form('browsers');
  await user.click(browsers.getByLabelText('Safari 11 and older'));
  await user.click(browsers.getByTestId('save'));
  await waitFor(() =>
    expect(puts()).toMatchObject([
      { url: '/api/0/projects/acme/web/filters/legacy-browsers/', body: { subfilters: ['ie', 'safari', 'ie9'] } },
    ]),
  );
});

test('a pattern that cannot be used is told beside its field', async () => {
  const { user, puts } = open(FILTERS);
  const custom = await form('custom');
  const releases = custom.getByLabelText('Releases');
  expect(releases).toHaveProperty('value', '1.*');
  await user.clear(releases);
  await user.type(releases, '{{');
  await user.click(custom.getByTestId('save'));
  expect((await custom.findByRole('alert')).textContent).toBe('Not a pattern.');
  expect(puts()[0]?.body).toMatchObject({ options: { 'filters:releases': '{', 'filters:error_messages': '' } });
});

test.each([PRIVACY, FILTERS, ORGANIZATION])('axe objects to nothing at %s', async (path) => {
  const { user } = open(path);
  await screen.findByRole('heading', { level: 1 });
  await screen.findAllByTestId('save');
  const add = screen.queryByTestId('rule-add');
  if (add) await user.click(add);
  const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
