// Transactions and spans.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { eventId } from '../../harness/instance.mjs';
import { ANY, GONE, like, near } from './expect.mjs';

const DAY = 86400;
const SLACK = 1e-3;
const spanId = () => eventId().slice(0, 16);

/** Times of the list are offsets, in seconds, from a moment two hours ago. */
const base = () => Math.floor(Date.now() / 1000) - 7200;

/**
 * A transaction from 0 to `end` seconds.  `spans` are {op, description, start, end, name?, parent?}: the parent is
 * named, or the root.
 */
function transaction({ end = 5, spans = [], trace = {}, start = base(), ...fields } = {}) {
  const root = spanId();
  const trace_id = eventId();
  const ids = Object.fromEntries(spans.filter(({ name }) => name).map(({ name }) => [name, spanId()]));
  return {
    type: 'transaction',
    transaction: 'test',
    platform: 'python',
    start_timestamp: start,
    timestamp: start + end,
    contexts: { trace: { trace_id, span_id: root, op: 'test', ...trace } },
    spans: spans.map(({ name, parent, start: from, end: to, ...span }) => ({
      trace_id,
      span_id: ids[name] ?? spanId(),
      parent_span_id: parent ? ids[parent] : root,
      start_timestamp: start + (from ?? 0),
      timestamp: to === undefined ? undefined : start + to,
      ...span,
    })),
    ...fields,
  };
}

const send = (c, event, { project = c.main, id = eventId(), header = {} } = {}) =>
  c.envelope({ event_id: id, ...header }, [[{ type: 'transaction' }, event]], { project });

/** The transaction as it is stored. */
async function becomes(c, event, options) {
  const id = eventId();
  const answer = await send(c, event, { ...options, id });
  assert.equal(answer.status, 200, answer.text);
  return c.untilApi(`events/${id}/json/`, undefined, { project: c.main, mayComeLater: true });
}

/** An entry whose transactions, sent one by one, are stored like their patterns: [event, pattern] each. */
const stored = (id, words, ...cases) => [
  id,
  words,
  (c) => Promise.all(cases.map(async ([event, pattern]) => like(await becomes(c, event), pattern))),
];

/** What is counted for an item is counted for what it is indexed as, too. */
const indexedToo = (rows) => [...rows, ...rows.map(([category, ...rest]) => [`${category}_indexed`, ...rest])];

/** A project that keeps transactions named "test", or their traces, at a rate. */
const sampledProject = (c, type, value) =>
  c.project({
    settings: {
      options: {
        'sentry:dynamic_sampling': {
          rules: [
            {
              id: 7,
              type,
              samplingValue: { type: 'sampleRate', value },
              condition: { op: 'eq', name: `${type === 'trace' ? 'trace' : 'event'}.transaction`, value: 'test' },
            },
          ],
        },
      },
    },
  });

/** An entry whose transactions are all invalid for the reason. */
const invalid = (id, words, reason, ...events) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    for (const event of events) {
      const answer = await send(c, event, { project });
      assert.equal(answer.status, 200, answer.text);
    }
    const spans = events.reduce((sum, event) => sum + 1 + (event.spans?.length ?? 0), 0);
    const lost = [
      ['transaction', 'invalid', reason, events.length],
      ['span', 'invalid', reason, spans],
    ];
    await c.counted(project, indexedToo(lost));
  },
];

/** An entry whose span, of op and description, gets these tags. */
const spanTags = (id, words, span, tags) =>
  stored(id, words, [transaction({ spans: [{ start: 1, end: 2, ...span }] }), { spans: [{ sentry_tags: tags }] }]);

const group = (description) => createHash('md5').update(description).digest('hex').slice(0, 16);

