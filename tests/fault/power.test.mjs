// The power is cut again and again under load: ingest and digest die with -9 under a library that loses, with the
// process, every byte that was not synced, and every new name whose folder was not.  What was answered 200 is there
// afterwards.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { checkout, eventId, sleep, startInstance, until } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const built = resolve(checkout, process.env.OUT ?? 'build', process.env.BUILD ?? 'dev', 'power_loss.so');
const EVENTS = 4000;
const CUTS = 10;

/** Installs an instance whose event log and blobs lie on a disk that forgets. */
async function startOnForgetfulDisk(more = {}) {
  const vedette = await startInstance({ start: false });
  const folder = mkdtempSync(join(tmpdir(), 'vedette-power.'));
  chmodSync(folder, 0o777);
  const journal = join(folder, 'journal');
  writeFileSync(journal, '');
  chmodSync(journal, 0o666);
  // Where the owner of the processes can read it.
  const library = join(folder, 'power_loss.so');
  copyFileSync(built, library);
  chmodSync(library, 0o755);
  Object.assign(vedette.environment, {
    LD_PRELOAD: library,
    VEDETTE_POWER_DIR: ['log', 'blobs'].map((name) => join(vedette.dir, 'data', name)).join(':'),
    VEDETTE_POWER_JOURNAL: journal,
    ...more,
  });
  await vedette.start();
  return { vedette, journal, end: () => rmSync(folder, { recursive: true }) };
}

/** Names that no sync of their folder made last, newest first, are undone. */
function undo(journal) {
  const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean).map((line) => line.split(' '));
  const lasting = new Map();
  lines.forEach(([kind, path], at) => kind === 'S' && lasting.set(path, at));
  let undone = 0;
  for (let at = lines.length - 1; at >= 0; at--) {
    const [kind, from, to = from] = lines[at];
    if (kind === 'S' || (lasting.get(dirname(to)) ?? -1) > at || !existsSync(to)) continue;
    if (kind === 'R') renameSync(to, from);
    else rmSync(to, { recursive: true, force: true });
    undone += 1;
  }
  writeFileSync(journal, '');
  return undone;
}

async function cutPower({ vedette, journal }) {
  for (const pid of ['ingest', 'worker'].flatMap((name) => [vedette.pid(name), ...vedette.children(name)]))
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It died with its parent.
    }
  await sleep(50);
  return undo(journal);
}

test(`${CUTS} power cuts under load lose and double nothing`, async (t) => {
  const disk = await startOnForgetfulDisk();
  const { vedette } = disk;
  const load = startLoad(vedette, { count: EVENTS, rate: 400 });
  let undone = 0;
  for (let cut = 0; cut < CUTS; cut++) {
    await sleep(200 + cut * 40);
    undone += await cutPower(disk);
    await vedette.start();
  }
  await load.done;
  const { stored, accepted } = await checkBooks(vedette, load);
  assert.equal(accepted, EVENTS);
  t.diagnostic(`${accepted} accepted, ${stored} rows stored, ${undone} names undone, other answers ${JSON.stringify(load.refused)}`);
  await vedette.stop();
  disk.end();
});

test('a large attachment that was answered 200 survives', async () => {
  const disk = await startOnForgetfulDisk();
  const { vedette } = disk;
  const bytes = Buffer.alloc(600 * 1024, 'a');
  const id = eventId();
  const answer = await vedette.envelope([[{ type: 'event' }, { message: 'with a file' }], [{ type: 'attachment', filename: 'a' }, bytes]], { id });
  assert.equal(answer.status, 200);
  await cutPower(disk);
  await vedette.start();
  const query = "select blob from attachment where blob is not null";
  const { blob } = await until(async () => (await vedette.sql(query))[0], { seconds: 60, what: 'a stored attachment' });
  assert.deepEqual(readFileSync(join(vedette.dir, 'data/blobs', blob.slice(0, 2), blob.slice(2))), bytes);
  await vedette.stop();
  disk.end();
});

test('a disk that lies about syncing is found out', async () => {
  const disk = await startOnForgetfulDisk({ VEDETTE_POWER_LIES: '1' });
  const { vedette } = disk;
  const load = startLoad(vedette, { count: 50, rate: 400 });
  await load.done;
  assert.equal(load.accepted, 50);
  await cutPower(disk);
  await vedette.start();
  await sleep(2000);
  const [{ rows }] = await vedette.sql('select count(*) as rows from event');
  assert.equal(rows, 0);
  await vedette.stop();
  disk.end();
});
