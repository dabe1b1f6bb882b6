// Sessions and release health, read through the web API's sessions operation.
import assert from 'node:assert/strict';
import { eventId } from '../../harness/instance.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const RELEASE = 'sentry-test@1.0.0';
const NIL = '00000000-0000-0000-0000-000000000000';
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

/** A session item that began an hour ago; `attrs` beside the release. */
const session = ({ attrs = {}, ...fields } = {}) => [
  { type: 'session' },
  {
    sid: eventId(),
    did: 'someone',
    init: true,
    started: ago(HOUR),
    timestamp: ago(60),
    status: 'exited',
    attrs: { release: RELEASE, ...attrs },
    ...fields,
  },
];

const aggregates = (list) => [{ type: 'sessions' }, { aggregates: list, attrs: { release: RELEASE } }];

/** The sums of a project's sessions by status, once they pass the check. */
const untilTotals = (c, project, check) =>
  c.untilApi(
    `sessions/?project=${project.id}&statsPeriod=7d&interval=1h&groupBy=session.status&field=sum(session)&field=count_unique(user)`,
    ({ groups }) => {
      const of = (field) => Object.fromEntries(groups.map(({ by, totals }) => [by['session.status'], totals[field]]));
      check(of('sum(session)'), of('count_unique(user)'));
    },
  );

async function send(c, project, items, header = {}) {
  const answer = await c.envelope(header, items, { project });
  assert.equal(answer.status, 200, answer.text);
}

const NONE = { healthy: 0, errored: 0, crashed: 0, abnormal: 0 };

/** An entry whose items, in one envelope, add up to these sessions. */
const sums = (id, words, items, expected, header) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    await send(c, project, items, header?.());
    await untilTotals(c, project, (counts) => assert.deepEqual({ ...NONE, ...counts }, { ...NONE, ...expected }));
  },
];

/**
 * An entry whose items, made when they are sent, are dropped: a good session beside them is all there is, and no outcome
 * tells of them.
 */
const dropped = (id, words, items) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    await send(c, project, [...items(), session()]);
    await untilTotals(c, project, (counts) => assert.deepEqual({ ...NONE, ...counts }, { ...NONE, healthy: 1 }));
    await c.counted(project, [['session', 'accepted', '-', 1]]);
  },
];

export const sessions = [
  [
    284,
    'a session: one more in its hour, and its user',
    async (c) => {
      const project = await c.project();
      await send(c, project, [session()]);
      await untilTotals(c, project, (counts, users) => {
        assert.deepEqual({ ...NONE, ...counts }, { ...NONE, healthy: 1 });
        assert.equal(users.healthy, 1);
      });
    },
  ],
  [
    285,
    'an update is no further session',
    async (c) => {
      const project = await c.project();
      const sid = eventId();
      await send(c, project, [session({ sid, status: 'ok' })]);
      await send(c, project, [session({ sid, init: false })]);
      await untilTotals(c, project, (counts) => assert.deepEqual({ ...NONE, ...counts }, { ...NONE, healthy: 1 }));
    },
  ],
  sums(286, 'a crash without errors', [session({ status: 'crashed', errors: 0 })], { crashed: 1 }),
  sums(287, 'errors without a crash', [session({ status: 'ok', errors: 3 })], { errored: 1 }),
  sums(288, 'sessions summed by the client', [aggregates([{ started: ago(HOUR), exited: 2, errored: 3, crashed: 1, abnormal: 1 }])], {
    healthy: 2,
    errored: 3,
    crashed: 1,
    abnormal: 1,
  }),
  dropped(289, 'a session of five days and an hour ago', () => [session({ started: ago(5 * DAY + HOUR) })]),
  sums(
    290,
    'of an old and a fresh sum the fresh one',
    [
      aggregates([
        { started: ago(5 * DAY + HOUR), exited: 4 },
        { started: ago(HOUR), exited: 2 },
      ]),
    ],
    { healthy: 2 },
  ),
  dropped(291, 'a session without release', () => [session({ attrs: { release: undefined } })]),
  dropped(292, 'sessions of releases that are none', () => [session({ attrs: { release: 'latest' } }), session({ attrs: { release: '.' } })]),
  sums(293, 'an environment that is none', [session({ attrs: { environment: 'none' } })], { healthy: 1 }),
  [
    294,
    'the nil id is no user',
    async (c) => {
      const project = await c.project();
      await send(c, project, [session({ did: NIL })]);
      await untilTotals(c, project, (counts, users) => {
        assert.deepEqual({ ...NONE, ...counts }, { ...NONE, healthy: 1 });
        assert.equal(users.healthy, 0);
      });
    },
  ],
  sums(295, 'a session that ended before it began', [session({ timestamp: ago(2 * HOUR) })], { healthy: 1 }),
  dropped(296, 'a session of the future', () => [session({ started: ago(-120), timestamp: ago(-120) })]),
  sums(297, 'a clock two hours behind', [session({ started: ago(5 * DAY + HOUR), timestamp: ago(5 * DAY) })], { healthy: 1 }, () => ({
    sent_at: ago(2 * HOUR),
  })),
  dropped(298, 'an unknown status', () => [session({ status: 'foo' })]),
  sums(299, 'an unhandled error is no crash', [session({ status: 'unhandled' })], { errored: 1 }),
  sums(301, "the sender's address", [session({ attrs: { ip_address: '{{auto}}' } })], { healthy: 1 }),
  sums(302, 'an app that did not answer', [session({ status: 'abnormal', abnormal_mechanism: 'anr_foreground', did: 'u' })], { abnormal: 1 }),
];
