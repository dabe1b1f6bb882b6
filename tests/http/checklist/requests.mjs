// Authentication, routing, CORS, encodings.
import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { envelopeBytes, eventId, until } from '../../harness/instance.mjs';

const HEX = /^[0-9a-f]{32}$/;
const MIB = 1024 * 1024;
const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };
const PREFLIGHT_HEADERS = [
  'x-sentry-auth',
  'x-requested-with',
  'x-forwarded-for',
  'origin',
  'referer',
  'accept',
  'content-type',
  'authentication',
  'authorization',
  'content-encoding',
  'transfer-encoding',
];

const hi = () => JSON.stringify({ event_id: eventId(), message: 'hi' });

/** An event to the store endpoint with these headers alone. */
const storeBy = (c, headers, path = c.path('store'), body = hi()) => c.ask(path, { headers, body });

function accepted(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.json.id, HEX);
}

function refused(answer, status, detail) {
  assert.equal(answer.status, status, answer.text);
  if (detail) assert.equal(answer.json.detail, detail);
}

/** An entry that sends to the store endpoint with headers, or to a path, and expects a status. */
const auth = (id, words, status, how, detail) => [
  id,
  `${words}: ${status}`,
  async (c) => {
    const { headers, path } = how(c.main.key, c);
    const answer = await storeBy(c, headers, path);
    if (status === 200) accepted(answer);
    else refused(answer, status, detail);
  },
];

/** 640 frames of 16 MiB zeros each: about 1 MB that opens to 10 GiB. */
const bomb = () => Buffer.concat(Array(640).fill(zstdCompressSync(Buffer.alloc(16 * MIB))));

/** The same in gzip: members may follow each other. */
const gzipBomb = () => Buffer.concat(Array(640).fill(gzipSync(Buffer.alloc(16 * MIB))));

