// Event normalisation: times, names, tags, user, message, request.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../shared.mjs';
import { GONE, both, events, fault, has, lacks, like, near, pairs } from './expect.mjs';

const SAMPLES = join(shared, 'data/ingest/events');
const HOUR = 3600;
const DAY = 24 * HOUR;
const now = () => Date.now() / 1000;
const iso = (seconds) => new Date(seconds * 1000).toISOString();

/** What a list of any of its three spellings has. */
const values = (field) => (Array.isArray(field) ? field : (field?.values ?? (field ? [field] : [])));
const plain = (field) => (typeof field === 'string' ? field.trim() : undefined);

/** What every payload of a real SDK keeps, whatever else is done to it. */
function keeps(sent, stored, file) {
  const exceptions = values(sent.exception ?? sent['sentry.interfaces.Exception']);
  assert.deepEqual(
    values(stored.exception).map(({ type, value }) => [type, value]),
    exceptions.map(({ type, value }) => [type, value]),
    file,
  );
  const crumbs = values(sent.breadcrumbs ?? sent['sentry.interfaces.Breadcrumbs']);
  assert.equal(values(stored.breadcrumbs).length, crumbs.length, `${file}: breadcrumbs`);
  assert.equal(stored.release, plain(sent.release), `${file}: release`);
  for (const [name, value] of Object.entries(sent.sdk ?? {}).filter(([, each]) => typeof each === 'string'))
    assert.equal(stored.sdk[name], value, file);
  for (const context of Object.keys(sent.contexts ?? {})) assert.ok(stored.contexts[context], `${file}: context ${context}`);
}

const samples = [
  [
    143,
    'payloads of real SDKs keep what they say',
    async (c) => {
      const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.json') && !name.startsWith('basic-'));
      assert.equal(files.length, 22);
      await Promise.all(
        files.map(async (file) => {
          const sent = JSON.parse(readFileSync(join(SAMPLES, file), 'utf8'));
          keeps(sent, await c.normalized(sent), file);
        }),
      );
    },
  ],
  [
    144,
    'the basic event',
    async (c) => {
      const [input, output] = ['input', 'output'].map((which) => JSON.parse(readFileSync(join(SAMPLES, `basic-event-${which}.json`), 'utf8')));
      like(await c.normalized(input), output);
    },
  ],
  events(145, 'what an event has by default', [
    { message: 'x' },
    {
      type: 'default',
      level: 'error',
      platform: 'other',
      logger: '',
      extra: {},
      errors: [],
      version: '7',
      received: near(now(), 120),
    },
  ]),
  events(146, 'an unknown platform is other', [{ platform: 'foo' }, { platform: 'other' }]),
  events(
    147,
    'levels by name and number',
    [{ level: 'warn' }, { level: 'error', errors: fault('invalid_data', 'level', { value: 'warn' }) }],
    [{ level: 'critical' }, { level: 'fatal' }],
    [{ level: 50 }, { level: 'fatal' }],
    [{ level: 'log' }, { level: 'info' }],
  ),
];

/** An entry whose event is made when it is sent, and whose pattern may look at both. */
const timed = (id, words, ...cases) => [
  id,
  words,
  (c) =>
    Promise.all(
      cases.map(async (make) => {
        const { event, header, check } = make();
        check(await c.normalized(event, { header }));
      }),
    ),
];

const moved = (stored) => near(stored.received, 0.001)(stored.timestamp, 'timestamp');

