// Two ingest children and two digest lanes with a project each: children die one by one, their siblings go on, and what
// both projects were answered 200 for is stored.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startInstance, until } from '../harness/instance.mjs';
import { Sender } from '../http/checklist/sender.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const REQUESTS = 4000;
const ROUNDS = 8;

describe('two ingest children, two digest lanes', () => {
  let vedette;
  before(async () => (vedette = await startInstance({ settings: { ingest_children: 2, digest_lanes: 2 } })));
  after(() => vedette?.stop());

  test('kill -9 of one child after the other loses and doubles nothing', async (t) => {
    const sender = new Sender(vedette);
    const projects = [sender.main, await sender.project()];
    sender.close();
    assert.notEqual(Number(projects[0].id) % 2, Number(projects[1].id) % 2, 'the projects lie in different lanes');
    const load = startLoad(vedette, { count: REQUESTS, rate: 400, projects });
    t.after(() => load.stop());
    for (let round = 0; round < ROUNDS; round++)
      for (const name of ['ingest', 'worker']) {
        const children = await until(() => vedette.children(name).length >= 2 && vedette.children(name));
        process.kill(children[round % children.length], 'SIGKILL');
        await sleep(300);
      }
    await load.done;
    const { stored, accepted } = await checkBooks(vedette, load);
    assert.equal(accepted, REQUESTS);
    const [{ lanes, logs }] = await vedette.sql('select count(distinct lane) as lanes, count(distinct log) as logs from log_cursor where position > 0');
    assert.equal(lanes, 2, 'both lanes have worked');
    t.diagnostic(`${accepted} accepted, ${stored} rows stored from ${logs} logs, other answers ${JSON.stringify(load.refused)}`);
  });
});