const validity = [
  stored(304, 'a transaction with a span', [
    transaction({ spans: [{ op: 'http.client', description: 'GET https://a.example/', start: 1, end: 2 }] }),
    {
      type: 'transaction',
      transaction: 'test',
      spans: [{ op: 'http.client', exclusive_time: near(1000, SLACK), sentry_tags: { op: 'http.client', category: 'http' } }],
    },
  ]),
  invalid(
    305,
    'transactions that cannot be',
    'invalid_transaction',
    transaction({ timestamp: undefined }),
    transaction({ end: -1 }),
    transaction({ contexts: {} }),
    transaction({ trace: { trace_id: 'no' } }),
  ),
  stored(306, 'a span without end', [
    transaction({ spans: [{ op: 'a', start: 1 }] }),
    {
      spans: [
        (span, path) => {
          like(span, { status: 'deadline_exceeded' }, path);
          near(4, SLACK)(span.timestamp - span.start_timestamp, path);
        },
      ],
    },
  ]),
  invalid(307, 'a span that ends before it begins', 'invalid_transaction', transaction({ spans: [{ op: 'a', start: 3, end: 2 }] })),
  invalid(308, 'a transaction of six days ago', 'timestamp', transaction({ start: base() - 6 * DAY })),
];

const LETTERS = 'abcdefghijkl';

/** A page load that Chrome measured. */
function pageload(measurements) {
  const event = transaction({ measurements, platform: 'javascript' });
  event.contexts.browser = { name: 'Chrome', version: '120.0.0' };
  return event;
}

const score = (number) => ({ value: near(number, 1e-3) });

const measures = [
  [
    309,
    'the time a span has for itself',
    async (c) => {
      const event = await becomes(
        c,
        transaction({
          end: 4000,
          spans: [
            { op: 'a', name: 'a', start: 1000, end: 3000 },
            { op: 'b', name: 'b', parent: 'a', start: 1400, end: 2600 },
            { op: 'c', parent: 'b', start: 1700, end: 2300 },
          ],
        }),
      );
      assert.deepEqual(
        event.spans.map((span) => [span.op, Math.round(span.exclusive_time)]),
        [
          ['a', 800000],
          ['b', 600000],
          ['c', 600000],
        ],
      );
      near(2000000, SLACK)(event.contexts.trace.exclusive_time, 'the root');
    },
  ],
  stored(310, 'time by kind of span', [
    transaction({
      end: 4000,
      spans: [
        { op: 'http', start: 1000.5, end: 2000.5 },
        { op: 'http', start: 1500.5, end: 2500.5 },
        { op: 'http.secure', start: 3500, end: 4000 },
        { op: 'resource.link', start: 500.001, end: 600.002003 },
        { op: 'django.middleware', start: 100, end: 200 },
      ],
    }),
    {
      breakdowns: {
        span_ops: {
          'ops.http': { value: near(2000000, 0.01) },
          'ops.resource': { value: near(100001.003, 0.01) },
          'total.time': { value: near(2200001.003, 0.01) },
        },
      },
    },
  ]),
  stored(311, 'measurements that are built in', [
    transaction({
      measurements: {
        LCP: { value: 420.69 },
        '  lcp_final.element-Size123  ': { value: 1 },
        fid: { value: 2020 },
        cls: { value: null },
        '-x': { value: 1 },
      },
    }),
    {
      measurements: {
        lcp: { value: 420.69, unit: 'millisecond' },
        fid: { value: 2020, unit: 'millisecond' },
        cls: { value: GONE },
        '-x': GONE,
        '  lcp_final.element-Size123  ': GONE,
      },
    },
  ]),
  stored(312, 'no measurements', [transaction({ measurements: {} }), { measurements: GONE }]),
  [
    313,
    'measurements of an error',
    async (c) => {
      like(await c.normalized({ exception: [{ type: 'E', value: 'v' }], measurements: { lcp: { value: 1, unit: 'millisecond' } } }), {
        measurements: GONE,
      });
    },
  ],
  [
    314,
    'ten of twelve custom measurements',
    async (c) => {
      const measurements = Object.fromEntries([...LETTERS].map((letter) => [`custom.${letter}`, { value: 1, unit: 'second' }]));
      const event = await becomes(c, transaction({ measurements }));
      assert.equal(Object.keys(event.measurements).filter((name) => name.startsWith('custom.')).length, 10);
      assert.ok(JSON.stringify(event._meta.measurements).includes('Too many measurements'));
    },
  ],
  stored(315, 'rates of frames and stalls', [
    transaction({
      end: 5,
      platform: 'cocoa',
      measurements: {
        frames_total: { value: 4 },
        frames_slow: { value: 1 },
        frames_frozen: { value: 2 },
        stall_total_time: { value: 4000, unit: 'millisecond' },
      },
    }),
    { measurements: { frames_slow_rate: { value: 0.25 }, frames_frozen_rate: { value: 0.5 }, stall_percentage: { value: 0.8 } } },
  ]),
  [
    316,
    'scores of a page load',
    async (c) => {
      const { measurements } = await becomes(c, pageload({ lcp: { value: 2400 }, fcp: { value: 1600 }, cls: { value: 0.25 }, ttfb: { value: 400 } }));
      const weights = Object.entries(measurements).filter(([name]) => name.startsWith('score.weight.'));
      near(1, SLACK)(
        weights.reduce((sum, [, { value }]) => sum + value, 0),
        'sum of the weights',
      );
      for (const [name, { value }] of weights) like(measurements[name.replace('.weight', '')], score(value / 2), name);
      like(measurements['score.total'], score(0.5));
    },
  ],
  [
    317,
    'no score without all its parts',
    async (c) => {
      const { measurements } = await becomes(c, pageload({ lcp: { value: 2400 }, cls: { value: 0.25 }, ttfb: { value: 400 } }));
      assert.deepEqual(
        Object.keys(measurements).filter((name) => name.startsWith('score.')),
        [],
      );
    },
  ],
];

