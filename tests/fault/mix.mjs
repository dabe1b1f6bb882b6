// Requests of every item type that the digest knows (worker/digest/item_digest.c), each with fresh ids, and the tables
// in which what they hold must be found again.
import { envelopeBytes, eventId } from '../harness/instance.mjs';
import { packed } from '../http/checklist/bodies.mjs';

const hex = (column) => `replace(${column}::text, '-', '')`;
const rows = (mark, from) => `select ${mark} as mark, count(*)::int as n from ${from} group by 1`;

/**
 * By what mark a request is known again in a table, and how often it stands there: a query of (mark, n).  `once`: by an
 * id, so that the same request sent twice is stored once.  Without, an attempt that nobody answered may count as well.
 */
export const tables = {
  event: { once: true, query: rows(hex('event_id'), 'event') },
  attachment: { once: true, query: rows(hex('event_id'), 'attachment') },
  user_report: { once: true, query: rows(hex('event_id'), 'user_report') },
  transaction: { once: true, query: rows(hex('event_id'), 'transaction') },
  transaction_body: { once: true, query: rows(hex('event_id'), 'transaction_body') },
  segment: { once: true, query: rows(hex('transaction_id'), 'span where is_segment and transaction_id is not null') },
  child_span: { once: true, query: rows(hex('transaction_id'), 'span where not is_segment and transaction_id is not null') },
  profile: { once: true, query: rows(hex('profile_id'), 'profile') },
  profile_chunk: { once: true, query: rows(hex('chunk_id'), 'profile_chunk') },
  replay_segment: { once: true, query: rows(hex('replay_id'), 'replay_segment') },
  replay_click: { once: true, query: rows(hex('replay_id'), 'replay_click') },
  check_in: { once: true, query: rows(hex('id'), 'check_in where status = 1') },
  span: { query: rows(hex('trace_id'), 'span where transaction_id is null') },
  log: { query: rows(hex('trace_id'), 'log') },
  trace_metric: { query: rows(hex('trace_id'), 'trace_metric') },
  session: {
    query: `select r.version as mark, sum(s.sessions)::int as n from session_hour s join release r on r.id = s.release_id
             where r.version like 'mix-%' group by 1`,
  },
  client_report: { query: "select reason as mark, sum(quantity)::int as n from outcome_hour where outcome = 5 and reason like 'mix-%' group by 1" },
};

/** Which rows are counted as accepted under which categories (storage/items.h), one each. */
export const countedRows = [
  [['error', 'security', 'feedback'], ['event', 'user_report']],
  [['transaction'], ['transaction']],
  [['profile'], ['profile']],
  [['profile_chunk'], ['profile_chunk']],
  [['monitor'], ['check_in']],
  [['attachment_item'], ['attachment']],
  [['span'], ['segment', 'child_span', 'span']],
  [['log_item'], ['log']],
  [['trace_metric'], ['trace_metric']],
];

const now = () => Date.now() / 1000;
const spanId = () => eventId().slice(16);
const release = () => `mix-${eventId()}@1.0`;
const container = (type, holds, items) => [
  { type, item_count: items.length, content_type: `application/vnd.sentry.items.${holds}+json` },
  { version: 2, items },
];

/** A request of one item that becomes an event. */
const eventItem = (type, payload) => () => {
  const id = eventId();
  return { id, items: [[{ type }, payload(id)]], found: [['event', id]] };
};

const csp = () => ({
  'csp-report': {
    'document-uri': 'http://example.com/page',
    'effective-directive': 'img-src',
    'violated-directive': 'img-src',
    'blocked-uri': 'http://other.example/x.png',
  },
});

const networkError = () => ({
  age: 1,
  type: 'network-error',
  url: 'https://shop.example/',
  body: { elapsed_time: 20, method: 'GET', phase: 'application', type: 'http.error', status_code: 500, sampling_fraction: 1, server_ip: '192.0.2.7' },
});

const SAMPLED = {
  frames: [{ function: 'f', filename: 'a.py', lineno: 1 }],
  stacks: [[0]],
  thread_metadata: { 1: { name: 'main' } },
};

function profileOf(transaction) {
  const at = (seconds) => ({ stack_id: 0, thread_id: '1', elapsed_since_start_ns: String(seconds * 1e9) });
  return {
    version: '1',
    event_id: eventId(),
    platform: 'python',
    release: 'mix@1.0',
    environment: 'production',
    timestamp: new Date().toISOString(),
    device: { architecture: 'x86_64' },
    os: { name: 'Linux', version: '6' },
    runtime: { name: 'CPython', version: '3' },
    transaction: { id: transaction.event_id, trace_id: transaction.contexts.trace.trace_id, name: 'mix', active_thread_id: '1' },
    profile: { ...SAMPLED, samples: [at(0), at(0.1), at(0.2)] },
  };
}

function profiledTransaction() {
  const end = now();
  const trace = { trace_id: eventId(), span_id: spanId(), op: 'http.server', status: 'ok' };
  const span = { trace_id: trace.trace_id, span_id: spanId(), parent_span_id: trace.span_id, op: 'db', start_timestamp: end - 0.5, timestamp: end };
  const id = eventId();
  const transaction = {
    event_id: id,
    type: 'transaction',
    transaction: 'mix',
    platform: 'python',
    start_timestamp: end - 1,
    timestamp: end,
    contexts: { trace },
    spans: [span],
  };
  const profile = profileOf(transaction);
  const items = [
    [{ type: 'transaction' }, transaction],
    [{ type: 'profile' }, profile],
  ];
  const ofTransaction = ['transaction', 'transaction_body', 'segment', 'child_span'].map((table) => [table, id]);
  return { id, items, found: [...ofTransaction, ['profile', profile.event_id]] };
}

