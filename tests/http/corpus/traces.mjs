// Transactions, spans, logs, metrics and profiles as the protocol understands them (ingest.md §2.7, §7, §8.2, §8.4).
import { cut, dist, drift, environment, FILTERED, FUTURE_MOST, moment, parsed, plain, platform, release } from './values.mjs';
import { spanId, storedTags, traceId, TRACE_AGE_MOST } from './values.mjs';

const STATUSES = `ok cancelled unknown invalid_argument deadline_exceeded not_found already_exists permission_denied resource_exhausted
  failed_precondition aborted out_of_range unimplemented internal_error unavailable data_loss unauthenticated`.split(/\s+/);
const OLD_STATUSES = { success: 'ok', failure: 'internal_error', unknown_error: 'unknown' };
const status = (value) => (Number.isInteger(value) ? STATUSES[value] : STATUSES.includes(value) ? value : OLD_STATUSES[value]) ?? null;

const corrected = (submission, value) => (row) => moment(value) + drift(submission, row.received);
const isFresh = ({ received }, time) => time >= received * 1e3 - TRACE_AGE_MOST && time <= received * 1e3 + FUTURE_MOST;

const isTimely = (submission, end) => isFresh(submission, moment(end) + drift(submission, submission.received * 1e3));
const invalid = (reason) => ({ outcome: 'invalid', reason });

/** Names that may be addresses are cleaned of ids. */
const isCleaned = ({ transaction_info: { source } = {}, transaction = '' }) => (source ? ['url', 'sanitized'].includes(source) : transaction.includes('/'));

/** The server computes further ones. */
const measured = (measurements) =>
  Object.fromEntries(
    Object.entries(measurements)
      .filter(([, { value }]) => typeof value === 'number')
      .map(([name, { value }]) => [name.toLowerCase(), value]),
  );

/** A span of a transaction, and a single one. */
const spanRow = (span) => ({
  start_timestamp: moment(span.start_timestamp),
  timestamp: moment(span.timestamp),
  parent_span_id: spanId(span.parent_span_id),
  op: cut(span.op || 'default', 128),
  status: status(span.status),
  description: span.description ? cut(span.description, 4096) : null,
});

function expectTransactionSpans(books, { project, eventId }, event) {
  const { trace } = event.contexts;
  const root = { start_timestamp: moment(event.start_timestamp), timestamp: moment(event.timestamp), is_segment: true, op: trace.op || 'default' };
  const identity = (of) => ({ transaction_id: eventId, trace_id: traceId(of.trace_id), span_id: spanId(of.span_id) });
  const names = { environment: environment(event.environment), release: release(event.release) };
  books.row('view_span', project, identity(trace), { ...root, ...names, parent_span_id: spanId(trace.parent_span_id) });
  for (const span of event.spans ?? []) books.row('view_span', project, identity(span), { ...spanRow(span), ...names, is_segment: false });
}

/** Returns the fate that its companions share. */
export function expectTransaction(books, seen, submission, { payload }) {
  const { project, eventId } = submission;
  const event = parsed(payload);
  const { trace } = event.contexts ?? {};
  const spans = event.spans?.length ?? 0;
  const isSound = traceId(trace?.trace_id) && spanId(trace?.span_id) && moment(event.start_timestamp) <= moment(event.timestamp);
  const key = `${project}/${eventId}`;
  const fault = !isSound ? 'invalid_transaction' : !isTimely(submission, event.timestamp) ? 'timestamp' : undefined;
  const fate = fault ? invalid(fault) : seen.has(key) ? { outcome: 'duplicate' } : {};
  for (const category of ['transaction', 'transaction_indexed']) books.count(project, category, 1, fate);
  // It is a span itself.
  for (const category of ['span', 'span_indexed']) books.count(project, category, spans + 1, fate);
  if (fate.outcome) return fate;
  seen.set(key, {});
  expectTransactionSpans(books, submission, event);
  books.row('view_transaction', project, { event_id: eventId }, {
    name: isCleaned(event) ? undefined : event.transaction || '<unlabeled transaction>',
    start_timestamp: corrected(submission, event.start_timestamp),
    timestamp: corrected(submission, event.timestamp),
    op: trace.op || 'default',
    status: status(trace.status) ?? 'unknown',
    platform: platform(event.platform),
    environment: environment(event.environment),
    release: release(event.release),
    dist: release(event.release) ? dist(event.dist) : null,
    trace_id: traceId(trace.trace_id),
    span_id: spanId(trace.span_id),
    parent_span_id: spanId(trace.parent_span_id),
    span_count: spans,
    measurements: event.measurements && ((row) => ({ ...row.measurements, ...measured(event.measurements) })),
    tags: storedTags(event),
  });
  return fate;
}

