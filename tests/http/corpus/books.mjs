// What an instance must hold after it was sent something: what is counted, and a row for each item; and whether the
// views of its database say the same.
import { isDeepStrictEqual } from 'node:util';
import { FILTERED, plain } from './values.mjs';

const TIMES = new Set(['timestamp', 'start_timestamp', 'started', 'finished', 'received', 'hour']);
const IDS = new Set(['event_id', 'trace_id', 'transaction_id', 'profile_id', 'profiler_id', 'chunk_id', 'replay_id', 'id']);

/** PostgreSQL's JSON of a timestamptz, in microseconds. */
const microseconds = (text) => {
  const [, seconds, fraction = '', zone] = /^([^.+]+)(\.\d+)?(\+00:00)$/.exec(text);
  return Date.parse(seconds + zone) * 1e3 + Math.round(Number(`0${fraction}`) * 1e6);
};

const read = (column, value) => {
  if (value === null) return null;
  if (TIMES.has(column)) return microseconds(value);
  return IDS.has(column) && typeof value === 'string' ? plain(value) : value;
};

/** Personal data may have been taken out of a text: the rest must stand as it was sent. */
function isScrubbed(text, sent) {
  if (typeof text !== 'string' || typeof sent !== 'string' || !text.includes(FILTERED)) return false;
  const pieces = text.split(FILTERED).map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(sent);
}

/** A text of PostgreSQL cannot hold the character of number 0. */
const storable = (value) => (typeof value === 'string' ? value.replaceAll('\0', '') : value);

const isSame = (column, stored, sent) =>
  TIMES.has(column) && typeof sent === 'number' ? Math.abs(stored - sent) <= 1 : isDeepStrictEqual(stored, storable(sent)) || isScrubbed(stored, sent);

/** [column, stored, sent] of what differs. */
const differences = (stored, sent) =>
  Object.entries(sent)
    .map(([column, value]) => [column, stored[column], typeof value === 'function' ? value(stored) : value])
    .filter(([column, is, must]) => must !== undefined && !isSame(column, is, must));

export class Books {
  #counts = new Map();
  #rows = new Map();

  /** Something is counted for a project under a category. */
  count(project, category, quantity, { outcome = 'accepted', reason = '' } = {}) {
    if (quantity === 0) return;
    const key = [project, category, outcome, reason].join('|');
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + quantity);
  }

  /**
   * A row of a view.  `identity` says which row it is, as far as the sender can know; `fields` what else it holds:
   * undefined where that is left open, a function of the stored row where it depends on when the row was received.
   */
  row(view, project, identity, fields) {
    if (!this.#rows.has(view)) this.#rows.set(view, []);
    this.#rows.get(view).push({ identity: { project, ...identity }, fields });
  }

  /** The same where a later item takes the place of an earlier one with that identity, whose fields it is given. */
  change(view, project, identity, fieldsAfter) {
    const whole = { project, ...identity };
    const row = this.rowsOf(view).find((each) => isDeepStrictEqual(each.identity, whole));
    if (row) row.fields = fieldsAfter(row.fields);
    else this.row(view, project, identity, fieldsAfter({}));
  }

  rowsOf(view) {
    return this.#rows.get(view) ?? [];
  }

  get views() {
    return [...this.#rows.keys()];
  }

  /** {"project|category|outcome|reason": quantity}, sorted. */
  get counts() {
    return Object.fromEntries([...this.#counts].sort());
  }

  /** What stored rows of a view and the expected ones have against each other. */
  compare(view, storedRows) {
    const left = new Set(storedRows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, read(column, value)]))));
    const problems = [];
    const places = new Map();
    for (const { identity, fields } of this.rowsOf(view)) {
      const columns = Object.keys(identity);
      const name = columns.join();
      if (!places.has(name)) places.set(name, Map.groupBy(left, (row) => JSON.stringify(columns.map((column) => row[column]))));
      const candidates = (places.get(name).get(JSON.stringify(Object.values(identity))) ?? []).filter((row) => left.has(row));
      const found = candidates.find((row) => differences(row, fields).length === 0) ?? candidates[0];
      if (!found) problems.push({ missing: identity, fields });
      else if (differences(found, fields).length > 0) problems.push({ identity, differences: differences(found, fields) });
      left.delete(found);
    }
    return [...problems, ...[...left].map((row) => ({ unexpected: row }))];
  }
}