const LONG_NAME = '/foo/2fd4e1c67a2d28fced849ee1bb76e7391b93eb12/user/123/0';

const naming = [
  stored(318, 'ids in a URL', [
    transaction({ transaction: LONG_NAME, transaction_info: { source: 'url' } }),
    { transaction: '/foo/*/user/*/0', transaction_info: { source: 'sanitized' }, _meta: { transaction: { '': { val: LONG_NAME } } } },
  ]),
  stored(319, 'ids in a route', [
    transaction({ transaction: LONG_NAME, transaction_info: { source: 'route' } }),
    { transaction: LONG_NAME, transaction_info: { source: 'route' } },
  ]),
  stored(320, 'a transaction without name', [transaction({ transaction: '' }), { transaction: '<unlabeled transaction>' }]),
  stored(321, 'a span without op', [transaction({ spans: [{ op: null, start: 1, end: 2 }] }), { spans: [{ op: 'default' }] }]),
];

const tags = [
  spanTags(
    322,
    'a call',
    { op: 'http.client', description: 'GET https://api.test.com/v1/users?x=1' },
    { description: 'GET https://*.test.com', domain: '*.test.com', group: group('GET https://*.test.com') },
  ),
  spanTags(323, 'a call of an address', { op: 'http.client', description: 'GET http://8.8.8.8/data' }, { description: 'GET http://*.*.*.*' }),
  spanTags(
    324,
    'a query',
    { op: 'db', description: 'SELECT count() FROM table1 WHERE id IN (100, 101, 102)' },
    { description: 'SELECT count() FROM table1 WHERE id IN (%s)', action: 'SELECT', domain: ',table1,' },
  ),
  spanTags(
    325,
    'an update',
    { op: 'db', description: 'UPDATE foo SET a = 1, `foo`.`b` = 2 WHERE true' },
    { description: 'UPDATE foo SET .. WHERE %s' },
  ),
  spanTags(
    326,
    'an insert',
    { op: 'db', description: "INSERT INTO a VALUES (123, N'foo', 'bar')" },
    { description: 'INSERT INTO a (..) VALUES (%s)' },
  ),
  spanTags(
    327,
    'a query cut off',
    { op: 'db', description: "select count() from table1 where name in ('foo', 'bar', 'ba" },
    { description: 'select count() from table1 where name in (%s' },
  ),
  spanTags(328, 'a command of Redis', { op: 'db.redis', description: 'SET user:1 x', data: { 'db.system': 'redis' } }, { description: 'SET *' }),
  spanTags(
    329,
    'a script',
    { op: 'resource.script', description: 'https://cdn.domain.com/static/chunks/app-1234abcdef.js' },
    { description: 'https://*.domain.com/static/chunks/app-*.js', domain: '*.domain.com' },
  ),
  [
    338,
    "the client's sample rate",
    async (c) => {
      const trace_id = eventId();
      const header = { trace: { trace_id, public_key: c.main.key, sample_rate: '0.5' } };
      const event = await becomes(c, transaction({ trace: { trace_id } }), { header });
      like(event.contexts.trace, { client_sample_rate: 0.5 });
    },
  ],
  [
    339,
    'a rule that keeps no transaction of a name',
    async (c) => {
      const project = await sampledProject(c, 'transaction', 0);
      const header = { trace: { trace_id: eventId(), public_key: project.key } };
      const dropped = transaction({ spans: [{ op: 'a', start: 1, end: 2 }] });
      const others = [dropped, transaction({ transaction: 'other' })];
      for (const event of others) assert.equal((await send(c, event, { project, header })).status, 200);
      await c.normalized({ message: 'an error of the same trace', transaction: 'test' }, { project, header });
      await c.counted(project, [
        ['transaction', 'accepted', '-', 2],
        ['transaction_indexed', 'accepted', '-', 1],
        ['transaction_indexed', 'filtered', 'Sampled:0', 1],
        ['span', 'accepted', '-', 3],
        ['span_indexed', 'accepted', '-', 1],
        ['span_indexed', 'filtered', 'Sampled:0', 2],
        ['error', 'accepted', '-', 1],
      ]);
    },
  ],
  [
    340,
    'an error says what became of its trace',
    async (c) => {
      for (const [rate, sampled] of [
        [1, true],
        [0, false],
      ]) {
        const project = await sampledProject(c, 'trace', rate);
        const trace = { trace_id: eventId(), public_key: project.key, transaction: 'test' };
        like(await c.normalized({ message: 'x' }, { project, header: { trace } }), { contexts: { trace: { sampled } } });
        const elsewhere = { ...trace, public_key: eventId() };
        const { contexts } = await c.normalized({ message: 'x' }, { project, header: { trace: elsewhere } });
        assert.equal(contexts?.trace?.sampled, undefined);
      }
    },
  ],
];

