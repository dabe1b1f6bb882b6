// The SDK protocol line by line: how a sender shows its key, what a browser is allowed, how bodies are encoded, how
// envelopes are cut.  Each row is one request and what it must be answered.
import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { envelopeBytes, eventId, startInstance, until } from '../harness/instance.mjs';

const EVENT = () => ({ event_id: eventId(), message: 'hi' });
const PREFLIGHT_HEADERS =
  'x-sentry-auth,x-requested-with,x-forwarded-for,origin,referer,accept,content-type,authentication,authorization,content-encoding,transfer-encoding';
const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };

let vedette;
let K;
let U;
before(async () => {
  vedette = await startInstance({ settings: { trusted_proxies: '127.0.0.1' } });
  K = vedette.key;
  U = `/api/${vedette.projectId}`;
});
after(() => vedette?.stop());

/** {status, headers, text, json} of a request. */
async function ask(path, { method = 'POST', headers = {}, body } = {}) {
  const answer = await vedette.fetch(path, { method, headers, body });
  const bytes = Buffer.from(await answer.arrayBuffer());
  let json;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    json = undefined;
  }
  return { status: answer.status, headers: answer.headers, text: bytes.toString('utf8'), bytes, json };
}

const store = (headers, path = `${U}/store/`, body = JSON.stringify(EVENT())) => ask(path, { headers, body });
const auth = (rest = '') => ({ 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${K}${rest}` });
const envelope = (header, items, headers = auth()) => ask(`${U}/envelope/`, { headers, body: envelopeBytes(header, items) });
const raw = (text, headers = auth()) => ask(`${U}/envelope/`, { headers, body: text });

async function stored(id) {
  const [row] = await until(
    async () => {
      const rows = await vedette.sql(`select type, title from event where event_id = '${id}'`);
      return rows.length === 1 && rows;
    },
    { what: `that event ${id} is stored` },
  );
  return row;
}

const payload = async (id) => {
  const { body } = await vedette.api(`/projects/vedette/${vedette.credentials.project}/events/${id}/json/`);
  return body;
};

describe('who sends', () => {
  const basic = () => Buffer.from(`${K}:`).toString('base64');
  const rows = [
    ['X-Sentry-Auth', 200, () => store(auth())],
    ['Authorization: Sentry', 200, () => store({ authorization: `Sentry sentry_key=${K}` })],
    ['Authorization: Basic', 200, () => store({ authorization: `Basic ${basic()}` })],
    ['the query alone', 200, () => store({}, `${U}/store/?sentry_key=${K}`)],
    ['a lower-case scheme', 200, () => store({ 'x-sentry-auth': `sentry sentry_key=${K}` })],
    ['header and query both', 401, () => store(auth(), `${U}/store/?sentry_key=${K}`), 'multiple authorization payloads detected'],
    ['nothing', 401, () => store({}), 'missing authorization information'],
    ['a header without key', 401, () => store({ 'x-sentry-auth': 'Sentry sentry_version=7' }), 'bad x-sentry-auth header'],
    ['a foreign header beside the query', 200, () => store({ 'x-sentry-auth': 'Bearer x' }, `${U}/store/?sentry_key=${K}`)],
    ['a query with another sentry_ key only', 401, () => store({}, `${U}/store/?sentry_release=1`)],
    ['version 8', 400, () => store({ 'x-sentry-auth': `Sentry sentry_version=8, sentry_key=${K}` }), 'unsupported protocol version (8)'],
    ['version 7.0', 200, () => store({ 'x-sentry-auth': `Sentry sentry_version=7.0, sentry_key=${K}` })],
    ['version 4', 200, () => store({ 'x-sentry-auth': `Sentry sentry_version=4, sentry_key=${K}` })],
    ['a version that is no number', 401, () => store({ 'x-sentry-auth': `Sentry sentry_version=abc, sentry_key=${K}` })],
    ['a key of 31 characters', 400, () => store({ 'x-sentry-auth': `Sentry sentry_key=${K.slice(1)}` }), 'bad sentry DSN public key'],
    ['a key with flags', 200, () => store({ 'x-sentry-auth': `Sentry sentry_key=${K}.no-cache` })],
    ['a path that names no project', 400, () => store(auth(), '/api/abc/store/'), 'bad project path parameter'],
    ['project 0', 400, () => store(auth(), '/api/0000/store/'), 'bad project path parameter'],
    ['the key of another project', 403, () => store(auth(), '/api/99999/store/'), 'event submission rejected with_reason: ProjectId'],
    ['an unknown key', 403, () => store({ 'x-sentry-auth': `Sentry sentry_key=${'e'.repeat(32)}` })],
    ['no project in the path', 200, () => store(auth(), '/api/store/')],
    ['no slash at the end', 200, () => store(auth(), `${U}/store`)],
    ['doubled slashes', 200, () => store(auth(), `${U}//store//`)],
    ['an unknown path', 404, () => store(auth(), `${U}/nothing/`)],
    ['PUT', 405, () => ask(`${U}/envelope/`, { method: 'PUT', headers: auth(), body: '{}' })],
  ];
  for (const [words, status, send, detail] of rows) {
    test(`${words}: ${status}`, async () => {
      const answer = await send();
      assert.equal(answer.status, status, answer.text);
      if (detail) assert.equal(answer.json.detail, detail);
      if (status === 200) assert.match(answer.json.id, /^[0-9a-f]{32}$/);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
    });
  }

  test('an envelope by the dsn of its header alone', async () => {
    const id = eventId();
    const answer = await envelope({ event_id: id, dsn: vedette.credentials.dsn }, [[{ type: 'event' }, { message: 'by dsn' }]], { 'x-sentry-auth': '' });
    assert.equal(answer.status, 200, answer.text);
    await stored(id);
  });

  test('an envelope without any key', async () => {
    for (const body of ['{}\n', 'not json\n']) {
      const answer = await raw(body, {});
      assert.equal(answer.status, 401);
      assert.equal(answer.json.detail, 'bad envelope authentication header');
    }
  });

  test('a header that names another project than the dsn', async () => {
    const answer = await envelope({ dsn: `http://${K}@localhost/43` }, []);
    assert.equal(answer.status, 400);
    assert.equal(answer.json.detail, 'invalid event envelope');
    assert.match(answer.json.causes.join(), /project id .*mismatch/);
  });

  test('a key that was switched off', async () => {
    const path = `/projects/vedette/${vedette.credentials.project}/keys/`;
    const made = await vedette.api(path, { method: 'POST', body: { name: 'short-lived' } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const send = () => vedette.store({ message: 'x' }, { key: made.body.public });
    await until(async () => (await send()).status === 200, { what: 'that a new key works' });
    await vedette.api(`${path}${made.body.id}/`, { method: 'PUT', body: { isActive: false } });
    await until(async () => (await send()).status === 403, { what: 'that the key stops to work' });
  });
});

describe('browsers', () => {
  for (const wanted of ['POST', 'GET']) {
    test(`a preflight for ${wanted} needs no key`, async () => {
      const headers = { origin: 'http://shop.example', 'access-control-request-method': wanted, 'access-control-request-headers': 'x-sentry-auth' };
      const answer = await ask(`${U}/store/`, { method: 'OPTIONS', headers });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('access-control-allow-methods'), 'POST');
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(answer.headers.get('access-control-max-age'), '3600');
      assert.equal(answer.headers.get('access-control-allow-headers'), PREFLIGHT_HEADERS);
    });
  }

  test('a refused request still shows its headers', async () => {
    const answer = await store({}, `${U}/store/`, '');
    assert.ok(answer.status >= 400);
    assert.equal(answer.headers.get('access-control-expose-headers'), 'x-sentry-error,x-sentry-rate-limits,retry-after');
    assert.match(answer.headers.get('vary'), /origin/i);
  });

  test('allowed domains', async () => {
    const allow = (list) => vedette.psql(`update project set allowed_domains = '${list}' where id = ${vedette.projectId}`);
    const from = (headers) => store({ ...auth(), ...headers });
    const becomes = (headers, status) =>
      until(async () => (await from(headers)).status === status, { what: `${JSON.stringify(headers)} gets ${status}` });
    await allow('{valid.com,*.wild.com}');
    await becomes({ origin: 'http://not.valid.com.evil' }, 403);
    assert.equal((await from({ origin: 'http://not.valid.com.evil' })).json.detail, 'event submission rejected with_reason: Cors');
    await becomes({ origin: 'http://valid.com' }, 200);
    await becomes({ origin: 'https://wild.com' }, 200);
    await becomes({ origin: 'https://a.wild.com:8443' }, 200);
    await becomes({ referer: 'http://evil.com/x' }, 403);
    await becomes({}, 200);
    await allow('{}');
    await becomes({ origin: 'http://valid.com' }, 403);
    await becomes({}, 200);
    await allow('{*}');
    await becomes({ origin: 'http://anything.example' }, 200);
  });
});

