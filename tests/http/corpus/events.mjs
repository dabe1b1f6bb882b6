// Events and what goes with them, as the protocol understands them (ingest.md §2.6, §3, §8.5).
import { createHash } from 'node:crypto';
import { cut, dist, environment, eventTime, firstLine, level, parsed, plain, platform, release, storedTags, tagOf, traceId } from './values.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** {"values": […]}, a bare list or a single object. */
const valuesOf = (field) => [(Array.isArray(field) ? field : (field?.values ?? field)) ?? []].flat().filter(Boolean);
const exceptionsOf = (event) => valuesOf(event.exception ?? event['sentry.interfaces.Exception']);

function typeOf(event) {
  if (exceptionsOf(event).length > 0) return 'error';
  return ['csp', 'hpkp', 'expectct', 'expectstaple'].find((name) => event[name]) ?? 'default';
}

/** Undefined where the server must take it from elsewhere. */
function exceptionTitle({ type, value, mechanism }) {
  if (mechanism?.synthetic || (!type && (!value || /^\w+:/.test(value)))) return undefined;
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.trim() ? `${cut(type || 'Error', 128)}: ${firstLine(cut(text, 1024))}` : cut(type || 'Error', 128);
}

/** Undefined where parameters or broken characters make it the server's. */
function messageTitle(event) {
  const entry = event.logentry ?? event['sentry.interfaces.Message'] ?? event.message;
  const text = typeof entry === 'object' ? (entry?.formatted ?? entry?.message) : entry;
  if (entry?.params && !entry.formatted) return undefined;
  if (/[\0\ufffd]|\p{Surrogate}/u.test(text ?? '')) return undefined;
  return text?.trim() ? firstLine(text) : '<unlabeled event>';
}

function titleOf(event) {
  if (event.title || event.main_exception_id !== undefined) return undefined;
  const type = typeOf(event);
  if (type === 'error') return exceptionTitle(exceptionsOf(event).at(-1));
  return type === 'default' ? messageTitle(event) : undefined;
}

const common = (submission, event) => ({
  timestamp: eventTime(submission, event.timestamp),
  platform: platform(event.platform),
  environment: environment(event.environment || tagOf(event, 'environment')),
  release: release(event.release),
  dist: release(event.release) ? dist(event.dist?.trim?.()) : null,
  transaction: typeof event.transaction === 'string' ? event.transaction.trim() || null : undefined,
  trace_id: traceId(event.contexts?.trace?.trace_id),
  tags: storedTags(event),
});

function errorOf(submission, event) {
  return { ...common(submission, event), type: typeOf(event), level: level(event.level), title: titleOf(event) };
}

/** The digest reads the rest out of the dump. */
const crashOf = () => ({ type: 'error', platform: 'native' });

function feedbackOf(submission, event) {
  const words = event.contexts?.feedback?.message;
  return {
    ...common(submission, event),
    environment: environment(event.environment) ?? 'production',
    level: level(event.level, 'info'),
    title: `User Feedback: ${firstLine(words)}`,
  };
}

function feedbackFault(event) {
  const words = event.contexts?.feedback?.message;
  if (typeof words !== 'string') return 'missing_context';
  return words.trim() ? undefined : 'empty';
}

/** Which interface a report of a browser becomes; undefined when it is about no policy. */
function reportType(report) {
  if (report['csp-report'] || report.type === 'csp-violation') return 'csp';
  if (typeof report.type === 'string') return undefined;
  if (report['known-pins']) return 'hpkp';
  return report['expect-staple-report'] ? 'expectstaple' : report['expect-ct-report'] ? 'expectct' : undefined;
}

const reportFields = (header) => ({ environment: environment(header.sentry_environment), release: release(header.sentry_release) });

function networkTitle({ body }) {
  return body.type === 'http.error' ? `${body.phase} / ${body.type} (${body.status_code})` : `${body.phase} / ${body.type}`;
}