/** A span item of its own, of a second half an hour ago. */
const standalone = (fields = {}) => {
  const start = base();
  return { trace_id: eventId(), span_id: spanId(), op: 'test', start_timestamp: start, timestamp: start + 1, exclusive_time: 1000, ...fields };
};

/** An entry whose spans, each in an envelope of its own, are counted as these rows, and so as indexed. */
const spanItems = (id, words, item, payloads, rows) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    for (const payload of payloads) {
      const answer = await c.envelope({}, [[{ type: 'span', ...item }, payload]], { project });
      assert.equal(answer.status, 200, answer.text);
    }
    await c.counted(project, indexedToo(rows));
  },
];

const CONTAINER = 'application/vnd.sentry.items.span.v2+json';
const spanV2 = (fields = {}) => ({
  trace_id: eventId(),
  span_id: spanId(),
  name: 'n',
  status: 'ok',
  is_segment: true,
  start_timestamp: base(),
  end_timestamp: base() + 1,
  ...fields,
});
const twin = spanV2();

const otlpSpan = () => ({
  traceId: eventId(),
  spanId: spanId(),
  name: 'GET /',
  kind: 2,
  startTimeUnixNano: `${base()}000000000`,
  endTimeUnixNano: `${base() + 1}000000000`,
});
const otlp = (c, project, headers, body) =>
  c.ask(`/api/${project.id}/integration/otlp/v1/traces`, { headers: { ...c.auth(project), ...headers }, body });

