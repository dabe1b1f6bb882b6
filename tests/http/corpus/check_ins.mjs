// Check-ins of monitors, one after the other as a server takes them (ingest.md §8.3).
import { environment, parsed, plain, traceId } from './values.mjs';

/** Check-ins of a monitor in an environment, in a minute from the first on. */
const RATE_MOST = 6;
const MINUTE = 60e3;
const STATUSES = ['in_progress', 'ok', 'error'];
const isEnded = (status) => status === 'ok' || status === 'error';
const NIL = '0'.repeat(32);

export class Monitors {
  #known = new Set();
  #rates = new Map();
  #checkIns = new Map();
  #newest = new Map();

  /** Whether a monitor has had more check-ins than it may. */
  #isLimited(place, received) {
    const rate = this.#rates.get(place);
    if (!rate || received >= rate.since + MINUTE) this.#rates.set(place, { since: received, count: 1 });
    else rate.count++;
    return this.#rates.get(place).count > RATE_MOST;
  }

  /** The one that check-ins without an id speak of. */
  #inProgress(place) {
    const newest = this.#newest.get(place);
    return newest?.status === 'in_progress' ? newest : undefined;
  }

  /** What becomes of one: {} when it is taken, else its outcome. */
  #take(project, { check_in_id, monitor_slug, status, duration, monitor_config, contexts }, inEnvironment, received) {
    const monitor = `${project}/${monitor_slug}`;
    const place = `${monitor}/${inEnvironment}`;
    if (monitor_config) this.#known.add(monitor);
    if (!this.#known.has(monitor)) return { outcome: 'invalid', reason: 'invalid_monitor' };
    if (this.#isLimited(place, received)) return { outcome: 'rate_limited', reason: 'monitor_rate_limit' };
    const id = plain(check_in_id ?? NIL);
    const known = id === NIL ? this.#inProgress(place) : this.#checkIns.get(`${project}/${id}`);
    if (!known) {
      const named = { id: id === NIL ? undefined : id, project, monitor: monitor_slug, environment: inEnvironment };
      const row = { ...named, status, duration, trace_id: traceId(contexts?.trace?.trace_id) };
      this.#checkIns.set(id === NIL ? `${project}/new/${this.#checkIns.size}` : `${project}/${id}`, row);
      if (status === 'in_progress') this.#newest.set(place, row);
      return {};
    }
    if (known.monitor !== monitor_slug || known.environment !== inEnvironment) return { outcome: 'invalid', reason: 'monitor_environment_mismatch' };
    if (!isEnded(known.status)) {
      Object.assign(known, { status, duration: duration ?? known.duration, isUpdated: true });
      return {};
    }
    if (known.status === status) return { outcome: 'duplicate' };
    return isEnded(status) ? { outcome: 'invalid', reason: 'checkin_finished' } : {};
  }

  expect(books, { project, received }, { payload }) {
    const checkIn = parsed(payload);
    const status = STATUSES.includes(checkIn.status) ? checkIn.status : 'unknown';
    const inEnvironment = environment(checkIn.environment) ?? 'production';
    books.count(project, 'monitor', 1, this.#take(project, { ...checkIn, status }, inEnvironment, received));
  }

  /** How they stand in the end. */
  close(books) {
    for (const { id, project, monitor, environment: name, status, duration, trace_id, isUpdated } of this.#checkIns.values()) {
      // One that said how long it took has its own word; where it did not, an end that was told takes the time between.
      const milliseconds = duration === undefined ? (isUpdated ? undefined : null) : Math.trunc(duration * 1000);
      books.row('view_check_in', project, { ...(id ? { id } : {}), monitor, environment: name, status }, { duration: milliseconds, trace_id });
    }
  }
}
