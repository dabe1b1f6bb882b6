// Scrubbing of personal data: the default rules on what a project stores, and its settings.
import assert from 'node:assert/strict';
import { eventId } from '../../harness/instance.mjs';
import { GONE, events, like, pairs } from './expect.mjs';

const CARD = '4571234567890111';
const FILTERED = '[Filtered]';

/** An entry whose event is stored like the pattern in a project with these settings. */
const scrubbed = (id, words, settings, event, pattern, how = {}) => [
  id,
  words,
  async (c) => {
    const project = await c.project({ settings });
    like(await c.normalized(event, { ...how, project }), pattern);
  },
];

const advanced = (applications) => ({ relayPiiConfig: JSON.stringify({ applications }) });

/** The remark of a rule on a value. */
const remark = (...rem) => ({ '': { rem: [rem] } });

const defaults = [
  events(230, 'a password goes', [
    { extra: { password: 'x' } },
    {
      extra: { password: FILTERED },
      _meta: { extra: { password: remark('@password:filter', 's', 0, 10) } },
    },
  ]),
  events(231, 'a number under the name of a password goes', [
    { extra: { a_password_number: 42 } },
    {
      extra: { a_password_number: GONE },
      _meta: { extra: { a_password_number: remark('@password:filter', 'x') } },
    },
  ]),
  events(232, 'an exception keeps its value', [
    { exception: [{ type: 'E', value: CARD }], extra: { card: CARD } },
    { exception: { values: [{ value: CARD }] }, extra: { card: FILTERED } },
  ]),
  events(233, 'a breadcrumb does not', [{ breadcrumbs: [{ message: CARD }] }, { breadcrumbs: { values: [{ message: FILTERED }] } }]),
  events(234, 'headers', [
    {
      request: {
        headers: [
          ['Authorization', 'x'],
          ['User-Agent', 'auth-bot'],
        ],
      },
    },
    { request: { headers: pairs({ Authorization: FILTERED, 'User-Agent': 'auth-bot' }) } },
  ]),
  events(235, 'cookies', [
    { request: { cookies: { sessionid: 'x', foo: 'y' } } },
    { request: { cookies: pairs({ sessionid: FILTERED, foo: 'y' }) } },
  ]),
  events(240, 'variables of a GraphQL request', [
    {
      request: { api_target: 'graphql', data: { query: 'query {viewer}', variables: { login: 'foo' } } },
      contexts: { response: { type: 'response', data: { data: { viewer: { login: 'foo' } } } } },
    },
    { request: { data: { variables: { login: FILTERED } } }, contexts: { response: { data: { data: { viewer: { login: FILTERED } } } } } },
  ]),
];

const settings = [
  scrubbed(229, 'an advanced rule', advanced({ '**': ['@email'] }), { extra: { foo: 'test@mail.org' } }, { extra: { foo: '[email]' } }),
  scrubbed(
    236,
    'addresses go',
    { scrubIPAddresses: true },
    { user: { id: '1', ip_address: '1.2.3.4' }, extra: { text: 'from 1.2.3.4' } },
    { user: { ip_address: GONE }, extra: { text: 'from [ip]' } },
  ),
  scrubbed(
    237,
    'an address goes, its place stays',
    { scrubIPAddresses: true },
    { user: { id: '1', ip_address: '2.125.160.216' } },
    { user: { ip_address: GONE, geo: { country_code: 'GB' } } },
  ),
  scrubbed(
    238,
    'a safe field stays',
    { safeFields: ['foobar'] },
    { extra: { foobar: '123-45-6789', other: '123-45-6789' } },
    { extra: { foobar: '123-45-6789', other: FILTERED } },
  ),
  [
    239,
    'nothing goes where scrubbing is off',
    async (c) => {
      const [off, on] = await Promise.all([c.project({ settings: { dataScrubber: false } }), c.project({ settings: { dataScrubber: true } })]);
      const event = { extra: { password: 'x', card: CARD } };
      like(await c.normalized(event, { project: off }), event);
      like(await c.normalized(event, { project: on }), { extra: { password: FILTERED, card: FILTERED } });
    },
  ],
  [
    241,
    'filters see what is not scrubbed yet',
    async (c) => {
      const project = await c.project({ settings: { options: { 'filters:error_messages': `*${CARD}*` } } });
      const answer = await c.store({ message: `paid with ${CARD}` }, { project });
      assert.equal(answer.status, 200, answer.text);
      await c.counted(project, [['error', 'filtered', 'error-message', 1]]);
      await c.nothingStored(project);
    },
  ],
];