describe('bodies', () => {
  for (const first of Object.keys(encoders)) {
    for (const second of [undefined, ...Object.keys(encoders)]) {
      const names = [first, second].filter(Boolean).join(', ');
      test(names, async () => {
        const event = EVENT();
        let body = encoders[first](Buffer.from(JSON.stringify(event)));
        if (second) body = encoders[second](body);
        const answer = await store({ ...auth(), 'content-encoding': names }, `${U}/store/`, body);
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.json.id, event.event_id);
      });
    }
  }
  const rows = [
    ['encoding ""', 200, { 'content-encoding': '' }],
    ['encoding identity', 200, { 'content-encoding': 'identity' }],
    ['encoding UTF-8', 200, { 'content-encoding': 'UTF-8' }],
    ['an unknown encoding', 415, { 'content-encoding': 'this-does-not-exist' }],
    ['gzip of nothing', 400, { 'content-encoding': 'gzip' }, ''],
    ['an empty body', 400, {}, '', 'empty request body'],
    ['a brace alone', 400, {}, '{', /^invalid JSON data/],
    ['a bad event id', 400, {}, '{"event_id":"zz"}'],
    ['more than 1 MiB', 413, {}, JSON.stringify({ message: 'x'.repeat(1024 * 1024) })],
    ['base64 of zlib, as raven-node sends', 200, {}, deflateSync(Buffer.from('{"message":"packed"}')).toString('base64')],
    ['garbage in base64', 400, {}, Buffer.from('garbage').toString('base64'), 'invalid request body'],
    ['NaN from Python', 200, { 'x-sentry-auth': () => `Sentry sentry_key=${K}, sentry_client=sentry-python/1.0` }, '{"extra":{"a":NaN,"b":-Infinity}}'],
  ];
  for (const [words, status, headers, body = '{"message":"hi"}', detail] of rows) {
    test(`${words}: ${status}`, async () => {
      const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'function' ? value() : value]));
      const answer = await store({ ...auth(), ...own }, `${U}/store/`, body);
      assert.equal(answer.status, status, answer.text);
      if (detail) assert.match(answer.json.detail, detail instanceof RegExp ? detail : new RegExp(`^${detail}$`));
    });
  }

  for (const pack of [(text) => text, (text) => Buffer.from(text).toString('base64'), (text) => deflateSync(Buffer.from(text)).toString('base64')]) {
    test(`GET with sentry_data ${pack('{}')}`, async () => {
      const event = EVENT();
      const query = new URLSearchParams({ sentry_data: pack(JSON.stringify(event)), sentry_key: K });
      const answer = await ask(`${U}/store/?${query}`, { method: 'GET' });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers.get('content-type'), 'image/gif');
      assert.equal(answer.bytes.length, 43);
      await stored(event.event_id);
    });
  }
});