/** Interactions and vitals of a page belong to no segment. */
const isOfPage = (op) => /^ui\.(interaction|webvital)\./.test(op ?? '');

function expectSingleSpan(books, submission, span) {
  const { project } = submission;
  const isWhole = ['trace_id', 'span_id', 'start_timestamp', 'timestamp', 'exclusive_time'].every((key) => span[key] !== undefined);
  const fate = !isWhole ? invalid('invalid_span') : isTimely(submission, span.timestamp) ? {} : invalid('timestamp');
  for (const category of ['span', 'span_indexed']) books.count(project, category, 1, fate);
  if (fate.outcome) return;
  const data = span.data ?? {};
  books.row('view_span', project, { trace_id: traceId(span.trace_id), span_id: spanId(span.span_id) }, {
    ...spanRow(span),
    ...(isOfPage(span.op) ? { parent_span_id: null, segment_id: null } : {}),
    transaction_id: null,
    environment: environment(data['sentry.environment'] ?? data.environment),
    release: release(data['sentry.release'] ?? data.release),
  });
}

const isContainer = ({ content_type }) => content_type?.startsWith('application/vnd.sentry.items.');

function expectContainedSpan(books, submission, span, seen) {
  const { project } = submission;
  const id = spanId(span.span_id);
  const fate = seen.has(id) ? invalid('duplicate') : isTimely(submission, span.end_timestamp) ? {} : invalid('timestamp');
  seen.add(id);
  for (const category of ['span', 'span_indexed']) books.count(project, category, 1, fate);
  if (fate.outcome) return;
  const value = (key) => span.attributes?.[key]?.value;
  books.row('view_span', project, { trace_id: traceId(span.trace_id), span_id: id }, {
    start_timestamp: moment(span.start_timestamp),
    timestamp: moment(span.end_timestamp),
    parent_span_id: isOfPage(value('sentry.op')) ? null : spanId(span.parent_span_id),
    transaction_id: null,
    is_segment: isOfPage(value('sentry.op')) ? undefined : span.is_segment,
    op: value('sentry.op'),
    status: span.status === 'error' ? 'internal_error' : 'ok',
    description: value('sentry.description') ?? span.name,
    environment: environment(value('sentry.environment')),
    release: release(value('sentry.release')),
  });
}

export function expectSpan(books, submission, { header, payload }) {
  if (!isContainer(header)) return expectSingleSpan(books, submission, parsed(payload));
  const seen = new Set();
  for (const span of parsed(payload).items) expectContainedSpan(books, submission, span, seen);
}

export function expectOtlpSpan(books, { project }, { span }) {
  for (const category of ['span', 'span_indexed']) books.count(project, category, 1);
  books.row('view_span', project, { trace_id: traceId(span.traceId), span_id: spanId(span.spanId) }, {
    start_timestamp: Math.round(Number(span.start) / 1e3),
    timestamp: Math.round(Number(span.end) / 1e3),
    parent_span_id: spanId(span.parentSpanId),
    description: span.name,
    status: span.failed ? 'internal_error' : 'ok',
  });
}

/** Where the members of "items" lie in a container, as they were written. */
export function writtenItems(text) {
  const items = [];
  let depth = 0;
  let from = 0;
  for (let at = text.indexOf('[', text.indexOf('"items"')) + 1, inText = false; at < text.length; at++) {
    if (inText) {
      if (text[at] === '\\') at++;
      else inText = text[at] !== '"';
    } else if (text[at] === '"') inText = true;
    else if (text[at] === '{' || text[at] === '[') {
      if (depth++ === 0) from = at;
    } else if (text[at] === '}' || text[at] === ']') {
      if (depth === 0) return items;
      if (--depth === 0) items.push(text.slice(from, at + 1));
    }
  }
  return items;
}

const SEVERITIES = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };

