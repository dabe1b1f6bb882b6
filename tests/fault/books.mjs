// What must hold after any accident: every event that was answered 200 is stored, once, and all sums agree.
import assert from 'node:assert/strict';
import { sleep } from '../harness/instance.mjs';
import { checkIssues, checkOutcomes, storedEvents } from '../http/ledger.mjs';

const ids = async (vedette) => new Set([...(await storedEvents(vedette))].map((id) => id.split('/')[1]));

/** Waits until the accepted events are stored, as long as the number still grows. */
async function settled(vedette, accepted) {
  let before = -1;
  for (let still = 0; still < 40; ) {
    const stored = await ids(vedette);
    if ([...accepted].every((id) => stored.has(id))) return stored;
    still = stored.size === before ? still + 1 : 0;
    before = stored.size;
    await sleep(500);
  }
  return ids(vedette);
}

/** Holds the database against what the load remembers. */
export async function checkBooks(vedette, load) {
  const stored = await settled(vedette, load.accepted);
  const lost = [...load.accepted].filter((id) => !stored.has(id));
  assert.deepEqual(lost, [], `${lost.length} of ${load.accepted.size} accepted events are lost`);
  const [{ rows, distinct_ids }] = await vedette.sql(
    'select count(*) as rows, count(distinct (project_id, event_id)) as distinct_ids from event',
  );
  assert.equal(rows, distinct_ids, 'no event is stored twice');
  await checkIssues(vedette);
  const outcomes = await checkOutcomes(vedette);
  const counted = outcomes.filter((row) => row.outcome === 0).reduce((sum, row) => sum + row.quantity, 0);
  assert.equal(counted, rows, 'every stored event is counted once');
  return { stored: rows, accepted: load.accepted.size };
}
