// Every program is run anew while requests arrive, of all item types and to the web API: not one is refused, nothing is
// lost, and the process that supervisors know stays the same.
import assert from 'node:assert/strict';
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sleep, startInstance, until } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const ROUNDS = 3;
const PROGRAMS = ['ingest', 'api', 'worker'];

/** Asks the web API without a pause until stop() is called: {answers: status → number, done, stop()}. */
function startReading(vedette) {
  const reading = { answers: {}, stopped: false, stop: () => (reading.stopped = true) };
  const reader = async () => {
    while (!reading.stopped) {
      const { status } = await vedette.api('/organizations/vedette/issues/?limit=5').catch(() => ({ status: 'no answer' }));
      reading.answers[status] = (reading.answers[status] ?? 0) + 1;
      await sleep(5);
    }
  };
  reading.done = Promise.all([reader(), reader()]);
  return reading;
}

describe('a rolling restart under load', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  /** What one run anew must leave: the process, other children. */
  async function runAnew(name, how) {
    const [pid, children] = [vedette.pid(name), vedette.children(name)];
    await how();
    assert.equal(vedette.pid(name), pid, `${name} goes on in its process`);
    assert.deepEqual(vedette.children(name).filter((child) => children.includes(child)), [], `${name} has other children`);
  }

  test('refuses nobody and loses nothing', async (t) => {
    const load = startLoad(vedette, { count: Number.POSITIVE_INFINITY, rate: 200 });
    t.after(() => load.stop());
    await until(() => load.accepted > 100, { seconds: 60, what: 'that requests are accepted' });
    const reading = startReading(vedette);
    t.after(() => reading.stop());
    for (let round = 0; round < ROUNDS; round++)
      for (const name of PROGRAMS) {
        await runAnew(name, () => vedette.runAnew(name));
        await sleep(200);
      }
    // An upgrade: the file of a program is another one.
    for (const name of PROGRAMS) {
      const program = join(vedette.dir, 'lib/bin', `vedette-${name}`);
      copyFileSync(program, `${program}.new`);
      renameSync(`${program}.new`, program);
    }
    const pids = PROGRAMS.map((name) => vedette.pid(name));
    await runAnew('ingest', () => vedette.start());
    assert.deepEqual(PROGRAMS.map((name) => vedette.pid(name)), pids);
    assert.deepEqual(load.refused, {}, 'every request that was sent was answered 200');
    assert.deepEqual(Object.keys(reading.answers), ['200']);

    // A browser or SDK may find the connection that it kept closed, and connects again; nobody is told of an error.
    await runAnew('nginx', () => vedette.runAnew('nginx'));
    await sleep(500);
    load.stop();
    reading.stop();
    await Promise.all([load.done, reading.done]);
    const told = [...Object.keys(load.refused), ...Object.keys(reading.answers)].filter((status) => Number(status) >= 500);
    assert.deepEqual(told, []);
    const { stored, accepted } = await checkBooks(vedette, load);
    t.diagnostic(`${accepted} accepted, ${stored} rows stored, web API ${JSON.stringify(reading.answers)}, other answers ${JSON.stringify(load.refused)}`);
  });
});
