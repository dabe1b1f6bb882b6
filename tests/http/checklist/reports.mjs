// Security reports of browsers, and network error logging.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../shared.mjs';
import { has, like, matches, near, pairs } from './expect.mjs';

const SAMPLES = join(shared, 'data/ingest/security');
const RELEASE = '01d5c3165d9fbc5c8bdcf9550a1d6793a80fc02b';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/74.0.3729.169 Safari/537.36';
const BY_CHROME = { 'user-agent': CHROME, 'x-forwarded-for': '127.0.0.2' };

const sample = (name) => JSON.parse(readFileSync(join(SAMPLES, name), 'utf8'));

/** Sends a report for a project, as a browser does: the key in the query. */
function report(c, project, body, { type = 'application/csp-report', query = '', headers = {}, endpoint = 'security' } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return c.ask(`${c.path(endpoint, project)}?sentry_key=${project.key}${query}`, { headers: { 'content-type': type, ...headers }, body: text });
}

/** Addresses at home and in data are noise to a project, unless it says otherwise. */
const EVERY_SOURCE = { settings: { options: { 'sentry:csp_ignored_sources_defaults': false } } };

/** The one event that a report becomes, in a project that was made so. */
async function becomes(c, body, { made, ...options } = {}) {
  const project = await c.project(made);
  const answer = await report(c, project, body, options);
  assert.deepEqual([answer.status, answer.text], [200, '']);
  const [event] = await c.eventsOf(project, 1);
  return event;
}

/** What a sample's expected event says, less what depends on server, time and sender. */
function expected(name) {
  const { user, contexts, key_id, project, grouping_config, tags, request, ...event } = sample(name);
  const headers = pairs(Object.fromEntries(request.headers ?? []));
  return { ...event, tags: pairs(Object.fromEntries(tags)), request: { ...request, headers }, contexts: { browser: contexts.browser } };
}

async function samplePasses(c, name, output) {
  const event = await becomes(c, sample(`${name}.input.json`), {
    query: `&sentry_release=${RELEASE}&sentry_environment=production`,
    headers: BY_CHROME,
    made: EVERY_SOURCE,
  });
  like(event, expected(output), name);
  assert.equal(event.user.ip_address, '127.0.0.2');
}

const csp = (fields) => ({
  'csp-report': {
    'document-uri': 'http://example.com/page',
    'effective-directive': 'img-src',
    'violated-directive': 'img-src',
    'blocked-uri': 'http://other.example/x.png',
    ...fields,
  },
});

/** An entry whose report becomes an event like the pattern. */
const cspEntry = (id, words, fields, pattern, options) => [id, words, async (c) => like(await becomes(c, csp(fields), options), pattern)];

/** An entry whose report is dropped and counted so. */
const dropped = (id, words, body, outcome, reason, options) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    const answer = await report(c, project, body, options);
    assert.equal(answer.status, 200, answer.text);
    await c.counted(project, [['security', outcome, reason, 1]]);
    await c.nothingStored(project);
  },
];

const violation = (url) => ({
  type: 'csp-violation',
  age: 1,
  url,
  user_agent: CHROME,
  body: {
    documentURL: url,
    effectiveDirective: 'script-src-elem',
    blockedURL: 'http://evil.example/x.js',
    originalPolicy: "default-src 'self'",
    disposition: 'report',
    statusCode: 200,
    referrer: '',
  },
});
const REPORTS = { type: 'application/reports+json' };