describe('what nginx cannot pass on', () => {
  test('an event of 48 KiB in the query is not among it', async () => {
    const id = eventId();
    const data = JSON.stringify({ event_id: id, message: 'long', extra: { text: 'x'.repeat(48 << 10) } });
    const answer = await ask(`${U}/store/?sentry_key=${K}&sentry_data=${encodeURIComponent(data)}`, { method: 'GET' });
    assert.equal(answer.status, 200, answer.text);
    await stored(id);
  });

  test('a body for which the disk has no room is refused as by the programs', async () => {
    const folder = join(vedette.dir, 'data/nginx/body');
    const { mode } = statSync(folder);
    chmodSync(folder, 0);
    const body = JSON.stringify({ message: 'x'.repeat(512 << 10) });
    const answer = await ask(`${U}/store/`, { headers: auth(), body });
    chmodSync(folder, mode);
    assert.deepEqual([answer.status, answer.json], [503, { detail: 'the service is overloaded' }]);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal((await ask(`${U}/store/`, { headers: auth(), body })).status, 200);
  });
});

describe('envelopes', () => {
  const head = (id = eventId()) => JSON.stringify({ event_id: id });

  test('with and without length', async () => {
    for (const header of ['{"type":"event"}', '{"type":"event","length":15}']) {
      const id = eventId();
      const answer = await raw(`${head(id)}\n${header}\n{"message":"a"}\n`);
      assert.deepEqual([answer.status, answer.json], [200, { id }], answer.text);
      await stored(id);
    }
  });

  test('the header has the last word on the id', async () => {
    const [a, b] = [eventId(), eventId()];
    const answer = await envelope({ event_id: a }, [[{ type: 'event' }, { event_id: b, message: 'x' }]]);
    assert.equal(answer.json.id, a);
    await stored(a);
    assert.deepEqual(await vedette.sql(`select 1 as x from event where event_id = '${b}'`), []);
  });

  test('an event without any id gets one', async () => {
    const answer = await raw('{}\n{"type":"event"}\n{"message":"x"}\n');
    assert.match(answer.json.id, /^[0-9a-f]{32}$/);
    await stored(answer.json.id);
  });

  test('a header alone', async () => {
    const answer = await raw('{}\n');
    assert.deepEqual([answer.status, answer.json], [200, {}]);
  });

  const broken = [
    ['no header', '', /missing envelope header/],
    ['a length past the end', `${head()}\n{"type":"event","length":100}\n{}`, /unexpected end of file/],
    ['a length before the end', `${head()}\n{"type":"event","length":2}\n{}x\n`, /missing newline/],
    ['an item without type', `${head()}\n{"length":2}\n{}\n`, /invalid item header/],
    ['sent_at that is no date', '{"sent_at":"yesterday"}\n', /./],
    ['white space after the last item', `${head()}\n{"type":"event"}\n{}\n\n\n`, /unexpected end of file/],
  ];
  for (const [words, body, cause] of broken) {
    test(`${words}: 400`, async () => {
      const answer = await raw(body);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.detail, 'invalid event envelope');
      assert.match(answer.json.causes.join(), cause);
    });
  }

  test('new lines inside a payload of known length', async () => {
    for (const end of ['\n', '\r\n']) {
      const id = eventId();
      const event = `{${end}"message":${end}"lines"${end}}`;
      await raw(`${head(id)}\n{"type":"event","length":${event.length}}\n${event}`);
      assert.equal((await stored(id)).title, 'lines');
    }
  });

  test('unknown keys, unknown items, empty items, garbage in trace: ignored', async () => {
    const id = eventId();
    const answer = await raw(
      `{"event_id":"${id}","new":1,"trace":"garbage"}\n{"type":"from_the_future"}\nx\n{"type":"attachment","length":0}\n\n{"type":"event","new":1}\n{"message":"still here"}\n`,
    );
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await stored(id)).title, 'still here');
  });

  test('two events are too many, and an event over 1 MiB is too large', async () => {
    const two = await envelope({ event_id: eventId() }, [[{ type: 'event' }, {}], [{ type: 'event' }, {}]]);
    assert.equal(two.status, 413, two.text);
    const large = await envelope({ event_id: eventId() }, [[{ type: 'event' }, { message: 'x'.repeat(1024 * 1024) }]]);
    assert.equal(large.status, 413);
    assert.equal(large.json.detail, "envelope exceeded size limits for type 'event' (https://develop.sentry.dev/sdk/envelopes/#size-limits)");
  });

  test('a broken payload is no HTTP error; it is counted', async () => {
    const count = async () => {
      const [row] = await vedette.sql("select coalesce(sum(quantity), 0)::int as n from outcome_hour where outcome = 3 and reason = 'invalid_json'");
      return row.n;
    };
    const before = await count();
    const answer = await raw(`${head()}\n{"type":"event"}\n{"oops":\n`);
    assert.equal(answer.status, 200);
    await until(async () => (await count()) > before, { seconds: 30, what: 'that the outcome is counted' });
  });

  test('a type that the payload claims is inferred anew', async () => {
    const [a, b] = [eventId(), eventId()];
    await envelope({ event_id: a }, [[{ type: 'event' }, { type: 'transaction', exception: [{ type: 'E', value: 'x' }] }]]);
    await envelope({ event_id: b }, [[{ type: 'event' }, { type: 'transaction' }]]);
    assert.equal((await stored(a)).type, 'error');
    assert.equal((await stored(b)).type, 'default');
  });

  test('spans and logs of OpenTelemetry are kept beside an event', async () => {
    const id = eventId();
    const trace = eventId();
    const now = Date.now();
    const nano = (milliseconds) => `${milliseconds}000000`;
    const answer = await envelope({ event_id: id }, [
      [{ type: 'event' }, { message: 'with company' }],
      [{ type: 'otel_span' }, { traceId: trace, spanId: 'aaaaaaaaaaaaaaaa', name: 'GET /', startTimeUnixNano: nano(now - 10), endTimeUnixNano: nano(now) }],
      [{ type: 'otel_log' }, { traceId: trace, timeUnixNano: nano(now), severityText: 'info', body: { stringValue: 'said' } }],
    ]);
    assert.equal(answer.status, 200, answer.text);
    await stored(id);
    const kept = () => vedette.sql(`select description as text from span where trace_id = '${trace}' union all select body from log where trace_id = '${trace}'`);
    await until(async () => (await kept()).length === 2, { what: 'that two items are kept' });
    assert.deepEqual((await kept()).map(({ text }) => text).sort(), ['GET /', 'said']);
  });

  for (const type of ['application/x-sentry-envelope', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', undefined]) {
    test(`as ${type}`, async () => {
      const id = eventId();
      const bytes = envelopeBytes({ event_id: id }, [[{ type: 'event' }, { message: 'typed' }]]);
      const answer = await ask(`${U}/envelope/`, { headers: { ...auth(), ...(type ? { 'content-type': type } : {}) }, body: bytes });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.id, id);
    });
  }

  test('the same id twice is one event and one duplicate', async () => {
    const id = eventId();
    const send = () => envelope({ event_id: id }, [[{ type: 'event' }, { message: 'twice' }]]);
    assert.equal((await send()).status, 200);
    await stored(id);
    const duplicates = async () => (await vedette.sql('select coalesce(sum(quantity), 0)::int as n from outcome_day where outcome = 7'))[0].n;
    const before = await duplicates();
    assert.equal((await send()).status, 200);
    await until(async () => (await duplicates()) > before, { seconds: 30, what: 'that the duplicate is counted' });
    await stored(id);
  });

  test('the address of the sender is what the nearest trusted proxy says', async () => {
    const rows = [
      [{ 'x-forwarded-for': '1.2.3.4' }, '1.2.3.4'],
      [{ 'x-forwarded-for': '6.6.6.6, 1.2.3.4' }, '1.2.3.4'],
    ];
    for (const [headers, address] of rows) {
      const id = eventId();
      await envelope({ event_id: id }, [[{ type: 'event' }, { message: 'where', user: { ip_address: '{{auto}}' } }]], { ...auth(), ...headers });
      await stored(id);
      assert.equal((await payload(id)).user.ip_address, address);
    }
  });
});

test('health', async () => {
  for (const which of ['live', 'ready']) {
    const answer = await ask(`/api/relay/healthcheck/${which}/`, { method: 'GET' });
    assert.deepEqual([answer.status, answer.json], [200, { is_healthy: true }]);
  }
});
