// The ids of the conformance list, and those that are known to fail.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../shared.mjs';

const file = join(shared, 'design/ingest-checklist.md');

/** The skip option of what needs the list itself. */
export const listAbsent = existsSync(file) ? false : `${file} is absent`;

const PRIORITIES = ['must', 'should', 'optional'];

/** {id, priority} of the list in its order. */
export function listed() {
  const rows = readFileSync(file, 'utf8').matchAll(/^\| (\d+) \| ([123]) \|/gm);
  return [...rows].map(([, id, priority]) => ({ id: Number(id), priority: PRIORITIES[priority - 1] }));
}

/** How much of the list is entered, and how much of that passes. */
export function progress(lines, entered, pending) {
  const count = (some) => PRIORITIES.map((priority) => `${some.filter((line) => line.priority === priority).length} ${priority}`).join(', ');
  const passing = lines.filter(({ id }) => entered.has(id) && !pending.has(id));
  return [
    `listed: ${count(lines)}`,
    `entered: ${count(lines.filter(({ id }) => entered.has(id)))}`,
    `passing: ${count(passing)}`,
    `pending: ${count(lines.filter(({ id }) => pending.has(id)))}`,
  ].join('; ');
}

/**
 * pending.tsv: an id and what is missing, a line each.  It only shrinks: an entry that passes must leave it.
 */
export function pendingIds() {
  const lines = readFileSync(join(import.meta.dirname, 'pending.tsv'), 'utf8').split('\n');
  const rows = lines.filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t'));
  return new Map(rows.map(([id, reason]) => [Number(id), reason]));
}