const security = [
  [98, 'a CSP report becomes the event of the sample', (c) => samplePasses(c, 'csp', 'csp.normalized.output.json')],
  [
    99,
    'the other samples',
    (c) =>
      Promise.all(
        ['csp_chrome', 'csp_chrome_blocked_asset', 'csp_firefox_blocked_asset', 'expect_ct', 'expect_staple', 'hpkp'].map((name) => {
          const normalized = `${name}.normalized.output.json`;
          return samplePasses(c, name, existsSync(join(SAMPLES, normalized)) ? normalized : `${name}.no_processing.output.json`);
        }),
      ),
  ],
  [
    100,
    'release and environment of the query',
    async (c) => {
      const event = await becomes(c, csp({}), { query: '&sentry_release=R&sentry_environment=E' });
      like(event, { release: 'R', environment: 'E' });
    },
  ],
  [
    101,
    'text/plain: 415, nothing recorded',
    async (c) => {
      const project = await c.project();
      assert.equal((await report(c, project, csp({}), { type: 'text/plain' })).status, 415);
      await c.nothingStored(project);
      await c.nothingCounted(project);
    },
  ],
  [
    102,
    'two violations of the Reporting API: two events',
    async (c) => {
      const project = await c.project();
      const answer = await report(c, project, [violation('https://a.example/'), violation('https://b.example/')], REPORTS);
      assert.equal(answer.status, 200, answer.text);
      const events = await c.eventsOf(project, 2);
      assert.equal(new Set(events.map((event) => event.event_id)).size, 2);
      for (const event of events) like(event, { type: 'csp', logentry: { formatted: "Blocked 'script' from 'evil.example'" } });
    },
  ],
  dropped(
    103,
    'a deprecation is filtered',
    [{ type: 'deprecation', age: 1, url: 'https://a.example/', body: { id: 'x', message: 'old' } }],
    'filtered',
    'invalid-csp',
    REPORTS,
  ),
  dropped(104, 'a report of no known kind is invalid', { something: {} }, 'invalid', 'security_report_type', { type: 'application/json' }),
  [
    105,
    'the origin is a header of the event',
    async (c) => {
      const event = await becomes(c, csp({}), { headers: { origin: 'http://valid.com' } });
      like(event.request.headers, has(['Origin', matches(/^http:\/\/valid\.com\/?$/)]));
    },
  ],
  [
    106,
    "the browser's name is a header and contexts",
    async (c) => {
      const event = await becomes(c, csp({}), { headers: BY_CHROME });
      like(event, {
        request: { headers: has(['User-Agent', CHROME]) },
        contexts: { browser: { name: 'Chrome', version: '74.0.3729' }, client_os: { name: 'Windows' } },
      });
    },
  ],
  [
    107,
    'the user is the sender',
    async (c) => {
      like(await becomes(c, csp({}), { headers: { 'x-forwarded-for': '1.2.3.4' } }), { user: { ip_address: '1.2.3.4' } });
    },
  ],
  cspEntry(
    108,
    'a blocked inline script',
    { 'effective-directive': 'script-src', 'violated-directive': "script-src 'unsafe-inline'", 'blocked-uri': 'self' },
    { logentry: { formatted: "Blocked unsafe inline 'script'" } },
  ),
  cspEntry(
    109,
    'a blocked style sheet',
    { 'effective-directive': 'style-src-elem', 'violated-directive': 'style-src-elem', 'blocked-uri': 'http://localhost:8000/lol.css' },
    { logentry: { formatted: "Blocked 'style' from 'localhost:8000'" } },
    { made: EVERY_SOURCE },
  ),
  cspEntry(
    110,
    'a blocked data URL',
    { 'blocked-uri': 'data:text/plain,x' },
    { logentry: { formatted: "Blocked 'image' from 'data:'" } },
    { made: EVERY_SOURCE },
  ),
  cspEntry(
    111,
    'the culprit names foreign sources',
    { 'violated-directive': 'img-src https://cdn.example.com/ http://example.com' },
    { culprit: matches(/^img-src https:\/\/cdn\.example\.com\/ 'self'$/) },
  ),
  cspEntry(
    112,
    'a card number in an address does not stay',
    { 'effective-directive': 'connect-src', 'violated-directive': 'connect-src', 'blocked-uri': 'https://api.stripe.com/v1/tokens?card[number]=1' },
    { tags: pairs({ 'blocked-uri': 'https://api.stripe.com/v1/tokens' }) },
  ),
  cspEntry(113, 'numbers as text', { 'status-code': '200', 'line-number': '17' }, { csp: { status_code: 200, line_number: 17 } }),
  dropped(
    114,
    'an unknown directive is invalid',
    csp({ 'effective-directive': 'none-src', 'violated-directive': 'none-src x' }),
    'invalid',
    'security_report',
  ),
];

const nelReport = (fields = {}) => ({
  age: 1,
  type: 'network-error',
  url: 'https://example.com/index.html',
  user_agent: CHROME,
  body: {
    type: 'http.error',
    phase: 'application',
    status_code: 500,
    server_ip: '10.0.0.1',
    elapsed_time: 37,
    method: 'GET',
    protocol: 'h2',
    referrer: '',
    sampling_fraction: 1,
  },
  ...fields,
});
const NEL = { type: 'application/reports+json', endpoint: 'nel' };

const nel = [
  [
    115,
    'a network error becomes an event',
    async (c) => {
      like(await becomes(c, [nelReport()], NEL), {
        type: 'nel',
        logger: 'nel',
        logentry: { formatted: matches(/^application \/ http\.error/) },
        contexts: { nel: { phase: 'application' }, response: { status_code: 500 } },
      });
    },
  ],
  [
    116,
    'two network errors: two events',
    async (c) => {
      const project = await c.project();
      assert.equal((await report(c, project, [nelReport(), nelReport()], NEL)).status, 200);
      await c.eventsOf(project, 2);
    },
  ],
  [
    117,
    'no list of network errors: 400',
    async (c) => {
      assert.equal((await report(c, c.main, nelReport(), NEL)).status, 400);
    },
  ],
  [
    118,
    'a network error of a minute ago',
    async (c) => {
      const event = await becomes(c, [nelReport({ age: 60000 })], NEL);
      near(event.received - 60, 2)(event.timestamp, 'timestamp');
    },
  ],
];

export const reports = [...security, ...nel];