/** Readers of items that create events: {view, fields}, or {outcome, reason} of what is refused. */
const readers = {
  event(submission, { payload }) {
    const event = parsed(payload);
    if (payload.length === 0) return { outcome: 'invalid', reason: 'no_data' };
    if (event === null || typeof event !== 'object' || Array.isArray(event)) return { outcome: 'invalid', reason: 'invalid_json' };
    const isCrash = submission.items.some(({ header }) => header?.attachment_type === 'event.minidump');
    const fields = isCrash ? crashOf() : errorOf(submission, event);
    return { view: ['csp', 'hpkp', 'expectct', 'expectstaple'].includes(fields.type) ? 'view_security' : 'view_event', fields };
  },
  feedback(submission, { payload }) {
    const event = parsed(payload);
    const reason = feedbackFault(event);
    return reason ? { outcome: 'invalid', reason } : { view: 'view_feedback', fields: feedbackOf(submission, event) };
  },
  raw_security(_, { header, payload }) {
    const report = parsed(payload);
    const type = reportType(report);
    return type ? { view: 'view_security', fields: { type, ...reportFields(header) } } : { outcome: 'filtered', reason: 'invalid-csp' };
  },
  nel(_, { header, payload }) {
    const report = parsed(payload);
    return { view: 'view_event', fields: { type: 'nel', title: networkTitle(report), ...reportFields(header) } };
  },
};
readers.security = readers.event;

const categories = { event: 'error', security: 'security', raw_security: 'security', nel: 'error', feedback: 'feedback' };

/** What becomes of the item that creates an event; its companions share its fate. */
export function expectEvent(books, seen, submission, item) {
  const { project, eventId } = submission;
  const { view, fields, ...refusal } = readers[item.type](submission, item);
  const key = `${project}/${eventId}`;
  const fate = refusal.outcome ? refusal : eventId && seen.has(key) ? { outcome: 'duplicate' } : {};
  books.count(project, categories[item.type], 1, fate);
  if (fate.outcome) return fate;
  if (eventId) seen.set(key, { timestamp: fields.timestamp });
  // Whom nobody told an id can only be known by what it says.
  const { type, title, ...rest } = fields;
  books.row(view, project, eventId ? { event_id: eventId } : title ? { type, title } : { type }, eventId ? fields : rest);
  return fate;
}

/** Others are dropped in silence. */
const ATTACHMENT_TYPES = `event.attachment event.minidump event.applecrashreport event.payload event.breadcrumbs event.view_hierarchy
  unreal.context unreal.logs`.split(/\s+/);

export function expectAttachment(books, { project, eventId }, { header, payload }, fate) {
  const type = header.attachment_type ?? 'event.attachment';
  if (!ATTACHMENT_TYPES.includes(type)) return;
  books.count(project, 'attachment', Math.max(1, payload.length), fate);
  books.count(project, 'attachment_item', 1, fate);
  if (fate.outcome) return;
  const fields = { type, size: payload.length, sha256: sha256(payload), content_type: header.content_type };
  books.row('view_attachment', project, { event_id: eventId, name: header.filename ?? 'attachment' }, fields);
}

/** Minutes after an event within which words about it are taken. */
const REPORT_AGE_MOST = 30 * 60e6;

export function expectUserReport(books, seen, submission, { payload }) {
  const { project, received } = submission;
  const report = parsed(payload);
  const eventId = plain(report?.event_id ?? submission.eventId);
  if (!eventId) return;
  books.count(project, 'feedback', 1);
  const event = seen.get(`${project}/${eventId}`);
  if (event?.timestamp && event.timestamp({ received: received * 1e3 }) < received * 1e3 - REPORT_AGE_MOST) return;
  const fields = { name: cut(report.name ?? '', 128), email: cut(report.email ?? '', 75), comments: cut(report.comments ?? '', 4096) };
  books.change('view_user_report', project, { event_id: eventId }, () => fields);
}
