// What arrives by other addresses than an SDK's, through the real nginx: check-ins by URL, OpenTelemetry, what people say
// about a crash, the loader script and its SDK.  That something was kept, the event log itself shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { absent, shared } from './shared.mjs';

let vedette;
let K;
let U;
before(async () => {
  vedette = await startInstance();
  K = vedette.key;
  U = `/api/${vedette.projectId}`;
});
after(() => vedette?.stop());

async function ask(path, { method = 'POST', headers = {}, body } = {}) {
  const answer = await vedette.fetch(path, { method, headers, body });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

/** A captured request, with this instance's key and project: {method, path, headers, body}. */
function captured(name) {
  const path = join(shared, 'data/corpus/dev', name);
  const meta = JSON.parse(readFileSync(`${path}.meta.json`, 'utf8'));
  const ours = (value) => value.replaceAll(/[0-9a-f]{32}(?=@|\/|$)/g, K);
  const kept = /^(content-type|authorization|x-sentry-auth|accept)$/i;
  const headers = Object.fromEntries(meta.headers.filter(([header]) => kept.test(header)));
  for (const header of Object.keys(headers)) headers[header] = ours(headers[header]);
  return { method: meta.method, path: ours(meta.path), headers, body: meta.body_bytes ? readFileSync(`${path}.body`) : undefined };
}

describe('check-ins by URL', () => {
  test('curl with the key in the path', { skip: absent }, async () => {
    for (const number of ['0001', '0002', '0003', '0004']) {
      const { path, ...init } = captured(`curl/cron-checkins/${number}`);
      const answer = await ask(path.replace('/api/1/', `${U}/`), init);
      assert.equal(answer.status, 202, answer.text);
    }
    assert.ok(vedette.isKept('"duration":12.5,"monitor_slug":"nightly"'));
    assert.ok(vedette.isKept('"status":"in_progress","monitor_slug":"upserted"'));
  });

  test('the key in the query, in a header, nowhere', async () => {
    const slug = `job-${eventId().slice(0, 8)}`;
    assert.equal((await ask(`${U}/cron/${slug}/?status=ok&sentry_key=${K}`, { method: 'GET' })).status, 202);
    assert.equal((await ask(`${U}/cron/${slug}?status=ok`, { headers: { authorization: `Basic ${btoa(`${K}:`)}` } })).status, 202);
    const answer = await ask(`${U}/cron/${slug}?status=ok`);
    assert.deepEqual([answer.status, answer.json.detail], [401, 'missing authorization information']);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.ok(vedette.isKept(slug));
  });
});

describe('OpenTelemetry', () => {
  const auth = () => ({ 'x-sentry-auth': `sentry sentry_key=${K}` });
  const span = (name) => ({ resourceSpans: [{ scopeSpans: [{ spans: [{ name, traceId: eventId(), spanId: eventId().slice(16) }] }] }] });
  const traces = `/integration/otlp/v1/traces`;

  test('what an exporter sends', { skip: absent }, async () => {
    for (const name of ['otlp-traces-json', 'otlp-logs-proto']) {
      const { path, ...init } = captured(`opentelemetry-js/${name}/0001`);
      const answer = await ask(path.replace('/api/2/', `${U}/`), { ...init, headers: { ...init.headers, ...auth() } });
      assert.equal(answer.status, 202, answer.text);
    }
    assert.ok(vedette.isKept('"resource.service.name":{"type":"string","value":"shop-otel"}'));
    assert.ok(vedette.isKept('"body":"order placed"'));
  });

  test('gzip, both addresses', async () => {
    for (const path of [traces, '/otlp/v1/traces']) {
      const name = `zipped ${eventId()}`;
      const headers = { ...auth(), 'content-type': 'application/json', 'content-encoding': 'gzip' };
      assert.equal((await ask(U + path, { headers, body: gzipSync(JSON.stringify(span(name))) })).status, 202);
      assert.ok(vedette.isKept(name), path);
    }
  });

  test('refusals', async () => {
    const json = { ...auth(), 'content-type': 'application/json' };
    const rows = [
      [415, traces, { ...auth(), 'content-type': 'text/plain' }, '{}'],
      [400, traces, json, '{'],
      [400, traces, { ...auth(), 'content-type': 'application/x-protobuf' }, '\x0a\x7f'],
      [401, traces, { 'content-type': 'application/json' }, '{}'],
      [403, traces, { ...json, 'x-sentry-auth': `sentry sentry_key=${'e'.repeat(32)}` }, '{}'],
      [404, '/integration/otlp/v1/metrics', json, '{}'],
      [413, traces, json, JSON.stringify({ pad: 'x'.repeat(13 << 20) })],
    ];
    for (const [status, path, headers, body] of rows)
      assert.equal((await ask(U + path, { headers, body })).status, status, `${status}: ${body.slice(0, 20)}`);
  });

  test('more than a container holds', async () => {
    const body = span('first');
    const last = `last ${eventId()}`;
    const names = Array.from({ length: 3000 }, (_, at) => (at === 2999 ? last : `number ${at}`));
    body.resourceSpans[0].scopeSpans[0].spans = names.map((name) => ({ name }));
    const headers = { ...auth(), 'content-type': 'application/json' };
    assert.equal((await ask(U + traces, { headers, body: JSON.stringify(body) })).status, 202);
    assert.ok(vedette.isKept(last));
  });

  test('logs of the same moment, more than a container holds', async () => {
    const trace = eventId();
    const record = { traceId: trace, timeUnixNano: `${Date.now()}000000`, body: { stringValue: 'at once' } };
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: Array.from({ length: 2500 }, () => record) }] }] };
    const headers = { ...auth(), 'content-type': 'application/json' };
    assert.equal((await ask(`${U}/integration/otlp/v1/logs`, { headers, body: JSON.stringify(body) })).status, 202);
    const count = async () => (await vedette.sql(`select count(*)::int as n from log where trace_id = '${trace}'`))[0].n;
    await until(async () => (await count()) === 2500, { seconds: 30, what: 'that all logs are stored' });
  });
});

