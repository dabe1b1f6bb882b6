// The disk of the event log is full: SDKs are told 503, nothing that was answered 200 is lost, and the service goes on
// as soon as there is room.  The log lies on 64 MiB of memory that only the instance's processes see.
import assert from 'node:assert/strict';
import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, startInstance, until } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const DISK_MIB = 64;
const LEFT_MIB = 16;
const EVENT_BYTES = 16 * 1024;
const MIB = 1024 * 1024;
const skip = process.getuid() === 0 ? false : 'only root may mount a file system';

/** Starts the instance where its log has a disk of its own; how the test reaches that. */
async function startOnSmallDisk(vedette) {
  const log = join(vedette.dir, 'data/log');
  const mount = `mkdir -p "$0" && mount -t tmpfs -o size=${DISK_MIB}m tmpfs "$0" && exec "$@"`;
  await run('unshare', ['--mount', 'sh', '-c', mount, log, join(vedette.dir, 'lib/scripts/start.sh')], vedette.environment);
  return join(`/proc/${vedette.pid('worker')}/root`, log);
}

function fill(file) {
  for (let piece = Buffer.alloc(MIB); piece.length > 0; )
    try {
      appendFileSync(file, piece);
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
      piece = piece.subarray(0, Math.floor(piece.length / 2));
    }
}

test('a full disk refuses, loses nothing, and serves again', { skip }, async (t) => {
  const vedette = await startInstance({ start: false });
  t.after(() => vedette.stop());
  const filler = join(await startOnSmallDisk(vedette), 'filler');
  const load = startLoad(vedette, { count: Number.POSITIVE_INFINITY, rate: 300, extra: { padding: 'x'.repeat(EVENT_BYTES) } });
  t.after(() => load.stop());
  await until(() => load.accepted > 300, { seconds: 60, what: 'that requests are accepted' });
  assert.deepEqual(load.refused, {});

  fill(filler);
  await until(() => load.refused[503] > 50, { seconds: 60, what: 'that requests are refused' });
  const answer = await vedette.post('{"message":"too much"}', { endpoint: 'store' });
  assert.equal(answer.status, 503);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  assert.equal((await vedette.api('/organizations/vedette/issues/?limit=5')).status, 200);
  const during = load.accepted;

  // From here on the log itself fills the disk again and again: what is consumed must make room.
  truncateSync(filler, (DISK_MIB - LEFT_MIB) * MIB);
  const enough = during + Math.ceil((2 * LEFT_MIB * MIB) / EVENT_BYTES);
  await until(() => load.accepted > enough, { seconds: 180, what: `that ${2 * LEFT_MIB} MiB pass through a disk of ${LEFT_MIB}` });
  load.stop();
  await load.done;
  assert.deepEqual(Object.keys(load.refused), ['503']);
  const { stored, accepted } = await checkBooks(vedette, load);
  t.diagnostic(`${accepted} accepted, ${during} of them until the disk was full, ${load.refused[503]} refused, ${stored} rows stored`);
});
