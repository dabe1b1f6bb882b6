// nginx in front of the programs: which request reaches whom, what it adds, what it answers by itself.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startInstance, until } from '../harness/instance.mjs';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** A request as it is, for what fetch would mend: encodings, lengths, methods. */
function raw(vedette, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port: vedette.port, path, method, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }));
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

describe('nginx', () => {
  let vedette;
  before(async () => {
    vedette = await startInstance({ settings: { trusted_proxies: '127.0.0.1' } });
  });
  after(() => vedette.stop());

  for (const path of ['/', '/index.html', '/issues/7/', '/a/page/that/no/server/knows']) {
    test(`${path} is the app's page, under its policy`, async () => {
      const answer = await raw(vedette, path);
      assert.equal(answer.status, 200);
      assert.match(answer.body, /<!doctype html>/i);
      assert.equal(answer.headers['content-security-policy'], CSP);
      assert.equal(answer.headers['cache-control'], 'no-cache');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.equal(answer.headers['referrer-policy'], 'same-origin');
      assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin');
      assert.match(answer.headers['permissions-policy'], /camera=\(\).*publickey-credentials-get=\(self\)/);
    });
  }

  test('assets are immutable and come compressed', async () => {
    const assets = join(vedette.dir, 'lib/app/assets');
    const script = readdirSync(assets).find((name) => name.endsWith('.js') && statSync(join(assets, name)).size > 20_000);
    for (const [accepted, encoding] of [['br', 'br'], ['gzip', 'gzip'], ['identity', undefined]]) {
      const answer = await raw(vedette, `/assets/${script}`, { headers: { 'accept-encoding': accepted } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(answer.headers['content-encoding'], encoding);
    }
  });

  test('an asset that is gone is not the page, and nobody keeps that', async () => {
    const answer = await raw(vedette, '/assets/gone-12345678.js');
    assert.equal(answer.status, 404);
    assert.doesNotMatch(answer.headers['cache-control'] ?? '', /immutable/);
  });

  test('source maps are not served', () => {
    const names = readdirSync(join(vedette.dir, 'lib/app/assets'));
    assert.deepEqual(names.filter((name) => name.includes('.map')), []);
  });

  const routing = [
    ['/api/0/', 'api'],
    ['/api/0/does-not-exist/', 'api'],
    ['/api/relay/healthcheck/live/', 'ingest'],
    ['/api/1/envelope/', 'ingest'],
    ['/api/abc/store/', 'ingest'],
    ['/api/store/', 'ingest'],
    ['//api//1//store/', 'ingest'],
  ];
  for (const [path, program] of routing) {
    test(`${path} reaches ${program}`, async () => {
      const answer = await raw(vedette, path, { method: path.includes('/store/') || path.includes('/envelope/') ? 'POST' : 'GET' });
      // Only the SDK protocol opens itself to every origin.
      assert.equal(answer.headers['access-control-allow-origin'], program === 'ingest' ? '*' : undefined);
      assert.match(answer.headers['content-type'] ?? 'application/json', /^application\/json/);
    });
  }

  test('a body over the limit is refused as the protocol says', async () => {
    const answer = await raw(vedette, '/api/1/envelope/', { method: 'POST', headers: { 'content-length': String(201 * 1024 * 1024) } }).catch(
      (error) => error,
    );
    assert.equal(answer.status, 413);
    assert.equal(answer.body, '{"detail":"length limit exceeded"}');
    assert.equal(answer.headers['access-control-allow-origin'], '*');
  });

  test('a body over the limit of the web API is refused in its shape', async () => {
    const answer = await raw(vedette, '/api/0/auth/login/', { method: 'POST', headers: { 'content-length': String(3 * 1024 * 1024) } });
    assert.equal(answer.status, 413);
    assert.equal(typeof JSON.parse(answer.body).detail, 'string');
  });

  test('answers of the web API are compressed when they are worth it', async () => {
    const answer = await raw(vedette, '/api/0/organizations/vedette/', {
      headers: { 'accept-encoding': 'gzip', authorization: `Bearer ${vedette.credentials.token}` },
    });
    assert.ok(answer.status === 200 ? answer.headers['content-encoding'] === 'gzip' : answer.status < 500);
  });

  test('while a daemon is down it answers 503 in JSON, and it recovers', async () => {
    await vedette.halt('ingest', 'api');
    const api = await raw(vedette, '/api/0/');
    assert.equal(api.status, 503);
    assert.equal(typeof JSON.parse(api.body).detail, 'string');
    assert.ok(Number(api.headers['retry-after']) > 0);
    const ingest = await raw(vedette, '/api/1/envelope/', { method: 'POST' });
    assert.equal(ingest.status, 503);
    assert.equal(ingest.headers['access-control-allow-origin'], '*');
    assert.match(ingest.headers['access-control-expose-headers'], /retry-after/);
    assert.equal((await raw(vedette, '/')).status, 200);
    await vedette.start('ingest', 'api');
    await until(async () => (await vedette.api('/')).status === 200);
    await until(async () => (await raw(vedette, '/api/relay/healthcheck/ready/')).status === 200);
  });
});