/** What is stored of attributes: all that have a value, but for personal data, and what the server adds. */
const attributesOf = (attributes = {}) => (row) => {
  const sent = Object.entries(attributes).filter(([key, { value }]) => value !== undefined && !String(row.attributes[key]).includes(FILTERED));
  return { ...row.attributes, ...Object.fromEntries(sent.map(([key, { value }]) => [key, value])) };
};

/** What logs and metrics have in common; their tables keep nanoseconds. */
const traceItem = ({ trace_id, span_id, timestamp, attributes }) => ({
  timestamp: moment(timestamp),
  trace_id: traceId(trace_id),
  span_id: spanId(span_id),
  environment: environment(attributes?.['sentry.environment']?.value),
  release: release(attributes?.['sentry.release']?.value),
  attributes: attributesOf(attributes),
});

export function expectLogs(books, { project }, { payload }) {
  for (const written of writtenItems(payload.toString('utf8'))) {
    const log = JSON.parse(written);
    const size = Buffer.byteLength(written);
    const { trace_id, ...rest } = traceItem(log);
    books.count(project, 'log_item', 1);
    books.count(project, 'log_byte', size);
    books.row('view_log', project, { trace_id, payload_size: size }, {
      ...rest,
      body: log.body,
      severity: log.level ?? 'info',
      severity_number: log.severity_number ?? SEVERITIES[log.level ?? 'info'],
    });
  }
}

const LEVELS_OF_OTLP = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** How many bytes it has as one of Sentry's logs, and the text of a body that is none, only the server knows. */
export function expectOtlpLog(books, submission, { log }) {
  const time = Math.round(Number(log.nanoseconds) / 1e3);
  const severity = LEVELS_OF_OTLP[Math.floor((log.severityNumber - 1) / 4)];
  const identity = { severity, body: log.body, trace_id: traceId(log.traceId) ?? undefined };
  books.count(submission.project, 'log_item', 1);
  books.row('view_log', submission.project, Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined)), {
    timestamp: isFresh(submission, time) ? time : undefined,
    span_id: spanId(log.spanId),
    severity_number: log.severityNumber,
  });
}

export function expectMetrics(books, { project }, { payload }) {
  for (const metric of parsed(payload).items) {
    const { trace_id, timestamp, ...rest } = traceItem(metric);
    books.count(project, 'trace_metric', 1);
    books.row('view_trace_metric', project, { trace_id, name: metric.name, value: metric.value }, { ...rest, timestamp, type: metric.type, unit: metric.unit || null });
  }
}

const ELAPSED_MOST = 30e9;

export function expectProfile(books, submission, { payload }, fate) {
  const { project } = submission;
  const profile = parsed(payload);
  const transaction = profile.transaction ?? profile.transactions?.[0];
  const isTooLong = profile.profile.samples.some((sample) => Number(sample.elapsed_since_start_ns) > ELAPSED_MOST);
  const own = isTooLong ? invalid('profiling_duration_is_too_long') : fate;
  for (const category of ['profile', 'profile_indexed']) books.count(project, category, 1, own);
  if (own.outcome) return;
  books.row('view_profile', project, { profile_id: plain(profile.event_id ?? profile.profile_id) }, {
    transaction_id: plain(transaction.id),
    trace_id: traceId(transaction.trace_id),
    transaction: transaction.name,
    platform: profile.platform,
    environment: environment(profile.environment),
    release: release(profile.release),
  });
}

export function expectProfileChunk(books, { project }, { header, payload }) {
  const chunk = parsed(payload);
  const times = chunk.profile.samples.map(({ timestamp }) => moment(Number(timestamp)));
  const [started, finished] = [Math.min(...times), Math.max(...times)];
  const ui = ['cocoa', 'android', 'javascript'].includes(header.platform) ? '_ui' : '';
  books.count(project, `profile_chunk${ui}`, 1);
  books.count(project, `profile_duration${ui}`, Math.floor((finished - started) / 1e3));
  books.row('view_profile_chunk', project, { chunk_id: plain(chunk.chunk_id) }, {
    profiler_id: plain(chunk.profiler_id),
    started,
    finished,
    platform: chunk.platform,
    environment: environment(chunk.environment),
    release: release(chunk.release),
    sample_count: times.length,
  });
}