describe('what people say about a crash', () => {
  const dialog = (id = eventId()) => `/api/embed/error-page/?dsn=${encodeURIComponent(vedette.credentials.dsn)}&eventId=${id}`;
  const form = (comments) => new URLSearchParams({ name: 'Ada', email: 'ada@example.com', comments });

  test('the dialog, as an SDK asks for it', { skip: absent }, async () => {
    const { path, headers } = captured('browser-7/report-dialog/0002');
    const asked = path.replace(/dsn=[^&]+/, `dsn=${vedette.credentials.dsn}`);
    const answer = await ask(asked, { method: 'GET', headers });
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers.get('content-type'), /^text\/javascript/);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.match(answer.text, /__sentry_reportdialog_closed__/);
  });

  test('its report', async () => {
    const words = `it broke ${eventId()}`;
    const answer = await ask(dialog(), { body: form(words) });
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    assert.ok(vedette.isKept(words));
    const wrong = await ask(dialog(), { body: form('') });
    assert.deepEqual([wrong.status, wrong.json], [400, { errors: { comments: ['This field is required.'] } }]);
  });

  const path = (project) => `/api/0/projects/${vedette.credentials.organization}/${project}/user-feedback/`;
  const ada = { name: 'Ada', email: 'ada@example.com' };
  const report = (fields = {}) => ({ event_id: eventId(), ...ada, comments: `by api ${eventId()}`, ...fields });
  const send = (authorization, body, project = vedette.credentials.project) =>
    ask(path(project), { headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });

  test('the web API, by DSN into the event log, by token at once', async () => {
    const sent = report();
    const answer = await send(`DSN ${vedette.credentials.dsn}`, sent);
    assert.equal(answer.status, 200, answer.text);
    const { event_id, ...fields } = sent;
    const { id, dateCreated, ...got } = answer.json;
    assert.deepEqual(got, { ...fields, eventID: event_id, user: null, issue: null, event: { id: null, eventID: event_id } });
    assert.ok(id && dateCreated);
    assert.ok(vedette.isKept(sent.comments));
    assert.equal((await send(`Bearer ${vedette.credentials.token}`, report())).status, 200);
  });

  test('the web API refuses', async () => {
    const token = `Bearer ${vedette.credentials.token}`;
    const dsn = `DSN ${vedette.credentials.dsn}`;
    assert.equal((await send(`Bearer sntryu_${'0'.repeat(64)}`, report())).status, 401);
    assert.equal((await send(`DSN http://${'e'.repeat(32)}@localhost/1`, report())).status, 403);
    for (const authorization of [token, dsn]) {
      assert.equal((await send(authorization, report(), 'nothing-of-this-name')).status, 404);
      const answer = await send(authorization, report({ event_id: 'x'.repeat(32) }));
      assert.equal(answer.status, 400);
      assert.deepEqual(Object.keys(answer.json), ['event_id']);
    }
    const { headers } = await vedette.signIn();
    const body = { name: 'reader', scopes: ['project:read'] };
    const reader = await vedette.api('/api-tokens/', { method: 'POST', headers, token: null, body });
    assert.equal((await send(`Bearer ${reader.body.token}`, report())).status, 403);
  });
});