const times = [
  timed(148, 'an event of two years ago happened now', () => {
    const timestamp = Math.floor(now() - 730 * DAY);
    return {
      event: { message: 'old', timestamp },
      check: (stored) => {
        moved(stored);
        like(stored.errors, fault('past_timestamp', 'timestamp', { value: timestamp }));
      },
    };
  }),
  timed(149, 'an event of the future happened now', () => {
    const timestamp = Math.floor(now() + 300);
    return {
      event: { message: 'early', timestamp },
      check: (stored) => {
        moved(stored);
        like(stored.errors, fault('future_timestamp', 'timestamp'));
      },
    };
  }),
  timed(150, 'a clock an hour behind is corrected', () => {
    const sent = now() - HOUR;
    return {
      event: { message: 'drift', timestamp: sent - 5 },
      header: { sent_at: iso(sent) },
      check: (stored) => {
        near(stored.received - 5, 0.01)(stored.timestamp, 'timestamp');
        like(stored.errors, fault('clock_drift', 'timestamp'));
      },
    };
  }),
  timed(151, 'a clock 54 minutes behind is not', () => {
    const timestamp = Math.floor(now() - HOUR);
    return {
      event: { message: 'slow', timestamp },
      header: { sent_at: iso(now() - 54 * 60) },
      check: (stored) => like(stored, { timestamp, errors: lacks({ type: 'clock_drift' }) }),
    };
  }),
  timed(152, 'without sent_at nothing is corrected', () => {
    const timestamp = Math.floor(now() - 3 * DAY);
    return { event: { message: 'offline', timestamp }, check: (stored) => like(stored, { timestamp, errors: [] }) };
  }),
  timed(
    153,
    'times without zone are UTC, fractions keep their microseconds',
    () => {
      const crumb = { timestamp: '2020-01-01T00:00:00', message: 'c' };
      return {
        event: { timestamp: 1577836800.123456, breadcrumbs: [crumb] },
        check: (stored) => near(stored.timestamp - 0.123456, 0.000002)(stored.breadcrumbs.values[0].timestamp, 'the crumb, moved along'),
      };
    },
    () => {
      const second = Math.floor(now() - HOUR);
      return { event: { timestamp: iso(second).slice(0, 19) }, check: (stored) => like(stored, { timestamp: second, errors: [] }) };
    },
    () => {
      const timestamp = Math.floor(now() - HOUR) + 0.123456;
      return { event: { timestamp }, check: (stored) => like(stored, { timestamp }) };
    },
  ),
];

const tagged = (tags, pattern, rest = {}) => [
  { message: 'x', tags },
  { tags: pairs(pattern), ...rest },
];

const names = [
  events(154, 'an unknown member goes and is noted', [{ foo: 1 }, { foo: GONE, errors: fault('invalid_attribute', 'foo') }]),
  events(155, 'members of old servers go in silence', [
    { metadata: { a: 1 }, hashes: ['x'] },
    { hashes: GONE, errors: [] },
  ]),
  events(
    156,
    'releases that are none',
    ...['latest', '', 'a\nb'].map((release) => [{ release }, { release: GONE, errors: fault('invalid_data', 'release') }]),
    [{ release: 'r'.repeat(201) }, { release: GONE, errors: fault('value_too_long', 'release') }],
  ),
  events(157, 'blanks around a release', [{ release: ' my@1.0 ' }, { release: 'my@1.0' }]),
  events(
    158,
    'environments that are none',
    ...['none', 'e'.repeat(65)].map((environment) => [{ environment }, { environment: GONE, errors: has({ name: 'environment' }) }]),
  ),
  events(
    159,
    'dist: too long, and with blanks',
    [
      { release: 'a@1', dist: 'd'.repeat(65) },
      { dist: GONE, errors: fault('value_too_long', 'dist') },
    ],
    [{ release: 'a@1', dist: '  1 ' }, { dist: '1' }],
  ),
  events(160, 'blanks in a tag key', tagged({ 'a b': 'c' }, { 'a-b': 'c' })),
  events(
    161,
    'tags that are too long are not cut',
    tagged({ a: 'v'.repeat(201) }, { a: GONE }, { errors: has({ type: 'value_too_long' }) }),
    tagged({ ['k'.repeat(201)]: 'v' }, { ['k'.repeat(201)]: GONE, ['k'.repeat(200)]: GONE }, { errors: has({ type: 'value_too_long' }) }),
  ),
  events(
    162,
    'tags with a line end or a slash',
    tagged({ a: 'b\nc' }, { a: GONE }, { errors: has({ type: 'invalid_data' }) }),
    tagged({ 'a/b': 'c' }, { 'a/b': GONE }, { errors: has({ type: 'invalid_data' }) }),
  ),
  events(
    163,
    'tags that only the server sets',
    tagged(
      { release: 'a', dist: 'b', user: 'c', filename: 'd', function: 'e' },
      { release: GONE, dist: GONE, user: GONE, filename: GONE, function: GONE },
    ),
  ),
  events(164, 'the tag environment is the environment', [
    {
      message: 'x',
      tags: [
        ['environment', 'prod'],
        ['a', 'b'],
      ],
    },
    { environment: 'prod', tags: pairs({ environment: 'prod' }) },
  ]),
  events(
    165,
    'of equal tags the first',
    tagged(
      [
        ['a', 'first'],
        ['a', 'second'],
      ],
      { a: 'first' },
      { tags: both(has(['a', 'first']), lacks(['a', 'second'])) },
    ),
  ),
  events(166, 'server_name and site are tags', [
    { server_name: 'web1', site: 'x' },
    { server_name: GONE, site: GONE, tags: pairs({ server_name: 'web1', site: 'x' }) },
  ]),
  events(167, 'tags that are no text', tagged({ a: 1, b: true, c: 1.5 }, { a: '1', b: 'True', c: '1' })),
];

