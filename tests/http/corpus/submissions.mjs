// What a request of the corpus carries: the items that a server must find in it, each with the header and the bytes
// of its payload.  The decoder is the replay tool's, which shares no code with the server.
//
// A submission is what lives and dies together: an envelope, an event of the store endpoint, one report of a list.
//   {project, received, sentAt, client, eventId, items: [{type, header, payload}]}
// eventId is what the sender was told; undefined where nobody is told one.
import { logsOf, spansOf } from './otlp.mjs';

const json = (bytes) => JSON.parse(bytes.toString('utf8'));
const jsonBytes = (value) => Buffer.from(JSON.stringify(value));
const plain = (id) => id?.replaceAll('-', '').toLowerCase();

function answeredId(answer) {
  try {
    return plain(JSON.parse(answer).id);
  } catch {
    return undefined;
  }
}

const envelope = ({ decoder, bytes, request }) => {
  const { header, items } = decoder.parseEnvelope(bytes);
  return [{ sentAt: header.sent_at, eventId: answeredId(request.answer), items: items.map(({ header: of, payload }) => ({ type: of.type, header: of, payload })) }];
};

/** What the legacy endpoint takes an event for, by its "type". */
const storeTypes = { transaction: 'transaction', csp: 'security', hpkp: 'security', expectct: 'security', expectstaple: 'security', feedback: 'feedback' };

const storeEvent = (event, request) => {
  const eventId = answeredId(request.answer) ?? plain(event.event_id);
  return [{ eventId, items: [{ type: storeTypes[event.type] ?? 'event', header: {}, payload: jsonBytes(event) }] }];
};

const store = ({ decoder, bytes, request, url }) =>
  request.method === 'GET'
    ? storeEvent(decoder.decodeStore(Buffer.from(url.searchParams.get('sentry_data'))).json, request)
    : storeEvent(decoder.decodeStore(bytes).json, request);

/** Every member of a list is an event of its own, which nobody is told the id of. */
const reports = (type) => ({ bytes, url }) => {
  const header = { sentry_release: url.searchParams.get('sentry_release') ?? undefined, sentry_environment: url.searchParams.get('sentry_environment') ?? undefined };
  return [json(bytes)].flat().map((report) => ({ items: [{ type, header, payload: jsonBytes(report) }] }));
};

/** A dump, alone or in a form with files and fields of the event. */
const minidump = ({ decoder, bytes, request }) => {
  const parts = decoder.multipart(bytes, request.headers['content-type']) ?? [{ name: 'upload_file_minidump', data: bytes }];
  const files = parts.filter(({ name, filename }) => filename !== undefined || name === 'upload_file_minidump').filter(({ name }) => !name.startsWith('__sentry'));
  const attachments = files.map(({ name, filename, data }) => ({
    type: 'attachment',
    header: { filename: filename ?? 'Minidump', ...(name === 'upload_file_minidump' ? { attachment_type: 'event.minidump' } : {}) },
    payload: data,
  }));
  return [{ eventId: plain(request.answer), items: [{ type: 'event', header: {}, payload: jsonBytes({}) }, ...attachments] }];
};

const checkIn = ({ bytes, request, url, match }) => {
  const { duration, ...asked } = Object.fromEntries(url.searchParams);
  const sent = request.method === 'POST' ? json(bytes) : { ...asked, ...(duration ? { duration: Number(duration) } : {}) };
  return [{ items: [{ type: 'check_in', header: {}, payload: jsonBytes({ ...sent, monitor_slug: match[2] }) }] }];
};

const dialog = ({ bytes, url }) => {
  const { name, email, comments } = Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
  const report = { event_id: url.searchParams.get('eventId'), name, email, comments };
  return [{ items: [{ type: 'user_report', header: {}, payload: jsonBytes(report) }] }];
};

const routes = [
  ['POST', /^\/api\/(\d+)\/envelope\/$/, envelope],
  ['POST', /^\/api\/(\d+)\/store\/$/, store],
  ['GET', /^\/api\/(\d+)\/store\/$/, store],
  ['POST', /^\/api\/(\d+)\/(?:security|csp-report)\/$/, reports('raw_security')],
  ['POST', /^\/api\/(\d+)\/nel\/$/, reports('nel')],
  ['POST', /^\/api\/(\d+)\/minidump\/$/, minidump],
  ['GET', /^\/api\/(\d+)\/cron\/([^/]+)\/[^/]+\/$/, checkIn],
  ['POST', /^\/api\/(\d+)\/cron\/([^/]+)\/[^/]+\/$/, checkIn],
  ['POST', /^\/api\/(\d+)\/integration\/otlp\/v1\/traces\/?$/, ({ bytes }) => [{ items: spansOf(bytes).map((span) => ({ type: 'otlp_span', span })) }]],
  ['POST', /^\/api\/(\d+)\/integration\/otlp\/v1\/logs\/?$/, ({ bytes }) => [{ items: logsOf(bytes).map((log) => ({ type: 'otlp_log', log })) }]],
  ['POST', /^\/api\/embed\/error-page\/$/, dialog],
  ['POST', /^\/api\/0\/projects\/[^/]+\/[^/]+\/user-feedback\/$/, ({ bytes }) => [{ items: [{ type: 'user_report', header: {}, payload: bytes }] }]],
];

/** The submissions of a recorded request (recorder.mjs); `home` is the project of requests whose path names none. */
export function submissionsOf(decoder, request, home) {
  const url = new URL(request.path, 'http://x');
  const route = routes.find(([method, path]) => method === request.method && path.test(url.pathname));
  if (!route) return [];
  const match = route[1].exec(url.pathname);
  const bytes = decoder.decompress(request.body, request.headers['content-encoding']);
  const submissions = route[2]({ decoder, bytes, request, url, match });
  const common = { project: match[1] ?? home, received: request.received, status: request.status };
  return submissions.map((submission) => ({ ...common, ...submission }));
}
