// Hostile input: each gets its status, costs no parent its life and no memory past the ceiling, and the events beside it
// are stored.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { eventId, startInstance, until } from '../harness/instance.mjs';

const MIB = 1024 * 1024;
const DEEP = 500_000;
// One envelope may open to 200 MiB (max_envelope_bytes); nothing keeps that memory afterwards.
// A thread sanitizer shadows every byte that was ever used by several of its own.
const SHADOW = process.env.BUILD === 'tsan' ? 12 : 1;
const PEAK_CEILING_MIB = 260 * SHADOW;
const RESTING_CEILING_MIB = 100 * SHADOW;

const header = () => `${JSON.stringify({ event_id: eventId() })}\n`;
const item = (head, payload) => Buffer.concat([Buffer.from(header()), Buffer.from(`${head}\n`), Buffer.from(payload), Buffer.from('\n')]);
const nested = '['.repeat(DEEP) + ']'.repeat(DEEP);

/** 640 frames of 16 MiB zeros each: about 1 MB on the wire, 10 GiB when opened. */
function bomb() {
  const frame = zstdCompressSync(Buffer.alloc(16 * MIB));
  return Buffer.concat(Array(640).fill(frame));
}

const cases = [
  ['a body that is not JSON', 400, () => Buffer.from('not json\n{"type":"event"}\n{}\n')],
  ['500,000 nested brackets as payload', 200, () => item(`{"type":"event","length":${nested.length}}`, nested), {}],
  ['500,000 nested brackets as envelope header', 400, () => Buffer.from(`${nested}\n{"type":"event"}\n{}\n`)],
  ['500,000 nested brackets as item header', 400, () => item(nested, '{}')],
  ['500,000 nested brackets inside the item header', 400, () => item(`{"type":"event","x":${nested}}`, '{}')],
  ['1 MB of zstd that opens to 10 GB', 413, bomb, { 'content-encoding': 'zstd' }],
  ['an envelope header without end', 400, () => Buffer.from(`{"event_id":"${'a'.repeat(10 * MIB)}`)],
  ['a length past the end', 400, () => item('{"type":"event","length":9999}', '{}')],
  ['a negative length', 400, () => item('{"type":"event","length":-1}', '{}')],
  ['a length of 64 bits and more', 400, () => item('{"type":"event","length":18446744073709551616}', '{}')],
  ['a length that cuts the payload', 400, () => item('{"type":"event","length":1}', '{"message":"x"}')],
  ['numbers that overflow 64 bits', 200, () => item('{"type":"event"}', '{"message":"big","timestamp":99999999999999999999999,"level":1e999}')],
  ['bytes that are not UTF-8', 200, () => item('{"type":"event"}', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x22, 0x7d]))],
  ['a NUL in every place', 200, () => item('{"type":"event"}', '{"message":"a\\u0000b","tags":{"c\\u0000":"\\u0000"},"release":"\\u0000"}')],
  ['a gzip body cut short', 400, () => Buffer.from('1f8b0800000000000003ab56', 'hex'), { 'content-encoding': 'gzip' }],
  ['an unknown encoding', 415, () => Buffer.from('x'), { 'content-encoding': 'this-does-not-exist' }],
];

describe('hostile input', () => {
  let vedette;
  let parents;
  before(async () => {
    vedette = await startInstance();
    parents = ['ingest', 'worker', 'api'].map((name) => vedette.pid(name));
  });
  after(() => vedette?.stop());

  /** The most that any ingest or worker process has (VmRSS) or ever had (VmHWM), in MiB. */
  function memory(field) {
    const pids = ['ingest', 'worker'].flatMap((name) => [vedette.pid(name), ...vedette.children(name)]);
    const kib = pids.map((pid) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]));
    return Math.max(...kib) / 1024;
  }

  async function isStored(id) {
    const [{ n }] = await vedette.sql(`select count(*) as n from event where event_id = '${id}'`);
    return n === 1;
  }

  for (const [words, status, body, headers] of cases) {
    test(`${words}: ${status}, and its neighbours are stored`, async () => {
      const before = await vedette.envelope([[{ type: 'event' }, { message: 'before' }]]);
      const answer = await vedette.post(body(), { headers });
      const text = await answer.text();
      const next = await vedette.envelope([[{ type: 'event' }, { message: 'after' }]]);
      assert.equal(answer.status, status, text);
      if (status >= 400) assert.equal(typeof JSON.parse(text).detail, 'string');
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      for (const { id } of [before, next]) await until(() => isStored(id), { what: 'that the neighbour is stored' });
    });
  }

  test('a body of 201 MiB is refused before it is read', async () => {
    const raw = await new Promise((done) => {
      const socket = connect(vedette.port, '127.0.0.1');
      let text = '';
      socket.on('data', (bytes) => (text += bytes)).on('close', () => done(text)).on('error', () => {});
      socket.write(`POST /api/1/envelope/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${201 * MIB}\r\nConnection: close\r\n\r\n`);
    });
    assert.match(raw, /^HTTP\/1\.1 413 /);
  });

  test('a request head without end keeps nobody waiting', async () => {
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connect(vedette.port, '127.0.0.1').on('error', () => {});
      socket.write('POST /api/1/envelope/ HTTP/1.1\r\nHost: x\r\nX-Slow: ');
      return socket;
    });
    const { status, id } = await vedette.envelope([[{ type: 'event' }, { message: 'beside slow heads' }]]);
    assert.equal(status, 200);
    await until(() => isStored(id));
    for (const socket of sockets) socket.destroy();
  });

  test('parents live and memory stays under its ceiling', () => {
    assert.deepEqual(['ingest', 'worker', 'api'].map((name) => vedette.pid(name)), parents);
    assert.ok(memory('VmHWM') < PEAK_CEILING_MIB, `peak ${memory('VmHWM')} MiB`);
    assert.ok(memory('VmRSS') < RESTING_CEILING_MIB, `${memory('VmRSS')} MiB at rest`);
  });
});
