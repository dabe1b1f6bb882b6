// PostgreSQL away while events arrive, and vedette-ingest killed and started again meanwhile: it knows the keys from its
// snapshot, refuses nobody, and everything it answered 200 is stored afterwards.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startInstance, until } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const OUTAGE_SECONDS = Number(process.env.VEDETTE_OUTAGE_SECONDS ?? 60);
const UNKNOWN_KEY = 'f'.repeat(32);

describe('PostgreSQL away', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  test('for a minute under load, with ingest killed meanwhile', async (t) => {
    const load = startLoad(vedette, { count: Number.POSITIVE_INFINITY, rate: 150 });
    await until(() => load.accepted > 100);
    vedette.kill('postgres');
    await sleep(2000);

    const page = await vedette.api('/organizations/vedette/issues/');
    assert.equal(page.status, 503);
    assert.match(page.body.detail, /database/);
    assert.ok(page.headers.get('retry-after'));

    vedette.kill('ingest');
    await vedette.start('ingest');
    const restarted = load.accepted;
    await until(() => load.accepted > restarted + 100, { what: 'that a restarted ingest accepts events' });
    const stranger = await vedette.post('{"message":"x"}', { endpoint: 'store', key: UNKNOWN_KEY });
    assert.equal(stranger.status, 503, 'an unknown key cannot be told from a new one now');

    await sleep(OUTAGE_SECONDS * 1000 - 2000);
    const during = load.accepted;
    await vedette.start('postgres');
    await until(async () => (await vedette.api('/organizations/vedette/issues/')).status === 200, {
      seconds: 15,
      what: 'that the API recovers by itself',
    });
    load.stop();
    await load.done;
    const { stored } = await checkBooks(vedette, load);
    t.diagnostic(`${during} requests accepted until PostgreSQL was back, ${stored} rows stored`);
    assert.equal((await vedette.post('{"message":"x"}', { endpoint: 'store', key: UNKNOWN_KEY })).status, 403);
  });
});
