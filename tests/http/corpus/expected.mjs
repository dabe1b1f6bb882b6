// What an instance must hold after a list of submissions (submissions.mjs), computed from what was sent and from the
// rules of the protocol alone.
import { Books } from './books.mjs';
import { Monitors } from './check_ins.mjs';
import { expectAttachment, expectEvent, expectUserReport } from './events.mjs';
import { expectReplay } from './replays.mjs';
import { closeSessions, expectClientReport, expectSession, expectSessions } from './sessions.mjs';
import { expectLogs, expectMetrics, expectOtlpLog, expectOtlpSpan, expectProfile, expectProfileChunk, expectSpan, expectTransaction } from './traces.mjs';

/** Categories of what a request that is refused as a whole loses. */
const CATEGORY = { event: 'error', transaction: 'transaction', attachment: 'attachment' };

/** Why a request was refused that could be read: one event-like item of at most 1 MiB is let in. */
function reasonOf({ status, items }) {
  if (status === 403) return 'project_id';
  const over = items.find(({ payload }, at) => payload.length > 1 << 20 || at > 0) ?? items[0];
  return `too_large:${over.type}`;
}

function refused(books, submission) {
  const fate = { outcome: 'invalid', reason: reasonOf(submission) };
  for (const { type, payload } of submission.items)
    books.count(submission.project, CATEGORY[type], type === 'attachment' ? Math.max(1, payload.length) : 1, fate);
}

/** What a dump makes of itself. */
const BARE_EVENT = { type: 'event', header: {}, payload: Buffer.from('{}') };
const CREATING = ['event', 'security', 'raw_security', 'nel', 'feedback'];

/** One event-like item of at most 1 MiB is let in. */
function tooLarge(books, { project, items }) {
  const over = items.find(({ payload }, at) => payload.length > 1 << 20 || at > 0) ?? items[0];
  const fate = { outcome: 'invalid', reason: `too_large:${over.type}` };
  for (const { type, payload } of items) books.count(project, CATEGORY[type], type === 'attachment' ? Math.max(1, payload.length) : 1, fate);
}

class Reader {
  books = new Books();
  #events = new Map();
  #transactions = new Map();
  #segments = new Set();
  #monitors = new Monitors();

  /** The item that creates an event, when there is one: the fate of its companions. */
  #lead(submission) {
    const isDump = ({ header }) => header?.attachment_type === 'event.minidump';
    const item = submission.items.find(({ type }) => CREATING.includes(type)) ?? (submission.items.some(isDump) && BARE_EVENT);
    if (item) return expectEvent(this.books, this.#events, submission, item);
    const transaction = submission.items.find(({ type }) => type === 'transaction');
    return transaction ? expectTransaction(this.books, this.#transactions, submission, transaction) : {};
  }

  /** Readers of all that creates no event; what has none is dropped in silence. */
  #readers = {
    // The only one of the corpus is no report at all.
    unreal_report: ({ project }) => this.books.count(project, 'error', 1, { outcome: 'invalid', reason: 'process_unreal' }),
    attachment: (submission, item, fate) => expectAttachment(this.books, submission, item, fate),
    user_report: (submission, item) => expectUserReport(this.books, this.#events, submission, item),
    session: (submission, item) => expectSession(this.books, submission, item),
    sessions: (submission, item) => expectSessions(this.books, submission, item),
    client_report: (submission, item) => expectClientReport(this.books, submission, item),
    check_in: (submission, item) => this.#monitors.expect(this.books, submission, item),
    span: (submission, item) => expectSpan(this.books, submission, item),
    otlp_span: (submission, item) => expectOtlpSpan(this.books, submission, item),
    log: (submission, item) => expectLogs(this.books, submission, item),
    otlp_log: (submission, item) => expectOtlpLog(this.books, submission, item),
    trace_metric: (submission, item) => expectMetrics(this.books, submission, item),
    profile: (submission, item, fate) => {
      // Alone it is nothing.
      if (submission.items.some(({ type }) => type === 'transaction')) expectProfile(this.books, submission, item, fate);
    },
    profile_chunk: (submission, item) => expectProfileChunk(this.books, submission, item),
  };

  read(submission) {
    if (submission.status >= 400) return refused(this.books, submission);
    const fate = this.#lead(submission);
    for (const item of submission.items) this.#readers[item.type]?.(submission, item, fate);
    if (submission.items.some(({ type }) => type.startsWith('replay_'))) expectReplay(this.books, this.#segments, submission);
  }

  close() {
    closeSessions(this.books);
    this.#monitors.close(this.books);
    return this.books;
  }
}

/** The books after all of them, which came in this order. */
export function booksOf(submissions) {
  const reader = new Reader();
  for (const submission of submissions) reader.read(submission);
  return reader.close();
}