function profileChunk() {
  const id = eventId();
  const samples = [0, 0.01].map((later) => ({ timestamp: now() + later, stack_id: 0, thread_id: '1' }));
  const chunk = { version: '2', profiler_id: eventId(), chunk_id: id, platform: 'python', client_sdk: { name: 'sentry.python', version: '2' } };
  return { items: [[{ type: 'profile_chunk', platform: 'python' }, { ...chunk, profile: { ...SAMPLED, samples } }]], found: [['profile_chunk', id]] };
}

function replayParts(id) {
  const click = {
    type: 5,
    timestamp: Date.now(),
    data: {
      tag: 'breadcrumb',
      payload: {
        type: 'default',
        category: 'ui.click',
        timestamp: now(),
        message: 'body > button#buy',
        data: { node: { id: 217, tagName: 'button', attributes: { id: 'buy' }, textContent: 'Buy' }, nodeId: 217 },
      },
    },
  };
  const event = {
    type: 'replay_event',
    replay_id: id,
    segment_id: 0,
    timestamp: now(),
    replay_start_timestamp: now() - 10,
    urls: ['https://shop.example/'],
    error_ids: [],
    trace_ids: [],
    platform: 'javascript',
    replay_type: 'session',
  };
  return { event, recording: Buffer.from(`{"segment_id":0}\n${JSON.stringify([click])}`) };
}

function replay() {
  const id = eventId();
  const { event, recording } = replayParts(id);
  const items = [
    [{ type: 'replay_event' }, event],
    [{ type: 'replay_recording' }, recording],
  ];
  return { id, items, found: [['replay_segment', id], ['replay_click', id]] };
}

function replayVideo() {
  const id = eventId();
  const { event, recording } = replayParts(id);
  const video = packed({ replay_event: Buffer.from(JSON.stringify(event)), replay_recording: recording, replay_video: Buffer.alloc(2000, id) });
  return { id, items: [[{ type: 'replay_video' }, video]], found: [['replay_segment', id], ['replay_click', id]] };
}

function checkIn() {
  const id = eventId();
  const schedule = { type: 'crontab', value: '0 0 1 1 *' }; // none is missed while a test runs
  // A monitor takes so many a minute and no more.
  const fields = { check_in_id: id, monitor_slug: `mix-${id.slice(0, 16)}`, status: 'ok', monitor_config: { schedule } };
  return { items: [[{ type: 'check_in' }, fields]], found: [['check_in', id]] };
}

function session() {
  const version = release();
  const fields = { sid: eventId(), did: 'someone', init: true, started: new Date().toISOString(), status: 'exited', attrs: { release: version } };
  return { items: [[{ type: 'session' }, fields]], found: [['session', version]] };
}

function sessionSums() {
  const version = release();
  const aggregates = [{ started: new Date().toISOString(), exited: 1 }];
  return { items: [[{ type: 'sessions' }, { aggregates, attrs: { release: version } }]], found: [['session', version]] };
}

function clientReport() {
  const reason = `mix-${eventId()}`;
  const report = { timestamp: now(), discarded_events: [{ reason, category: 'error', quantity: 1 }] };
  return { items: [[{ type: 'client_report' }, report]], found: [['client_report', reason]] };
}

function span() {
  const trace_id = eventId();
  const times = { start_timestamp: now() - 1, timestamp: now(), exclusive_time: 1000 };
  return { items: [[{ type: 'span' }, { trace_id, span_id: spanId(), op: 'ui.click', ...times }]], found: [['span', trace_id]] };
}

function log() {
  const trace_id = eventId();
  const record = { timestamp: now(), trace_id, level: 'info', body: 'sent by the mix', attributes: { n: { value: 1, type: 'integer' } } };
  return { items: [container('log', 'log', [record])], found: [['log', trace_id]] };
}

function traceMetric() {
  const trace_id = eventId();
  const metric = { timestamp: now(), trace_id, name: 'mix', value: 1, type: 'counter', attributes: {} };
  return { items: [container('trace_metric', 'trace-metric', [metric])], found: [['trace_metric', trace_id]] };
}

function eventAndCompany() {
  const id = eventId();
  const items = [
    [{ type: 'event' }, { message: 'with what belongs to it', level: 'error' }],
    [{ type: 'attachment', filename: 'small.txt' }, Buffer.from('attached')],
    [{ type: 'user_report' }, { event_id: id, name: 'Ann', email: 'ann@example.com', comments: 'It broke' }],
  ];
  return { id, items, found: [['event', id], ['attachment', id], ['user_report', id]] };
}

const makers = [
  eventAndCompany,
  eventItem('feedback', () => ({ type: 'feedback', level: 'info', contexts: { feedback: { message: 'I like it', contact_email: 'a@example.com' } } })),
  eventItem('raw_security', csp),
  eventItem('security', () => ({ message: 'a report that the client has read', logger: 'csp' })),
  eventItem('nel', networkError),
  profiledTransaction,
  profileChunk,
  replay,
  replayVideo,
  checkIn,
  session,
  sessionSums,
  clientReport,
  span,
  log,
  traceMetric,
];

/** The next request of the mix: {body, found: [table, mark] each}. */
export function mixed(number) {
  const { id, items, found } = makers[number % makers.length]();
  const header = { ...(id ? { event_id: id } : {}), sent_at: new Date().toISOString() };
  return { body: envelopeBytes(header, items), found };
}