const authEntries = [
  [
    1,
    'store with X-Sentry-Auth: 200, stored',
    async (c) => {
      const answer = await c.store({ message: 'hi' });
      accepted(answer);
      assert.equal((await c.event(answer.json.id)).logentry.formatted, 'hi');
    },
  ],
  auth(2, 'Authorization: Sentry', 200, (K) => ({ headers: { authorization: `Sentry sentry_key=${K}` } })),
  auth(3, 'Authorization: Basic', 200, (K) => ({ headers: { authorization: `Basic ${btoa(`${K}:`)}` } })),
  auth(4, 'the query alone', 200, (K, c) => ({ headers: {}, path: `${c.path('store')}?sentry_key=${K}` })),
  auth(5, 'a scheme in lower case', 200, (K) => ({ headers: { 'x-sentry-auth': `sentry sentry_key=${K}` } })),
  auth(
    6,
    'header and query',
    401,
    (K, c) => ({ headers: c.auth(), path: `${c.path('store')}?sentry_key=${K}` }),
    'multiple authorization payloads detected',
  ),
  auth(7, 'no key anywhere', 401, () => ({ headers: {} }), 'missing authorization information'),
  auth(8, 'a header without key', 401, () => ({ headers: { 'x-sentry-auth': 'Sentry sentry_version=7' } }), 'bad x-sentry-auth header'),
  auth(9, 'a foreign header beside the query', 200, (K, c) => ({
    headers: { 'x-sentry-auth': 'Bearer x' },
    path: `${c.path('store')}?sentry_key=${K}`,
  })),
  [
    10,
    'an envelope by the dsn of its header: 200, stored',
    async (c) => {
      const id = eventId();
      const bytes = envelopeBytes({ event_id: id, dsn: `http://${c.main.key}@host/${c.main.id}` }, [[{ type: 'event' }, { message: 'by dsn' }]]);
      const answer = await c.ask(c.path('envelope'), { headers: { 'x-sentry-auth': '' }, body: bytes });
      accepted(answer);
      await c.stored(id);
    },
  ],
  [
    11,
    'an envelope whose header has no dsn, and no key: 401',
    async (c) => {
      refused(await c.ask(c.path('envelope'), { body: '{}\n' }), 401, 'bad envelope authentication header');
    },
  ],
  [
    12,
    'an envelope whose header is not JSON, and no key: 401',
    async (c) => {
      refused(await c.ask(c.path('envelope'), { body: 'no json\n' }), 401);
    },
  ],
  [
    13,
    'a key and the dsn of another project: 400',
    async (c) => {
      const other = await c.project();
      const answer = await c.envelope({ dsn: `http://${other.key}@host/${other.id}` }, []);
      refused(answer, 400, 'invalid event envelope');
      assert.match(answer.json.causes.join(), /project id .*mismatch/);
    },
  ],
  auth(
    14,
    'sentry_version 8',
    400,
    (K) => ({ headers: { 'x-sentry-auth': `Sentry sentry_version=8, sentry_key=${K}` } }),
    'unsupported protocol version (8)',
  ),
  [
    15,
    'sentry_version 7.0 and 4: 200',
    async (c) => {
      for (const version of ['7.0', '4'])
        accepted(await storeBy(c, { 'x-sentry-auth': `Sentry sentry_version=${version}, sentry_key=${c.main.key}` }));
    },
  ],
  auth(16, 'sentry_version abc', 401, (K) => ({ headers: { 'x-sentry-auth': `Sentry sentry_version=abc, sentry_key=${K}` } })),
  auth(17, 'a key of 31 characters', 400, (K) => ({ headers: { 'x-sentry-auth': `Sentry sentry_key=${K.slice(1)}` } }), 'bad sentry DSN public key'),
  auth(18, 'a path that names no project', 400, (_, c) => ({ headers: c.auth(), path: '/api/abc/store/' }), 'bad project path parameter'),
  [
    19,
    "a key on another project's path: 403, counted",
    async (c) => {
      const project = await c.project();
      refused(await storeBy(c, c.auth(project), '/api/99999/store/'), 403);
      await c.counted(project, [['error', 'invalid', 'project_id', 1]]);
      await c.nothingStored(project);
    },
  ],
  [
    20,
    'a disabled key: 403',
    async (c) => {
      const project = await c.project();
      await c.put(`keys/${project.keyId}/`, { isActive: false }, project);
      const ask = async () => (await c.store({ message: 'x' }, { project })).status === 403;
      await until(ask, { seconds: c.patience, what: 'that the key is refused' });
    },
  ],
  [
    21,
    'no project in the path: 200, stored in that of the key',
    async (c) => {
      const project = await c.project();
      const answer = await storeBy(c, c.auth(project), '/api/store/');
      accepted(answer);
      assert.equal((await c.stored(answer.json.id)).project_id, Number(project.id));
    },
  ],
  [
    22,
    'slashes missing and doubled: 200',
    async (c) => {
      const { id } = c.main;
      for (const path of [`/api/${id}/store`, `/api/${id}/store//`, `//api/${id}//store/`]) accepted(await storeBy(c, c.auth(), path));
    },
  ],
  [
    23,
    'GET with sentry_data, plain and packed: a pixel, stored',
    async (c) => {
      const packings = [(text) => text, (text) => btoa(text), (text) => deflateSync(text).toString('base64')];
      for (const pack of packings) {
        const event_id = eventId();
        const query = new URLSearchParams({
          sentry_data: pack(JSON.stringify({ event_id, message: 'im in ur query params' })),
          sentry_key: c.main.key,
        });
        const answer = await c.ask(`${c.path('store')}?${query}`, { method: 'GET' });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual([answer.headers['content-type'], answer.bytes.length], ['image/gif', 43]);
        assert.equal((await c.event(event_id)).logentry.formatted, 'im in ur query params');
      }
    },
  ],
  [
    24,
    'PUT on envelope: 405',
    async (c) => {
      assert.equal((await c.ask(c.path('envelope'), { method: 'PUT', headers: c.auth(), body: '{}' })).status, 405);
    },
  ],
  [
    25,
    'POST /foo: 404',
    async (c) => {
      assert.equal((await c.ask('/foo', { headers: c.auth(), body: '{}' })).status, 404);
    },
  ],
];

const preflight = (c, path, method) =>
  c.ask(path, {
    method: 'OPTIONS',
    headers: { origin: 'http://shop.example', 'access-control-request-method': method, 'access-control-request-headers': 'X-Sentry-Auth' },
  });

/** Stores from a page, and says what became of it. */
async function fromPage(c, project, headers) {
  const id = eventId();
  const answer = await c.store({ event_id: id, message: 'from a page' }, { project, headers });
  return { id, status: answer.status };
}