const spans = [
  spanItems(
    330,
    'a span without the time it has for itself',
    {},
    [standalone({ exclusive_time: undefined })],
    [['span', 'invalid', 'invalid_span', 1]],
  ),
  spanItems(
    331,
    'spans of impossible times',
    {},
    [standalone({ timestamp: base() - 10 }), standalone({ start_timestamp: -10 })],
    [['span', 'invalid', 'invalid_span', 2]],
  ),
  [
    333,
    'a container that counts wrong',
    async (c) => {
      const project = await c.project();
      const item = { type: 'span', content_type: CONTAINER, item_count: 3 };
      assert.equal((await c.envelope({}, [[item, { items: [spanV2()] }]], { project })).status, 200);
      await c.countedOne(project, ['span', 'invalid', ANY, ANY]);
    },
  ],
  spanItems(
    334,
    'a span of a container that ends before it begins',
    { content_type: CONTAINER, item_count: 1 },
    [{ items: [spanV2({ end_timestamp: base() - 10 })] }],
    [['span', 'invalid', 'timestamp', 1]],
  ),
  spanItems(
    335,
    'a span id twice in a container',
    { content_type: CONTAINER, item_count: 2 },
    [{ items: [twin, twin] }],
    [
      ['span', 'accepted', '-', 1],
      ['span', 'invalid', 'duplicate', 1],
    ],
  ),
  [
    336,
    'spans of OpenTelemetry, as JSON',
    async (c) => {
      const project = await c.project();
      const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 's' }, spans: [otlpSpan()] }] }] });
      const answer = await otlp(c, project, { 'content-type': 'application/json' }, body);
      assert.equal(answer.status, 202, answer.text);
      await c.countedOne(project, ['span', 'accepted', '-', 1]);
    },
  ],
  [
    337,
    'spans of OpenTelemetry as text: 415',
    async (c) => {
      assert.equal((await otlp(c, c.main, { 'content-type': 'text/plain' }, '{}')).status, 415);
    },
  ],
];

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';

/** A row of the web API's explorer, once it passes. */
const untilRow = (c, project, query, pattern) =>
  c.untilApi(`events/?${query}&statsPeriod=1d&project=${project.id}`, ({ data }) => like(data, [pattern]));

const explored = [
  [
    332,
    'the score of an interaction',
    async (c) => {
      const project = await c.project();
      const span = standalone({ op: 'ui.interaction.click', measurements: { inp: { value: 500, unit: 'millisecond' } } });
      const answer = await c.envelope({}, [[{ type: 'span' }, span]], { project, headers: { 'user-agent': CHROME } });
      assert.equal(answer.status, 200, answer.text);
      const fields = ['span.op', 'measurements.score.inp', 'measurements.score.total', 'segment.id'].map((name) => `field=${name}`).join('&');
      await untilRow(c, project, `dataset=spans&${fields}`, {
        'span.op': 'ui.interaction.click',
        'measurements.score.inp': near(0.5, SLACK),
        'measurements.score.total': near(0.5, SLACK),
        'segment.id': GONE,
      });
    },
  ],
  [
    341,
    'apdex, misery and failures',
    async (c) => {
      const project = await c.project();
      // Seconds, status and user: satisfied, tolerated, and a failure that nobody tolerates (threshold 300 ms).
      for (const [end, status, id] of [
        [0.1, 'ok', 'a'],
        [0.6, 'ok', 'b'],
        [2, 'internal_error', 'c'],
      ])
        assert.equal((await send(c, transaction({ end, trace: { status }, user: { id } }), { project })).status, 200);
      await untilRow(c, project, 'dataset=transactions&field=apdex(300)&field=user_misery(300)&field=failure_rate()', {
        'apdex(300)': near(1.5 / 3, SLACK),
        'user_misery(300)': near((1 + 5.8875) / (3 + 5.8875 + 111.8625), SLACK),
        'failure_rate()': near(1 / 3, SLACK),
      });
    },
  ],
];

export const transactions = [...validity, ...measures, ...naming, ...tags, ...spans, ...explored];
