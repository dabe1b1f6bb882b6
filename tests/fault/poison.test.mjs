// A record that kills the digest and one that hangs it: the events beside them are stored, the record itself is set
// aside with its reason, and the parent lives.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startInstance, until } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const kinds = [
  ['record_crashes', 'kills'],
  ['record_hangs', 'hangs'],
];

for (const [point, verb] of kinds) {
  describe(`a record that ${verb} the digest`, () => {
    test('is set aside; its neighbours are stored', async () => {
      const vedette = await startInstance({
        settings: { digest_hang_seconds: 2 },
        environment: { VEDETTE_FAULT: `${point}@poisonous` },
      });
      const parent = vedette.pid('worker');
      const load = startLoad(vedette, { count: 300, rate: 300 });
      await until(() => load.accepted > 100);
      const { status, id } = await vedette.store({ message: 'poisonous' });
      assert.equal(status, 200);
      await load.done;

      const [row] = await until(async () => {
        const rows = await vedette.sql("select reason, position('poisonous'::bytea in record) > 0 as is_it from poison");
        return rows.length > 0 && rows;
      }, { seconds: 60, what: 'that the record is set aside' });
      assert.equal(row.is_it, true);
      assert.match(row.reason, /died of it three times/);
      await checkBooks(vedette, load);
      assert.equal(vedette.pid('worker'), parent, 'the parent lives');
      const [{ stored }] = await vedette.sql(`select count(*) as stored from event where event_id = '${id}'`);
      assert.equal(stored, 0);
      assert.match(await vedette.vedette('status'), /1 records set aside/);
      await vedette.stop();
    });
  });
}
