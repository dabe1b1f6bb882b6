// Quotas of each category: what they take, what goes with it, what SDKs are told.
import assert from 'node:assert/strict';
import { eventId, sleep } from '../../harness/instance.mjs';
import { form } from './bodies.mjs';
import { ANY } from './expect.mjs';

/** Ingest reads the quotas every second; a busy machine takes longer. */
const LEARN_MILLISECONDS = 2500;
const REASON = 'project_quota';
const NEVER = { limit: 0 };

/** A project of its own with a quota for each [categories, {limit}], once ingest knows of them. */
async function limited(c, ...quotas) {
  const project = await c.project();
  for (const [categories, { limit }] of quotas) await c.quota({ project: project.slug, categories, limit });
  await sleep(LEARN_MILLISECONDS);
  return project;
}

const send = (c, project, items, id = eventId()) => c.envelope({ event_id: id }, items, { project });
const error = () => [{ type: 'event' }, { message: 'one too many' }];
const session = () => [
  { type: 'session' },
  { sid: eventId(), init: true, started: new Date().toISOString(), status: 'exited', attrs: { release: 'a@1' } },
];

/** Asserts that an answer is 429 and tells of these quotas: [seconds, categories] each. */
function refuses(answer, ...entries) {
  assert.equal(answer.status, 429, answer.text);
  assert.equal(answer.headers['x-sentry-rate-limits'], entries.map(([seconds, categories]) => `${seconds}:${categories}:project:${REASON}`).join(', '));
}

// ---- attachments

const SIX = Buffer.from('sixsix');

/** Uploads files of six bytes for an event one by one; the statuses. */
async function upload(c, project, times) {
  const { headers, body } = form([{ name: 'a.txt', filename: 'a.txt', bytes: SIX }]);
  const id = eventId();
  const statuses = [];
  for (let i = 0; i < times; i++) {
    const answer = await c.ask(`/api/${project.id}/events/${id}/attachments/`, { headers: { ...c.auth(project), ...headers }, body });
    statuses.push(answer.status);
  }
  return statuses;
}

/** What so many files of six bytes are counted as. */
const files = (outcome, reason, count) => [
  ['attachment', outcome, reason, count * SIX.length],
  ['attachment_item', outcome, reason, count],
];

/** An entry whose first five uploads of seven are stored. */
const fiveOf = (id, words, category, limit) => [
  id,
  words,
  async (c) => {
    const project = await limited(c, [[category], { limit }]);
    assert.deepEqual(await upload(c, project, 7), [201, 201, 201, 201, 201, 429, 429]);
    await c.counted(project, [...files('accepted', '-', 5), ...files('rate_limited', REASON, 2)]);
  },
];

const DUMP = Buffer.from('MDMP content');

/** Sends two dumps, neither of which is told of the quota of the category; the project. */
async function dumps(c, category) {
  const project = await limited(c, [[category], NEVER]);
  const { headers, body } = form([{ name: 'upload_file_minidump', filename: 'minidump.dmp', bytes: DUMP, type: 'application/octet-stream' }]);
  for (let i = 0; i < 2; i++) {
    const answer = await c.ask(`${c.path('minidump', project)}?sentry_key=${project.key}`, { headers, body });
    assert.equal(answer.status, 200, answer.text);
  }
  return project;
}

const attachments = [
  [
    84,
    'no attachments at all',
    async (c) => {
      const project = await limited(c, [['attachment'], NEVER]);
      assert.deepEqual(await upload(c, project, 2), [429, 429]);
      await c.counted(project, files('rate_limited', REASON, 2));
    },
  ],
  fiveOf(85, 'bytes of five attachments', 'attachment', 5 * SIX.length),
  fiveOf(86, 'five attachments', 'attachment_item', 5),
  [
    89,
    'an event whose attachment is over the limit',
    async (c) => {
      const project = await limited(c, [['attachment'], NEVER]);
      const id = eventId();
      refuses(await send(c, project, [error(), [{ type: 'attachment', filename: 'a.txt' }, SIX]], id), [60, 'attachment']);
      await c.stored(id);
      await c.counted(project, [['error', 'accepted', '-', 1], ...files('rate_limited', REASON, 1)]);
    },
  ],
  [
    134,
    'dumps over a limit are answered like others',
    async (c) => {
      const [ofFiles, ofErrors] = await Promise.all([dumps(c, 'attachment'), dumps(c, 'error')]);
      const refused = [
        ['attachment', 'rate_limited', REASON, 2 * DUMP.length],
        ['attachment_item', 'rate_limited', REASON, 2],
      ];
      await c.counted(ofFiles, [['error', 'accepted', '-', 2], ...refused]);
      await c.counted(ofErrors, [['error', 'rate_limited', REASON, 2], ...refused]);
      await c.nothingStored(ofErrors);
    },
  ],
];

// ---- transactions

/** A transaction of two spans, and a profile. */
function profiled() {
  const end = Date.now() / 1000;
  const ids = { trace_id: eventId(), span_id: eventId().slice(0, 16) };
  const span = () => ({ ...ids, span_id: eventId().slice(0, 16), parent_span_id: ids.span_id, op: 'db', start_timestamp: end - 1, timestamp: end });
  const transaction = { type: 'transaction', transaction: 't', start_timestamp: end - 1, timestamp: end, contexts: { trace: ids } };
  return [
    [{ type: 'transaction' }, { ...transaction, spans: [span(), span()] }],
    [{ type: 'profile' }, { version: '1' }],
  ];
}

