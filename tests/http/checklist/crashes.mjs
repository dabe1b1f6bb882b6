// Crash reports: minidumps, Unreal, PlayStation.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync, inflateSync, zstdCompressSync } from 'node:zlib';
import { eventId } from '../../harness/instance.mjs';
import { shared } from '../shared.mjs';
import { form, packed } from './bodies.mjs';
import { ANY, has, like, matches, pairs } from './expect.mjs';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const sample = (name) => readFileSync(join(shared, 'data/ingest/native', name));
const DUMP = Buffer.from('MDMP content');
const OCTETS = 'application/octet-stream';

const dumpPart = (bytes = DUMP, filename = 'minidump.dmp') => ({ name: 'upload_file_minidump', filename, bytes, type: OCTETS });

const minidump = (c, parts, project = c.main) => {
  const { headers, body } = form(parts);
  return c.ask(`${c.path('minidump', project)}?sentry_key=${project.key}`, { headers, body });
};

const rawDump = (c, body, type) => c.ask(`${c.path('minidump')}?sentry_key=${c.main.key}`, { headers: { 'content-type': type }, body });

/** The id in the answer to a crash report. */
function idOf(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['content-type'], /^text\/plain/);
  assert.match(answer.text, UUID);
  return answer.text.replaceAll('-', '');
}

/** The stored event of a dump with these parts beside it. */
async function becomes(c, parts, dump) {
  const id = idOf(await minidump(c, [dumpPart(dump), ...parts]));
  return { id, event: await c.event(id) };
}

const attachmentsOf = (c, id, check, project = c.main) => c.untilApi(`events/${id}/attachments/`, check, { project });
const field = (name, value) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) });

/** An entry whose dump is refused. */
const refused = (id, words, detail, send) => [
  id,
  `${words}: 400`,
  async (c) => {
    const answer = await send(c);
    assert.equal(answer.status, 400, answer.text);
    if (detail) assert.equal(answer.json.detail, detail);
  },
];

/** An entry whose form field tells who the user is. */
const userOf = (id, words, fields) => [
  id,
  words,
  async (c) => {
    const sent = eventId();
    const { id: answered, event } = await becomes(c, fields(sent));
    assert.equal(answered, sent);
    like(event, { user: { id: '123' } });
  },
];

const forms = [
  [
    119,
    'a dump in a form: its id, and the dump as attachment',
    async (c) => {
      const id = idOf(await minidump(c, [dumpPart()]));
      await c.stored(id);
      await attachmentsOf(c, id, (list) => like(list, has({ type: 'event.minidump', size: DUMP.length })));
    },
  ],
  [
    120,
    'an event and breadcrumbs in MessagePack',
    async (c) => {
      const sent = eventId();
      const { id, event } = await becomes(c, [
        { name: '__sentry-event', filename: '__sentry-event', bytes: packed({ event_id: sent, user: { id: 123 } }), type: OCTETS },
        {
          name: '__sentry-breadcrumb1',
          filename: '__sentry-breadcrumb1',
          bytes: packed({ message: 'A', timestamp: new Date().toISOString() }),
          type: OCTETS,
        },
      ]);
      assert.equal(id, sent);
      like(event, { user: { id: '123' }, breadcrumbs: { values: [{ message: 'A' }] } });
    },
  ],
  userOf(121, 'an event in fields of their own', (id) => [field('sentry[event_id]', id), field('sentry[user][id]', '123')]),
  userOf(122, 'an event in the field sentry', (id) => [field('sentry', { event_id: id, user: { id: '123' } })]),
  userOf(123, 'an event in a field of a name space', (id) => [field('sentry___global', { event_id: id, user: { id: '123' } })]),
  [
    124,
    'an event in pieces: all but its id',
    async (c) => {
      const sent = eventId();
      const text = JSON.stringify({ event_id: sent, user: { id: '123' } });
      const { id, event } = await becomes(c, [field('sentry__1', text.slice(0, 20)), field('sentry__2', text.slice(20))]);
      assert.notEqual(id, sent);
      like(event, { user: { id: '123' } });
    },
  ],
  [
    125,
    'an event that is not JSON: the dump is taken',
    async (c) => {
      await c.stored(idOf(await minidump(c, [dumpPart(), field('sentry', '{{{{')])));
    },
  ],
  refused(126, 'a dump without its mark', 'invalid minidump', (c) => minidump(c, [dumpPart(Buffer.from('content'))])),
  refused(127, 'a dump under another name', 'missing minidump', (c) => minidump(c, [{ ...dumpPart(), name: 'some_file' }])),
  [
    128,
    'a dump as body',
    async (c) => {
      for (const type of ['application/x-dmp', OCTETS]) await c.stored(idOf(await rawDump(c, DUMP, type)));
    },
  ],
  [
    129,
    'a form inside the form',
    async (c) => {
      const id = idOf(await minidump(c, [dumpPart(sample('electron_simple.dmp'))]));
      await attachmentsOf(c, id, (list) => like(list, has({ type: 'event.minidump', size: 'MDMP00000-317792f80000 rw-p 00000000 00:00 0'.length })));
    },
  ],
  refused(130, 'a form inside the form without a dump', undefined, (c) => minidump(c, [dumpPart(sample('bad_electron_simple.dmp'))])),
  [
    131,
    'a dump packed in gzip, xz, bzip2, zstd',
    async (c) => {
      const tool = (name) => (bytes) => execFileSync(name, ['-c'], { input: bytes });
      const packers = { gz: gzipSync, xz: tool('xz'), bz2: tool('bzip2'), zst: zstdCompressSync };
      for (const [ending, pack] of Object.entries(packers)) {
        const id = idOf(await minidump(c, [dumpPart(pack(DUMP), `x.dmp.${ending}`)]));
        await c.stored(id);
        await attachmentsOf(c, id, (list) => like(list, has({ name: 'x.dmp', size: DUMP.length })));
      }
    },
  ],
  [
    136,
    'other fields are extra',
    async (c) => {
      const { event } = await becomes(c, [field('foo', 'bar')]);
      like(event, { extra: { foo: 'bar' } });
    },
  ],
];

