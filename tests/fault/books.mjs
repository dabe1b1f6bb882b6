// What must hold after any accident: everything that was answered 200 is stored, what has an id once, and all sums
// agree.
import assert from 'node:assert/strict';
import { sleep } from '../harness/instance.mjs';
import { CATEGORY_NAMES } from '../http/checklist/sender.mjs';
import { checkIssues, checkOutcomes } from '../http/ledger.mjs';
import { countedRows, tables } from './mix.mjs';

/** How often each mark of each table is stored: a Map by "table mark". */
async function read(vedette) {
  const queries = Object.entries(tables).map(([name, { query }]) => `select '${name} ' || mark as key, n from (${query}) ${name}_marks`);
  return new Map((await vedette.sql(queries.join(' union all '))).map(({ key, n }) => [key, n]));
}

/** What the load expects of the database: [key, least, most] for every row of every request. */
function expected({ books }) {
  return books.flatMap(({ found, accepted, unanswered }) =>
    found.map(([table, mark]) => {
      const least = accepted ? 1 : 0;
      return [`${table} ${mark}`, least, tables[table].once ? 1 : least + unanswered];
    }),
  );
}

/** Waits until what was accepted is stored, as long as the number still grows; the rows by then. */
async function settled(vedette, expectations) {
  let before = -1;
  for (let still = 0; still < 40; ) {
    const stored = await read(vedette);
    const missing = expectations.filter(([key, least]) => (stored.get(key) ?? 0) < least).length;
    if (missing === 0) return stored;
    still = missing === before ? still + 1 : 0;
    before = missing;
    await sleep(500);
  }
  return read(vedette);
}

const samples = (list) => JSON.stringify(list.slice(0, 5));

/** Every row that is counted in a category is counted once. */
function checkCounted(stored, outcomes) {
  const rowsOf = (wanted) => [...stored].filter(([key]) => wanted.includes(key.split(' ')[0])).reduce((sum, [, n]) => sum + n, 0);
  const accepted = outcomes.filter((row) => row.outcome === 0);
  const countOf = (wanted) => accepted.filter((row) => wanted.includes(CATEGORY_NAMES[row.category])).reduce((sum, row) => sum + row.quantity, 0);
  for (const [categories, names] of countedRows) assert.equal(countOf(categories), rowsOf(names), `${categories} count ${names}, each once`);
}

/** Holds the database against what the load remembers. */
export async function checkBooks(vedette, load) {
  const expectations = expected(load);
  const stored = await settled(vedette, expectations);
  const count = (key) => stored.get(key) ?? 0;
  const lost = expectations.filter(([key, least]) => count(key) < least);
  assert.equal(lost.length, 0, `${lost.length} of ${expectations.length} rows of what was accepted are lost: ${samples(lost)}`);
  const doubled = expectations.filter(([key, , most]) => count(key) > most).map(([key, , most]) => [key, count(key), most]);
  assert.equal(doubled.length, 0, `${doubled.length} rows are stored too often: ${samples(doubled)}`);
  const sent = new Set(expectations.map(([key]) => key));
  assert.deepEqual([...stored.keys()].filter((key) => !sent.has(key)).slice(0, 5), [], 'everything that is stored was sent');
  await checkIssues(vedette);
  checkCounted(stored, await checkOutcomes(vedette));
  return { stored: [...stored.values()].reduce((sum, n) => sum + n, 0), accepted: load.accepted };
}
