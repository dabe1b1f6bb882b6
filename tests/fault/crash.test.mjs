// Every process is killed with -9 twenty times at random moments while 20,000 requests arrive: errors, and every tenth
// of the mix of all item types.  The sender repeats only what was not answered 200.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startInstance } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const REQUESTS = 20000;
const KILLS = 20;
const PROCESSES = ['ingest', 'worker', 'nginx', 'postgres'];

/** A fixed sequence, so that a failure can be run again: mulberry32. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(list, random) {
  return list.map((value) => [random(), value]).sort(([a], [b]) => a - b).map(([, value]) => value);
}

describe('kill -9', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  test(`of every process ${KILLS} times under load loses and doubles nothing`, async (t) => {
    const random = randomFrom(Number(process.env.VEDETTE_SEED ?? 20261121));
    const load = startLoad(vedette, { count: REQUESTS, rate: 400 });
    for (const name of shuffled(PROCESSES.flatMap((each) => Array(KILLS).fill(each)), random)) {
      await sleep(100 + random() * 300);
      vedette.kill(name);
      await vedette.start();
    }
    await load.done;
    const { stored, accepted } = await checkBooks(vedette, load);
    assert.equal(accepted, REQUESTS);
    t.diagnostic(`${accepted} accepted, ${stored} rows stored, other answers ${JSON.stringify(load.refused)}`);
  });
});