/** A real dump that says it was written at this second. */
function dumpOf(second) {
  const bytes = Buffer.from(readFileSync(join(shared, 'data/grouping/native/windows.dmp')));
  bytes.writeUInt32LE(second, 20);
  return bytes;
}

const dumps = [
  [
    132,
    'what a real dump tells',
    async (c) => {
      const second = Math.floor(Date.now() / 1000) - 86400;
      const { event } = await becomes(c, [], dumpOf(second));
      like(event, {
        platform: 'native',
        timestamp: second,
        // Relay's sample is another dump, which names no client; this one was written by Breakpad.
        sdk: { name: 'minidump.breakpad' },
        exception: { values: [{ mechanism: { type: 'minidump' } }] },
      });
    },
  ],
  [
    133,
    'a dump that nobody can read: its event and the dump',
    async (c) => {
      const { id, event } = await becomes(c, [], Buffer.from('MDMP and no more'));
      like(event, { exception: { values: [{ mechanism: { type: 'minidump' } }] } });
      await attachmentsOf(c, id, (list) => like(list, has({ type: 'event.minidump' })));
    },
  ],
  [
    135,
    "crashpad's annotations are contexts",
    async (c) => {
      const { event } = await becomes(c, [], sample('annotations.dmp'));
      like(event, { contexts: { crashpad: { hello: 'world' } } });
      assert.ok(
        Object.keys(event.contexts).some((name) => /dyld/.test(name)),
        Object.keys(event.contexts).join(),
      );
    },
  ],
];

const USER = 'ebff51ef3c4878627823eebd9ff40eb4|2e7d369327054a448be6c8d3601213cb|C52DC39D-DAF3-5E36-A8D3-BF5F53A5D38F';
const unreal = (c, body, query = '', project = c.main) =>
  c.ask(`/api/${project.id}/unreal/${project.key}/${query}`, { headers: { 'content-type': OCTETS }, body });

const ENVELOPE_MAX = 200 * 1024 * 1024;
/** Names in an Unreal crash take so many bytes, after their length. */
const NAME_BYTES = 260;

/**
 * An Unreal crash with a further file.  Unpacked it is: two names, its size, the number of files; then a number, a name
 * and bytes of each file.  Numbers are of 32 bits.
 */
