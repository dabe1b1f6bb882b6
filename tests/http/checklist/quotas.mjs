// Quotas, rate limits, outcomes, client reports.
import assert from 'node:assert/strict';
import { eventId, sleep } from '../../harness/instance.mjs';

const LIMIT = { count: 5, window: 1600 };
const RETRY_MOST = 300;
/** What the limit of a key calls itself. */
const REASON = 'key_quota';

const event = (c, project, id = eventId()) => c.envelope({ event_id: id }, [[{ type: 'event' }, { message: 'counted' }]], { project });

let limited;

/**
 * A project whose key lets five events through, after seven: {project, ids, answers}.  The list's quota of scope key is
 * here the limit of the key itself.
 */
function exhaust(c) {
  limited ??= (async () => {
    const project = await c.withNewKey(await c.project(), { rateLimit: LIMIT });
    const ids = Array.from({ length: 7 }, () => eventId());
    const answers = [];
    for (const id of ids) answers.push(await event(c, project, id));
    return { project, ids, answers };
  })();
  return limited;
}

const limits = [
  [
    264,
    'five events of a limit of five: stored',
    async (c) => {
      const { ids, answers } = await exhaust(c);
      assert.deepEqual(
        answers.slice(0, 5).map(({ status }) => status),
        [200, 200, 200, 200, 200],
      );
      for (const id of ids.slice(0, 5)) await c.stored(id);
    },
  ],
  [
    265,
    'the sixth: not stored, counted',
    async (c) => {
      const { project, ids, answers } = await exhaust(c);
      assert.ok([200, 429].includes(answers[5].status), answers[5].text);
      await c.countedOne(project, ['error', 'rate_limited', REASON, 2]);
      await c.notStored(ids[5], ids[6]);
    },
  ],
  [
    266,
    'the seventh: 429 that says for how long',
    async (c) => {
      const { status, headers } = (await exhaust(c)).answers[6];
      assert.equal(status, 429);
      assert.match(headers['retry-after'], /^\d+$/);
      assert.ok(Number(headers['retry-after']) <= RETRY_MOST, headers['retry-after']);
      const [, seconds, categories, rest] = /^(\d+):([a-z;_]*):(.*)$/.exec(headers['x-sentry-rate-limits']);
      assert.equal(seconds, headers['retry-after']);
      assert.ok(categories.split(';').includes('error'), categories);
      assert.equal(rest, `key:${REASON}`);
    },
  ],
  [
    267,
    "the project's other key: stored",
    async (c) => {
      const { project } = await exhaust(c);
      const other = await c.withNewKey(project);
      const id = eventId();
      assert.equal((await event(c, other, id)).status, 200);
      await c.stored(id);
    },
  ],
  [
    268,
    'a session, a transaction, a check-in when errors are exhausted: accepted',
    async (c) => {
      const { project } = await exhaust(c);
      const end = Date.now() / 1000;
      const items = [
        [{ type: 'session' }, { sid: eventId(), init: true, started: new Date().toISOString(), status: 'exited', attrs: { release: 'a@1' } }],
        [
          { type: 'transaction' },
          {
            type: 'transaction',
            transaction: 't',
            start_timestamp: end - 1,
            timestamp: end,
            contexts: { trace: { trace_id: eventId(), span_id: eventId().slice(0, 16) } },
          },
        ],
        [{ type: 'check_in' }, { check_in_id: eventId(), monitor_slug: 'm', status: 'ok' }],
      ];
      for (const item of items) {
        const answer = await c.envelope({ event_id: eventId() }, [item], { project });
        assert.equal(answer.status, 200, `${item[0].type}: ${answer.text}`);
      }
    },
  ],
  [
    271,
    'network errors and messages count as errors',
    async (c) => {
      const project = await c.project();
      assert.equal((await event(c, project)).status, 200);
      const report = [
        { age: 1, type: 'network-error', url: 'https://example.com/', body: { type: 'http.error', phase: 'application', status_code: 500 } },
      ];
      const answer = await c.ask(`${c.path('nel', project)}?sentry_key=${project.key}`, {
        headers: { 'content-type': 'application/reports+json' },
        body: JSON.stringify(report),
      });
      assert.equal(answer.status, 200, answer.text);
      await c.counted(project, [['error', 'accepted', '-', 2]]);
    },
  ],
];

const report = (fields) => [{ type: 'client_report' }, { timestamp: Date.now() / 1000, ...fields }];
const discarded = (quantity = 42, reason = 'queue_overflow') => ({ discarded_events: [{ reason, category: 'error', quantity }] });
/** A report that is counted, beside those that must not be: so that its absence would show. */
const SEEN = report(discarded(7, 'before_send'));
const SEEN_ROW = ['error', 'client_discard', 'before_send', 7];