const originEntries = [
  [
    26,
    'a preflight for POST or GET: POST alone, for an hour',
    async (c) => {
      for (const method of ['POST', 'GET']) {
        const answer = await preflight(c, c.path('store'), method);
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.headers['access-control-allow-methods'], 'POST');
        assert.equal(answer.headers['access-control-allow-origin'], '*');
        assert.equal(answer.headers['access-control-max-age'], '3600');
      }
    },
  ],
  [
    27,
    'a preflight of the security endpoint without key: 200, eleven headers',
    async (c) => {
      const answer = await preflight(c, c.path('security'), 'POST');
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.headers['access-control-allow-headers'].split(/,\s*/).sort(), [...PREFLIGHT_HEADERS].sort());
    },
  ],
  [
    28,
    'an empty security report: 400 whose headers a page may read',
    async (c) => {
      const answer = await c.ask(`${c.path('security')}?sentry_key=${c.main.key}`, { headers: { 'content-type': 'application/csp-report' } });
      refused(answer, 400, 'empty request body');
      assert.deepEqual(answer.headers['access-control-expose-headers'].split(/,\s*/).sort(), [
        'retry-after',
        'x-sentry-error',
        'x-sentry-rate-limits',
      ]);
      assert.equal(answer.headers['access-control-allow-origin'], '*');
    },
  ],
  [
    29,
    'every answer is for every origin',
    async (c) => {
      const answers = await Promise.all([c.store({ message: 'x' }), storeBy(c, {}), c.store('{'), c.envelope({}, []), c.ask('/api/1/none/')]);
      for (const answer of answers) assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin', `${answer.status}`);
    },
  ],
  [
    30,
    'an allowed origin: 200, stored',
    async (c) => {
      const project = await c.project({ domains: ['valid.com'] });
      const { id, status } = await fromPage(c, project, { origin: 'http://valid.com' });
      assert.equal(status, 200);
      await c.stored(id);
    },
  ],
  [
    31,
    'an origin that is not allowed: 403, counted, not stored',
    async (c) => {
      const project = await c.project({ domains: ['valid.com'] });
      const { id, status } = await fromPage(c, project, { origin: 'http://not.valid.com.evil' });
      assert.equal(status, 403);
      await c.counted(project, [['error', 'invalid', 'cors', 1]]);
      await c.notStored(id);
    },
  ],
  [
    32,
    'a wildcard allows the domain itself: 200',
    async (c) => {
      const project = await c.project({ domains: ['*.valid.com'] });
      assert.equal((await fromPage(c, project, { origin: 'https://valid.com' })).status, 200);
    },
  ],
  [
    33,
    'no allowed domain and no origin: 200',
    async (c) => {
      const project = await c.project({ domains: [] });
      assert.equal((await fromPage(c, project, {})).status, 200);
    },
  ],
  [
    34,
    'a referer that is not allowed: 403',
    async (c) => {
      const project = await c.project({ domains: ['valid.com'] });
      assert.equal((await fromPage(c, project, { referer: 'http://evil.com/x' })).status, 403);
    },
  ],
];

/** Stores an event encoded one or more times; its message must arrive. */
async function storesEncoded(c, names) {
  const event = { event_id: eventId(), message: `sent as ${names.join(', ')}` };
  let body = Buffer.from(JSON.stringify(event));
  for (const name of names) body = encoders[name](body);
  const answer = await c.store(body, { headers: { 'content-encoding': names.join(', ') } });
  assert.equal(answer.status, 200, `${names}: ${answer.text}`);
  assert.equal((await c.event(event.event_id)).logentry.formatted, event.message);
}

const names = Object.keys(encoders);