const transactions = [
  [
    272,
    'a transaction goes with its spans and its profile',
    async (c) => {
      const project = await limited(c, [['transaction'], NEVER]);
      refuses(await send(c, project, profiled()), [60, 'transaction']);
      await c.counted(project, [
        ...['transaction', 'transaction_indexed', 'profile', 'profile_indexed'].map((category) => [category, 'rate_limited', REASON, 1]),
        ...['span', 'span_indexed'].map((category) => [category, 'rate_limited', REASON, 3]),
      ]);
    },
  ],
  [
    273,
    'a profile goes alone',
    async (c) => {
      const project = await limited(c, [['profile'], NEVER]);
      const id = eventId();
      refuses(await send(c, project, profiled(), id), [60, 'profile']);
      await c.untilApi(`events/${id}/json/`, undefined, { project, mayComeLater: true });
      await c.countedOne(project, ['profile', 'rate_limited', REASON, 1]);
      await c.countedOne(project, ['transaction', 'accepted', '-', 1]);
    },
  ],
];

// ---- headers

const headers = [
  [
    269,
    'nothing at all: no categories in the header',
    async (c) => {
      const project = await limited(c, [[], NEVER]);
      for (const item of [error(), session()]) {
        const answer = await send(c, project, [item]);
        refuses(answer, [60, '']);
        assert.equal(answer.headers['retry-after'], '60');
      }
    },
  ],
  [
    270,
    'two exceeded limits: both in the header',
    async (c) => {
      const project = await limited(c, [['error'], NEVER], [['session'], NEVER]);
      refuses(await send(c, project, [session(), error()]), [60, 'session'], [60, 'default;error;security']);
    },
  ],
  [
    274,
    'a quota over all projects',
    async (c) => {
      const projects = [await c.project(), await c.project()];
      const { id } = await c.quota({ categories: ['error'], limit: 3 });
      await sleep(LEARN_MILLISECONDS);
      try {
        const answers = [];
        for (const turn of [0, 1, 0, 1, 0]) answers.push(await send(c, projects[turn], [error()]));
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 200, 200, 429, 429],
        );
        assert.match(answers[3].headers['x-sentry-rate-limits'], /^\d+:default;error;security:organization:organization_quota$/);
        for (const [at, accepted] of [2, 1].entries())
          await c.counted(projects[at], [
            ['error', 'accepted', '-', accepted],
            ['error', 'rate_limited', 'organization_quota', 1],
          ]);
      } finally {
        await c.noQuota(id);
        await sleep(LEARN_MILLISECONDS);
      }
    },
    'alone',
  ],
];

// ---- other categories

/** An entry whose items are refused again and again while their category has no room, and are counted so. */
const never = (id, words, category, items, rows) => [
  id,
  words,
  async (c) => {
    const project = await limited(c, [[category], NEVER]);
    for (let i = 0; i < 2; i++) refuses(await send(c, project, items()), [60, category]);
    for (const [counted, quantity] of rows) await c.countedOne(project, [counted, 'rate_limited', REASON, quantity]);
  },
];

const replay = () => [
  [{ type: 'replay_event' }, { type: 'replay_event', replay_id: eventId(), segment_id: 0, timestamp: Date.now() / 1000 }],
  [{ type: 'replay_recording' }, Buffer.from('{"segment_id":0}\n[]')],
];
const chunk = () => [[{ type: 'profile_chunk', platform: 'python' }, { version: '2', profiler_id: eventId(), chunk_id: eventId() }]];
const log = () => ({ timestamp: Date.now() / 1000, trace_id: eventId(), level: 'info', body: 'hello', attributes: {} });
const logs = () => [[{ type: 'log', item_count: 2, content_type: 'application/vnd.sentry.items.log+json' }, { items: [log(), log()] }]];

const others = [
  [
    300,
    'sessions: 429, no outcome',
    async (c) => {
      const project = await limited(c, [['session'], NEVER]);
      for (let i = 0; i < 2; i++) refuses(await send(c, project, [session()]), [60, 'session']);
      await c.nothingCounted(project);
    },
  ],
  never(350, 'a replay and its recording', 'replay', replay, [['replay', 4]]),
  [
    364,
    'chunks of profiles, by number and by time',
    (c) =>
      Promise.all(
        ['profile_chunk', 'profile_duration'].map(async (category) => {
          const project = await limited(c, [[category], NEVER]);
          refuses(await send(c, project, chunk()), [60, category]);
          await c.counted(project, [['profile_chunk', 'rate_limited', REASON, 1]]);
        }),
      ),
  ],
  [
    386,
    'check-ins by URL: 202 all the same',
    async (c) => {
      const project = await limited(c, [['monitor'], NEVER]);
      const answer = await c.ask(`/api/${project.id}/cron/nightly/${project.key}?status=ok`);
      assert.equal(answer.status, 202, answer.text);
      await c.counted(project, [['monitor', 'rate_limited', REASON, 1]]);
    },
  ],
  never(401, 'logs by their bytes', 'log_byte', logs, [
    ['log_item', 4],
    ['log_byte', ANY],
  ]),
];

export const limits = [...attachments, ...transactions, ...headers, ...others];