const from = (address) => ({ headers: { 'x-forwarded-for': address } });

const people = [
  events(168, '{{auto}} is the sender', [{ user: { ip_address: '{{auto}}' } }, { user: { ip_address: '1.2.3.4' } }, from('1.2.3.4')]),
  events(169, "a page's user is the sender", [{ platform: 'javascript' }, { user: { ip_address: '1.2.3.4' } }, from('1.2.3.4')]),
  events(170, "a server's is not", [{ platform: 'python' }, { user: GONE }, from('1.2.3.4')]),
  events(171, 'REMOTE_ADDR is the user', [{ request: { env: { REMOTE_ADDR: '2.3.4.5' } } }, { user: { ip_address: '2.3.4.5' } }, from('1.2.3.4')]),
  events(172, 'an SDK that forbids it', [
    { platform: 'javascript', sdk: { name: 'a', version: '1', settings: { infer_ip: 'never' } } },
    { user: GONE },
    from('1.2.3.4'),
  ]),
  events(173, 'a user with members of its own', [
    { user: { id: 1, foo: 'bar' } },
    { user: { id: '1', foo: GONE, data: { foo: 'bar' } }, tags: pairs({ user: 'id:1' }) },
  ]),
  events(174, 'where a public address is', [
    { user: { ip_address: '2.125.160.216' } },
    { user: { geo: { country_code: 'GB', city: 'Boxford', region: 'United Kingdom' } } },
  ]),
];

const messages = [
  events(175, "Python's placeholders", [
    { logentry: { message: 'Hello, %s!', params: ['World'] } },
    { logentry: { message: 'Hello, %s!', formatted: 'Hello, World!' } },
  ]),
  events(176, 'placeholders in braces', [{ logentry: { message: 'Hi {name}', params: { name: 'x' } } }, { logentry: { formatted: 'Hi x' } }]),
  events(177, 'the same text twice is said once', [
    { logentry: { message: 'a', formatted: 'a' } },
    { logentry: (entry) => assert.deepEqual(entry, { formatted: 'a' }) },
  ]),
  events(
    178,
    'messages that are no text',
    [{ message: false }, { logentry: GONE }],
    [{ logentry: { message: { a: 1 } } }, { logentry: { formatted: '{"a":1}' } }],
  ),
];

const request = (sent, pattern, rest = {}) => [{ request: sent }, { request: pattern, ...rest }];

const requestEntries = [
  events(
    179,
    'query and fragment leave the url',
    request({ url: 'http://a/b?x=1#f' }, { url: 'http://a/b', query_string: [['x', '1']], fragment: 'f' }),
  ),
  events(180, 'methods', request({ method: 'post' }, { method: 'POST' }), [
    { request: { method: 'x!', url: 'http://a/' } },
    { request: { method: GONE }, errors: has({ name: 'request.method' }) },
  ]),
  events(181, 'a body of JSON', request({ data: '{"a":1}' }, { data: { a: 1 }, inferred_content_type: 'application/json' })),
  events(
    182,
    'a body of a form',
    request({ data: 'foo=bar&x=1' }, { data: { foo: 'bar', x: '1' }, inferred_content_type: 'application/x-www-form-urlencoded' }),
  ),
  events(183, 'a body of text', request({ data: 'foo' }, { data: 'foo' })),
  events(
    184,
    'the cookie header becomes cookies',
    request(
      { headers: { cookie: 'a=b; c=d', host: 'x' } },
      {
        cookies: [
          ['a', 'b'],
          ['c', 'd'],
        ],
        headers: pairs({ Cookie: GONE, Host: 'x' }),
      },
    ),
  ),
  events(185, 'a header sent twice', request({ headers: { 'x-forwarded-for': ['a', 'b'] } }, { headers: [['X-Forwarded-For', 'a,b']] })),
];

export const fields = [...samples, ...times, ...names, ...people, ...messages, ...requestEntries];