const bodyEntries = [
  [35, 'gzip, deflate, br, zstd: the same event', (c) => Promise.all(names.map((name) => storesEncoded(c, [name])))],
  [36, 'all pairs of encodings', (c) => Promise.all(names.flatMap((one) => names.map((other) => storesEncoded(c, [one, other]))))],
  [37, 'an unknown encoding: 415', async (c) => refused(await c.store(hi(), { headers: { 'content-encoding': 'this-does-not-exist' } }), 415)],
  [
    38,
    'a known encoding of nothing: 400',
    async (c) => {
      for (const name of names) refused(await c.store('', { headers: { 'content-encoding': name } }), 400);
    },
  ],
  [
    39,
    'an empty encoding, identity, UTF-8: 200',
    async (c) => {
      for (const name of ['', 'identity', 'UTF-8']) accepted(await c.store(hi(), { headers: { 'content-encoding': name } }));
    },
  ],
  [
    40,
    '10 GB packed small, to every endpoint: 413, and it lives on',
    async (c) => {
      const paths = [['store'], ['envelope'], ['minidump', { 'content-type': 'application/x-dmp' }], [`unreal/${c.main.key}`, {}]];
      for (const [endpoint, headers = {}] of paths)
        for (const [encoding, body] of [
          ['gzip', gzipBomb()],
          ['zstd', bomb()],
        ]) {
          const key = endpoint.includes('/') ? {} : c.auth();
          const answer = await c.askLarge(c.path(endpoint), { headers: { ...key, ...headers, 'content-encoding': encoding }, body });
          assert.equal(answer.status, 413, `${endpoint}, ${encoding}: ${answer.status} ${answer.text}`);
        }
      accepted(await c.store(hi()));
    },
  ],
  [
    41,
    "raven-node's base64 of zlib: 200, stored",
    async (c) => {
      const event_id = eventId();
      accepted(await c.store(deflateSync(JSON.stringify({ event_id, message: 'packed' })).toString('base64')));
      assert.equal((await c.event(event_id)).logentry.formatted, 'packed');
    },
  ],
  [42, 'garbage in base64: 400', async (c) => refused(await c.store(btoa('garbage')), 400, 'invalid request body')],
  [
    43,
    "Python's NaN and Infinity: 200, stored",
    async (c) => {
      const event_id = eventId();
      const body = `{"event_id":"${event_id}","extra":{"a":NaN,"b":-Infinity}}`;
      accepted(await c.store(body, { headers: c.auth(c.main, ', sentry_client=sentry-python/1.0') }));
      await c.stored(event_id);
    },
  ],
  [44, 'an empty body: 400', async (c) => refused(await c.store(''), 400, 'empty request body')],
  [
    45,
    'a brace alone: 400',
    async (c) => {
      const answer = await c.store('{');
      refused(answer, 400);
      assert.match(answer.json.detail, /^invalid JSON data: /);
    },
  ],
  [46, 'an event id that is none: 400', async (c) => refused(await c.store('{"event_id":"zz"}'), 400)],
  [
    47,
    '1 MiB and a byte to store: 413',
    async (c) => {
      const body = `{"message":"${'x'.repeat(MIB + 1 - 14)}"}`;
      assert.equal(body.length, MIB + 1);
      refused(await c.store(body), 413);
    },
  ],
];

const whoIs = (c, headers) => c.normalized({ message: 'where', user: { ip_address: '{{auto}}' } }, { headers });

const placeEntries = [
  [
    48,
    'X-Forwarded-For: the first address',
    async (c) => {
      assert.equal((await whoIs(c, { 'x-forwarded-for': '1.2.3.4, 5.6.7.8' })).user.ip_address, '1.2.3.4');
    },
  ],
  [
    49,
    'CF-Connecting-IP before X-Forwarded-For',
    async (c) => {
      assert.equal((await whoIs(c, { 'cf-connecting-ip': '9.9.9.9', 'x-forwarded-for': '1.1.1.1' })).user.ip_address, '9.9.9.9');
    },
  ],
  [
    50,
    'health, live and ready',
    async (c) => {
      for (const which of ['live', 'ready']) {
        const answer = await c.ask(`/api/relay/healthcheck/${which}/`, { method: 'GET' });
        assert.deepEqual([answer.status, answer.json], [200, { is_healthy: true }]);
      }
    },
  ],
  [
    51,
    'the loader script of a key',
    async (c) => {
      const answer = await c.ask(`/js-sdk-loader/${c.main.key}.min.js`, { method: 'GET' });
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.headers['content-type'], /^text\/javascript/);
      assert.ok(answer.text.includes(c.vedette.credentials.dsn), 'the DSN is in it');
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      assert.match(answer.headers['cache-control'], /max-age=3600/);
    },
  ],
  [
    52,
    'the loader script of an unknown key does nothing',
    async (c) => {
      const answer = await c.ask('/js-sdk-loader/unknown.min.js', { method: 'GET' });
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.headers['content-type'], /^text\/javascript/);
      assert.doesNotMatch(answer.text, /sentry_key|dsn/i);
    },
  ],
];

export const requests = [...authEntries, ...originEntries, ...bodyEntries, ...placeEntries];
