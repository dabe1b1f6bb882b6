// Crash reports from the request to the stored event: small ones in the log, large ones as blobs, packed ones, those that
// nobody can read; and reports of browsers in numbers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { form } from './checklist/bodies.mjs';
import { absent, shared } from './shared.mjs';

const MIB = 1024 * 1024;
const sample = (name) => readFileSync(join(shared, 'data', name));
const dumpPart = (bytes, filename = 'x.dmp') => ({ name: 'upload_file_minidump', filename, bytes, type: 'application/octet-stream' });

let vedette;
before(async () => {
  vedette = await startInstance();
});
after(() => vedette?.stop());

const path = (endpoint) => `/api/${vedette.projectId}/${endpoint}/?sentry_key=${vedette.key}`;
const send = (endpoint, init) => vedette.fetch(path(endpoint), { method: 'POST', ...init });
const upload = (parts) => send('minidump', form(parts));

/** The id in the answer to a crash report. */
async function idOf(answer) {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text.replaceAll('-', '');
}

const payload = (id) =>
  until(
    async () => {
      const { status, body } = await vedette.api(`/projects/vedette/${vedette.credentials.project}/events/${id}/json/`);
      return status === 200 && body;
    },
    { seconds: 30, what: `that event ${id} is stored` },
  );

const files = (id) =>
  vedette.sql(`select type, name, size, blob is not null as is_blob from attachment where event_id = '${id}' order by id`);

describe('dumps', { skip: absent }, () => {
  const linux = () => sample('grouping/native/linux.dmp');

  test('a dump tells its event', async () => {
    const id = await idOf(await upload([dumpPart(linux()), { name: 'sentry[release]', value: 'shop@1' }]));
    const event = await payload(id);
    assert.equal(event.release, 'shop@1');
    assert.equal(event.exception.values[0].type, 'SIGSEGV');
    assert.equal(event.contexts.os.name, 'Linux');
    assert.equal(event.debug_meta.images.length, 8);
    assert.deepEqual(await files(id), [{ type: 'event.minidump', name: 'x.dmp', size: linux().length, is_blob: false }]);
  });

  test('a dump of megabytes is read from its blob', async () => {
    const dump = Buffer.concat([linux(), Buffer.alloc(5 * MIB, 'x')]);
    const sent = eventId();
    const id = await idOf(await upload([dumpPart(dump), { name: 'sentry', value: JSON.stringify({ event_id: sent }) }]));
    assert.equal(id, sent);
    assert.equal((await payload(id)).exception.values[0].type, 'SIGSEGV');
    assert.deepEqual(await files(id), [{ type: 'event.minidump', name: 'x.dmp', size: dump.length, is_blob: true }]);
  });

  test('a dump packed in a form packed in a request', async () => {
    const dump = Buffer.concat([linux(), Buffer.alloc(3 * MIB)]);
    const { headers, body } = form([dumpPart(zstdCompressSync(dump), 'x.dmp.zst')]);
    const answer = await send('minidump', { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) });
    const id = await idOf(answer);
    await payload(id);
    assert.deepEqual(await files(id), [{ type: 'event.minidump', name: 'x.dmp', size: dump.length, is_blob: true }]);
  });

  test('a dump beside an event in an envelope', async () => {
    const { id, status } = await vedette.envelope([
      [{ type: 'event' }, { user: { id: '7' }, level: 'error' }],
      [{ type: 'attachment', attachment_type: 'event.minidump', filename: 'm.dmp' }, linux()],
    ]);
    assert.equal(status, 200);
    const event = await payload(id);
    assert.deepEqual([event.user.id, event.level, event.platform], ['7', 'error', 'native']);
    assert.equal(event.exception.values[0].mechanism.type, 'minidump');
  });

  test('a dump alone in an envelope', async () => {
    const { id } = await vedette.envelope([[{ type: 'attachment', attachment_type: 'event.minidump' }, Buffer.from('MDMP')]]);
    assert.equal((await payload(id)).exception.values[0].value, 'Invalid Minidump');
  });
});

describe('crashes of Unreal Engine', { skip: absent }, () => {
  const crash = (name) =>
    vedette.fetch(`/api/${vedette.projectId}/unreal/${vedette.key}/?UserID=login%7Cepic%7Cmachine`, {
      method: 'POST',
      body: sample(`ingest/native/${name}`),
    });

  test('its files, its event, what the user wrote', async () => {
    const id = await idOf(await crash('unreal_crash_apple'));
    const event = await payload(id);
    assert.equal(event.exception.values[0].mechanism.type, 'applecrashreport');
    assert.equal(event.user.id, 'login');
    assert.equal(event.contexts.unreal.GameName, 'UE4-YetAnotherMac');
    assert.ok(event.breadcrumbs.values.length > 30);
    const types = (await files(id)).map(({ type }) => type).sort();
    assert.deepEqual(types, ['event.applecrashreport', 'event.attachment', 'event.attachment', 'event.attachment', 'unreal.context', 'unreal.logs']);
  });
});

describe('reports of browsers', () => {
  const violation = (number) => ({
    type: 'csp-violation',
    body: { documentURL: 'https://shop.example/', effectiveDirective: 'img-src', blockedURL: `https://a.example/${number}.png` },
  });
  const stored = async (type) => (await vedette.sql(`select count(*)::int as n from event where type = '${type}'`))[0].n;

  test('a hundred in one request are a hundred events', async () => {
    const reports = Array.from({ length: 100 }, (_, number) => violation(number));
    const answer = await send('security', { headers: { 'content-type': 'application/reports+json' }, body: JSON.stringify(reports) });
    assert.deepEqual([answer.status, await answer.text()], [200, '']);
    await until(async () => (await stored('csp')) === 100, { seconds: 30, what: 'that a hundred reports are stored' });
  });

  test('what is filtered out of a list is counted one by one', async () => {
    const body = JSON.stringify([{ type: 'coep' }, { type: 'coep' }, { type: 'deprecation' }]);
    const answer = await send('security', { headers: { 'content-type': 'application/reports+json' }, body });
    assert.equal(answer.status, 200);
    await until(
      async () => {
        const [row] = await vedette.sql("select sum(quantity)::int as n from outcome_hour where reason = 'invalid-csp'");
        return row.n === 3;
      },
      { seconds: 30, what: 'that three reports are counted' },
    );
  });
});