function withFile(crash, bytes) {
  const unpacked = inflateSync(crash);
  const counts = 2 * (4 + NAME_BYTES);
  const files = unpacked.readInt32LE(counts + 4);
  const head = Buffer.alloc(4 + 4 + NAME_BYTES + 4);
  head.writeInt32LE(files, 0);
  head.writeInt32LE(NAME_BYTES, 4);
  head.write('more.bin', 8);
  head.writeInt32LE(bytes.length, 8 + NAME_BYTES);
  const whole = Buffer.concat([unpacked, head, bytes]);
  whole.writeInt32LE(whole.length, counts);
  whole.writeInt32LE(files + 1, counts + 4);
  return deflateSync(whole, { level: 1 });
}

const engines = [
  [
    137,
    'an Unreal crash',
    async (c) => {
      const id = idOf(await unreal(c, sample('unreal_crash'), `?UserID=${encodeURIComponent(USER)}`));
      const [login, epic, machine] = USER.split('|');
      like(await c.event(id), {
        user: { id: login },
        tags: pairs({ epic_account_id: epic, machine_id: machine }),
        contexts: { unreal: {}, gpu: {}, os: {} },
      });
      await attachmentsOf(c, id, (list) => {
        for (const type of ['event.minidump', 'unreal.context', 'unreal.logs']) like(list, has({ type }));
      });
    },
  ],
  [
    138,
    "an Unreal crash on Apple's systems",
    async (c) => {
      const id = idOf(await unreal(c, sample('unreal_crash_apple')));
      like(await c.event(id), { exception: { values: [{ mechanism: { type: 'applecrashreport' } }] } });
      await attachmentsOf(c, id, (list) => like(list, has({ type: 'event.applecrashreport' })));
    },
  ],
  [
    139,
    'an Unreal crash of nothing: 400; of garbage: counted',
    async (c) => {
      assert.equal((await unreal(c, '')).status, 400);
      const project = await c.project();
      assert.equal((await unreal(c, 'garbage', '', project)).status, 200);
      await c.countedOne(project, ['error', 'invalid', 'process_unreal', 1]);
    },
  ],
  [
    140,
    'an Unreal crash that opens to more than an envelope may hold',
    async (c) => {
      const project = await c.project();
      const body = withFile(sample('unreal_crash'), Buffer.alloc(ENVELOPE_MAX));
      const answer = await c.askLarge(`/api/${project.id}/unreal/${project.key}/`, { headers: { 'content-type': OCTETS }, body });
      assert.ok([200, 413].includes(answer.status), answer.text);
      await c.countedOne(project, [ANY, 'invalid', matches(/^too_large/), ANY]);
      await c.nothingStored(project);
    },
  ],
  [
    141,
    'a PlayStation form without dump: 400',
    async (c) => {
      const playstation = (parts) => {
        const { headers, body } = form(parts);
        return c.ask(`${c.path('playstation')}?sentry_key=${c.main.key}`, { headers, body });
      };
      const dump = (bytes) => ({ name: 'file', filename: 'core.prosperodmp', bytes: Buffer.from(bytes, 'latin1'), type: OCTETS });
      const missing = await playstation([field('foo', 'bar')]);
      assert.deepEqual([missing.status, missing.json?.detail], [400, 'missing prosperodump']);
      const invalid = await playstation([dump('MDMP content')]);
      assert.deepEqual([invalid.status, invalid.json?.detail], [400, 'invalid prosperodump']);
      const id = idOf(await playstation([dump('\x7fELF content'), field('sentry', { release: 'game@1' })]));
      like(await c.event(id), { platform: 'native', release: 'game@1', exception: { values: [{ mechanism: { type: 'prosperodump' } }] } });
      await attachmentsOf(c, id, (list) => like(list, has({ type: 'playstation.prosperodump', name: 'core.prosperodmp' })));
    },
  ],
  [
    142,
    "a PlayStation's question what to upload",
    async (c) => {
      const headers = { 'content-type': 'application/vnd.sce.crs.datareq-request+json' };
      const answer = await c.ask(`${c.path('playstation')}?sentry_key=${c.main.key}`, { headers, body: '{}' });
      assert.deepEqual([answer.status, answer.json], [200, { parts: { upload: ['corefile', 'screenshot'] } }]);
    },
  ],
];

export const crashes = [...forms, ...dumps, ...engines];