describe('the loader script', () => {
  const loader = (file) => ask(`/js-sdk-loader/${file}`, { method: 'GET' });
  const bundleOf = (text) => /"bundle":"([^"]+)"/.exec(text)[1];

  test('of a key, with headers for caches and other origins', async () => {
    const answer = await loader(`${K}.min.js`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^text\/javascript/);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(
      answer.headers.get('cache-control'),
      'public, max-age=3600, s-maxage=60, stale-while-revalidate=315360000, stale-if-error=315360000',
    );
    assert.ok(answer.text.includes(vedette.credentials.dsn));
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
  });

  test('of a key that is not known', async () => {
    const answer = await loader('unknown.min.js');
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, /sentry_key|dsn/i);
  });

  test('its SDK, from this host, in whatever version an old loader asks for', async () => {
    const bundle = new URL(bundleOf((await loader(`${K}.js`)).text));
    assert.equal(bundle.origin, vedette.url);
    for (const path of [bundle.pathname, bundle.pathname.replace(/\d+\.\d+\.\d+/, '7.0.0')]) {
      const answer = await ask(path, { method: 'GET' });
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get('content-type'), /^(text|application)\/javascript/);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
      assert.match(answer.headers.get('cache-control'), /immutable/);
      assert.match(answer.text, /^(\/\*.*\*\/\n)?var Sentry=/);
    }
    assert.equal((await ask('/js-sdk/11.0.0/nothing.js', { method: 'GET' })).status, 404);
  });

  test('every choice of parts has its bundle', async () => {
    const { organization, project } = vedette.credentials;
    for (let choice = 0; choice < 16; choice++) {
      const [hasPerformance, hasReplay, hasFeedback, hasDebug] = [1, 2, 4, 8].map((bit) => Boolean(choice & bit));
      const wanted = { '.tracing': hasPerformance, '.replay': hasReplay, '.feedback': hasFeedback, '.debug': hasDebug };
      const body = { name: 'loader', dynamicSdkLoaderOptions: { hasPerformance, hasReplay, hasFeedback, hasDebug } };
      const created = await vedette.api(`/projects/${organization}/${project}/keys/`, { method: 'POST', body });
      const { text } = await loader(`${created.body.id}.min.js`);
      const parts = Object.keys(wanted).filter((part) => wanted[part]);
      assert.ok(text.includes(`/bundle${parts.join('')}.min.js`), text.slice(-400));
      assert.equal((await ask(new URL(bundleOf(text)).pathname, { method: 'HEAD' })).status, 200);
    }
  });
});