/** A second of half an hour ago. */
const earlier = () => Math.floor(Date.now() / 1000) - 1800;

/** A transaction with one span that holds these data. */
export function transactionWith(data) {
  const start = earlier();
  const ids = { trace_id: eventId(), span_id: eventId().slice(0, 16) };
  const span = {
    ...ids,
    span_id: eventId().slice(0, 16),
    parent_span_id: ids.span_id,
    op: 'test',
    start_timestamp: start,
    timestamp: start + 1,
    data,
  };
  return {
    type: 'transaction',
    transaction: 't',
    start_timestamp: start,
    timestamp: start + 2,
    contexts: { trace: { ...ids, op: 'test' } },
    spans: [span],
    user: { ip_address: '1.2.3.4' },
  };
}

/** A transaction as it is stored. */
export async function storedTransaction(c, project, transaction) {
  const id = eventId();
  const answer = await c.envelope({ event_id: id }, [[{ type: 'transaction' }, transaction]], { project });
  assert.equal(answer.status, 200, answer.text);
  return c.untilApi(`events/${id}/json/`, undefined, { project, mayComeLater: true });
}

const elsewhere = [
  [
    242,
    'data of a span, and the address in its tags',
    async (c) => {
      const project = await c.project({ settings: { scrubIPAddresses: true } });
      const stored = await storedTransaction(c, project, transactionWith({ password: 'x' }));
      like(stored, { spans: [{ data: { password: FILTERED }, sentry_tags: { 'user.ip': GONE } }] });
    },
  ],
  [
    243,
    'recordings: what a page says of itself, not what it shows',
    async (c) => {
      const id = eventId();
      const replay = {
        type: 'replay_event',
        replay_id: id,
        segment_id: 0,
        timestamp: earlier() + 5,
        replay_start_timestamp: earlier(),
        urls: [],
        error_ids: [],
        trace_ids: [],
      };
      const recorded = [5, 3].map((type) => ({ type, timestamp: earlier() * 1000, data: { tag: 'breadcrumb', payload: { data: { text: CARD } } } }));
      const recording = Buffer.from(`{"segment_id":0}\n${JSON.stringify(recorded)}`);
      assert.equal(
        (
          await c.envelope({ event_id: id }, [
            [{ type: 'replay_event' }, replay],
            [{ type: 'replay_recording' }, recording],
          ])
        ).status,
        200,
      );
      const check = ([[first, second]]) => assert.deepEqual([first.data.payload.data.text, second.data.payload.data.text], [FILTERED, CARD]);
      await c.untilApi(`replays/${id}/recording-segments/?download=true`, check, { project: c.main, mayComeLater: true });
    },
  ],
  [
    244,
    'attributes of a log',
    async (c) => {
      const project = await c.project();
      const log = {
        timestamp: earlier(),
        trace_id: eventId(),
        level: 'info',
        body: 'hello',
        attributes: { password: { type: 'string', value: 'x' } },
      };
      const item = [{ type: 'log', item_count: 1, content_type: 'application/vnd.sentry.items.log+json' }, { items: [log] }];
      assert.equal((await c.envelope({}, [item], { project })).status, 200);
      await c.untilApi(`events/?dataset=ourlogs&field=password&statsPeriod=1d&project=${project.id}`, ({ data }) =>
        like(data, [{ password: FILTERED }]),
      );
    },
  ],
];

export const scrubbing = [...defaults, ...settings, ...elsewhere];
