// Sessions and client reports: what is stored of them is sums (ingest.md §5.6, §6).
import { drift, environment, FUTURE_MOST, moment, parsed, plain, release, RETENTION } from './values.mjs';

const HOUR = 3600e6;
const AGE_MOST = 5 * 24 * HOUR;
const ERRORED = ['errored', 'unhandled', 'crashed', 'abnormal'];
const STATUSES = ['ok', 'exited', ...ERRORED];
const NOBODY = '0'.repeat(32);

const user = (did) => (did && plain(did) !== NOBODY ? did : undefined);

/** When it began, as the server's clock has it; undefined when that is too far away to be believed. */
function startOf(submission, started) {
  const received = submission.received * 1e3;
  const time = moment(started) + drift(submission, received);
  return time >= received - AGE_MOST && time <= received + FUTURE_MOST ? time : undefined;
}

/** Adds one session, or the sum of some, to its hour's row. */
function add(books, project, started, attrs, counts, people) {
  const identity = { hour: started - (started % HOUR), release: release(attrs.release), environment: environment(attrs.environment) };
  books.change('view_session', project, identity, (fields) => {
    const next = { ...fields };
    for (const [column, count] of Object.entries(counts)) next[column] = (fields[column] ?? 0) + count;
    for (const [column, who] of Object.entries(people)) next[column] = new Set(who === undefined ? fields[column] : [...(fields[column] ?? []), who]);
    return next;
  });
}

/** Sentry itself counts only those that it refuses. */
const countItem = (books, { project }) => books.count(project, 'session', 1);

export function expectSession(books, submission, { payload }) {
  const { sid, did, init, status = 'ok', errors = 0, started, attrs = {} } = parsed(payload);
  const time = startOf(submission, started);
  if (time === undefined || !release(attrs.release) || !STATUSES.includes(status)) return;
  countItem(books, submission);
  const isErrored = errors > 0 || ERRORED.includes(status);
  const who = user(did);
  const counts = { sessions: init ? 1 : 0, summed: 0, crashed: status === 'crashed' ? 1 : 0, abnormal: status === 'abnormal' ? 1 : 0 };
  add(books, submission.project, time, attrs, counts, {
    sids: isErrored ? plain(sid) : undefined,
    users: who,
    errored_users: isErrored ? who : undefined,
    crashed_users: counts.crashed ? who : undefined,
    abnormal_users: counts.abnormal ? who : undefined,
  });
}

export function expectSessions(books, submission, { payload }) {
  const { aggregates, attrs = {} } = parsed(payload);
  const sums = aggregates.map((sum) => ({ ...sum, time: startOf(submission, sum.started) })).filter(({ time }) => time !== undefined);
  if (sums.length === 0 || !release(attrs.release)) return;
  countItem(books, submission);
  for (const { time, did, exited = 0, errored = 0, unhandled = 0, crashed = 0, abnormal = 0 } of sums) {
    const summed = errored + unhandled + crashed + abnormal;
    const who = user(did);
    add(books, submission.project, time, attrs, { sessions: exited + summed, summed, crashed, abnormal }, {
      sids: undefined,
      users: who,
      errored_users: summed ? who : undefined,
      crashed_users: crashed ? who : undefined,
      abnormal_users: abnormal ? who : undefined,
    });
  }
}

/** Up to here the database counts different people exactly, beyond it estimates. */
const EXACT_MOST = 150;
const about = (number) => (row, column) => (number <= EXACT_MOST || Math.abs(row[column] - number) > number / 10 ? number : row[column]);

/** Sets have been gathered: what the view says of them is how large they are. */
export function closeSessions(books) {
  for (const row of books.rowsOf('view_session')) {
    const { sids, summed, sessions, crashed, abnormal, ...people } = row.fields;
    const errored = about(summed + sids.size);
    const sizes = Object.entries(people).map(([column, who]) => [column, (stored) => about(who.size)(stored, column)]);
    row.fields = { sessions, crashed, abnormal, errored: (stored) => errored(stored, 'errored'), ...Object.fromEntries(sizes) };
  }
}

/** Under which outcome each list of a client report counts. */
const LISTS = {
  discarded_events: 'client_discard',
  rejected_events: 'client_discard',
  filtered_events: 'filtered',
  filtered_sampling_events: 'filtered',
  rate_limited_events: 'rate_limited',
};
/** ingest.md §5.5; statistics count "default" among errors when they are asked. */
const CATEGORIES = `default error transaction security attachment session profile replay transaction_processed transaction_indexed monitor
  profile_indexed span feedback metric_bucket span_indexed profile_duration profile_chunk attachment_item log_item log_byte
  profile_duration_ui profile_chunk_ui trace_metric`.split(/\s+/);

export function expectClientReport(books, submission, { payload }) {
  const { project, received } = submission;
  const report = parsed(payload);
  const time = report.timestamp === undefined ? received * 1e3 : moment(report.timestamp) + drift(submission, received * 1e3);
  if (time < received * 1e3 - RETENTION || time > received * 1e3 + FUTURE_MOST) return;
  for (const [list, outcome] of Object.entries(LISTS))
    for (const { reason, category, quantity } of report[list] ?? []) if (CATEGORIES.includes(category)) books.count(project, category, quantity, { outcome, reason });
}