/** An entry for client reports, each sent in an envelope of its own unless `together`, and all that they are counted as. */
const reports = (id, words, items, rows, { together = false } = {}) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    for (const group of together ? [items] : items.map((item) => [item])) {
      const answer = await c.envelope({}, group, { project });
      assert.equal(answer.status, 200, answer.text);
    }
    await c.counted(project, rows);
  },
];

const now = Date.now() / 1000;

const clientReports = [
  reports(275, 'what a client discarded', [report(discarded())], [['error', 'client_discard', 'queue_overflow', 42]]),
  reports(
    276,
    'the same twice in an envelope: summed',
    [report(discarded()), report(discarded())],
    [['error', 'client_discard', 'queue_overflow', 84]],
    { together: true },
  ),
  reports(
    277,
    'reports of long ago and of the future',
    [report({ ...discarded(), timestamp: now - 300 * 86400 }), report({ ...discarded(), timestamp: now + 2 * 3600 }), SEEN],
    [SEEN_ROW],
  ),
  reports(
    278,
    'what a client limited, filtered and sampled',
    [
      report({
        rate_limited_events: [{ reason: 'generic', category: 'error', quantity: 2 }],
        filtered_events: [{ reason: 'error-message', category: 'error', quantity: 1 }],
        filtered_sampling_events: [{ reason: 'Sampled:1000', category: 'error', quantity: 1 }],
      }),
    ],
    [
      ['error', 'rate_limited', 'generic', 2],
      ['error', 'filtered', 'error-message', 1],
      ['error', 'filtered', 'Sampled:1000', 1],
    ],
  ),
  reports(
    279,
    'sampling for no known reason',
    [report({ filtered_sampling_events: [{ reason: 'foo', category: 'error', quantity: 1 }] }), SEEN],
    [SEEN_ROW],
  ),
  reports(280, 'a report that is not JSON', [[{ type: 'client_report' }, Buffer.from('{"oops":')], SEEN], [SEEN_ROW]),
];

const outcomes = [
  [
    281,
    'an accepted event is counted for its key',
    async (c) => {
      const project = await c.project();
      assert.equal((await event(c, project)).status, 200);
      await c.counted(project, [['error', 'accepted', '-', 1]]);
      const [row] = await c.vedette.sql(`
      select k.public_key as key, p.organization_id as organization from outcome_hour o
        join project_key k on k.id = o.key_id join project p on p.id = o.project_id where o.project_id = ${project.id}`);
      assert.deepEqual(row, { key: project.key, organization: 1 });
    },
  ],
  [
    282,
    'a broken event is counted as invalid alone',
    async (c) => {
      const project = await c.project();
      const answer = await c.envelope(`{"event_id":"${eventId()}"}\n{"type":"event"}\n{"oops":\n`, undefined, { project });
      assert.equal(answer.status, 200, answer.text);
      await c.counted(project, [['error', 'invalid', 'invalid_json', 1]]);
      await c.nothingStored(project);
    },
  ],
];

/** The least that the log's ceiling may be. */
const CEILING = 64 * 1024 * 1024;
/** Payloads up to this lie in the log itself. */
const PAYLOAD = 250_000;

/** Fills the log while nobody reads it, until ingest, which looks every second, takes no more; the last answer. */
async function fillLog(c, project) {
  const payload = { message: 'm', extra: { filler: 'x'.repeat(PAYLOAD) } };
  const send = () => c.envelope({ event_id: eventId() }, [[{ type: 'event' }, payload]], { project });
  const end = Date.now() + c.patience * 1000;
  for (let sent = 0; Date.now() < end; sent += 16 * PAYLOAD) {
    if (sent > CEILING) await sleep(500);
    const refused = (await Promise.all(Array.from({ length: 16 }, send))).find(({ status }) => status !== 200);
    if (refused) return refused;
  }
  return { status: 200 };
}

const overload = [
  [
    283,
    'a log that is full: 503',
    async (c) => {
      const project = await c.project();
      await c.vedette.halt('worker');
      c.vedette.change({ eventlog_max_bytes: CEILING }, 'ingest');
      const answer = await fillLog(c, project);
      assert.equal(answer.status, 503, answer.text);
      assert.match(answer.headers['retry-after'], /^\d+$/);
    },
    'alone',
  ],
];

export const quotas = [...limits, ...clientReports, ...outcomes, ...overload];
