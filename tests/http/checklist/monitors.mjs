// Monitors, user reports and feedback, logs and metrics.
import assert from 'node:assert/strict';
import { eventId, sleep } from '../../harness/instance.mjs';
import { ANY, GONE, has, like } from './expect.mjs';

export const HOURLY = { schedule: { type: 'crontab', value: '0 * * * *' } };
const NIL = '0'.repeat(32);
const slug = () => `monitor-${eventId().slice(0, 12)}`;

/** A check-in for a project. */
export async function checkIn(c, project, fields) {
  const answer = await c.envelope({}, [[{ type: 'check_in' }, { status: 'ok', ...fields }]], { project });
  assert.equal(answer.status, 200, answer.text);
}

/** A monitor's check-ins as the web API lists them, newest first, once they pass. */
export const untilCheckIns = (c, project, name, check) => c.untilApi(`monitors/${name}/checkins/`, check, { project, mayComeLater: true });

/** Sends check-ins of one monitor one after another; the first makes it. */
export async function inTurn(c, ...list) {
  const project = await c.project();
  const name = slug();
  for (const [at, fields] of list.entries()) {
    await checkIn(c, project, { monitor_slug: name, ...(at === 0 ? { monitor_config: HOURLY } : {}), ...fields });
    await c.digested();
  }
  return { project, name };
}

/** An entry that asks the cron endpoint, and finds the check-in by it. */
const byUrl = (id, words, ask) => [
  id,
  words,
  async (c) => {
    const { project, name } = await inTurn(c, { check_in_id: eventId() });
    const answer = await ask(c, project, name);
    assert.equal(answer.status, 202, answer.text);
    await untilCheckIns(c, project, name, (list) => assert.equal(list.length, 2));
  },
];

/** An entry whose check-in is invalid. */
const invalid = (id, words, reason, fields) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    await checkIn(c, project, { check_in_id: eventId(), monitor_slug: slug(), ...fields });
    await c.counted(project, [['monitor', 'invalid', reason, 1]]);
  },
];

const sent = [
  [
    365,
    'a check-in is stored',
    async (c) => {
      const check_in_id = eventId();
      const { project, name } = await inTurn(c, { check_in_id, status: 'in_progress', duration: 21 });
      await untilCheckIns(c, project, name, ([one]) => {
        assert.equal(one.id.replaceAll('-', ''), check_in_id);
        like(one, { status: 'in_progress', duration: 21000 });
      });
    },
  ],
  byUrl(366, 'GET of the cron endpoint: 202', (c, project, name) =>
    c.ask(`/api/${project.id}/cron/${name}?sentry_key=${project.key}&status=ok`, { method: 'GET' }),
  ),
  byUrl(367, 'POST of the cron endpoint by Basic: 202', (c, project, name) =>
    c.ask(`/api/${project.id}/cron/${name}?status=ok`, { headers: { authorization: `Basic ${btoa(`${project.key}:`)}` } }),
  ),
  byUrl(368, 'POST of the cron endpoint, the key in its path: 202', (c, project, name) =>
    c.ask(`/api/${project.id}/cron/${name}/${project.key}?status=ok`),
  ),
  [
    369,
    'JSON to the cron endpoint makes the monitor of its path',
    async (c) => {
      const project = await c.project();
      const name = slug();
      const body = JSON.stringify({ check_in_id: eventId(), status: 'ok', monitor_slug: 'another', monitor_config: HOURLY });
      const answer = await c.ask(`/api/${project.id}/cron/${name}/${project.key}`, { headers: { 'content-type': 'application/json' }, body });
      assert.equal(answer.status, 202, answer.text);
      await untilCheckIns(c, project, name, (list) => assert.equal(list.length, 1));
    },
  ],
  [
    370,
    'a slug of 60 characters is cut to 50',
    async (c) => {
      const project = await c.project();
      const name = `${slug()}-`.padEnd(60, 'x');
      await checkIn(c, project, { check_in_id: eventId(), monitor_slug: name, monitor_config: HOURLY });
      await untilCheckIns(c, project, name.slice(0, 50), (list) => assert.equal(list.length, 1));
    },
  ],
  invalid(371, 'no slug', 'invalid_check_in', { monitor_slug: '' }),
  invalid(372, 'an environment of 65 characters', 'invalid_check_in', { environment: 'e'.repeat(65), monitor_config: HOURLY }),
  [
    373,
    'a status that only the server gives',
    async (c) => {
      const { project, name } = await inTurn(c, { check_in_id: eventId(), status: 'missed' });
      await untilCheckIns(c, project, name, ([one]) => like(one, { status: 'unknown' }));
    },
  ],
  invalid(374, 'a slug that nobody knows', 'invalid_monitor', {}),
];

/** An entry of check-ins one after another: how many there are in the end, and what the newest is like. */
const lifecycle = (id, words, list, count, newest) => [
  id,
  words,
  async (c) => {
    const one = eventId();
    const { project, name } = await inTurn(c, ...list.map((each) => ({ check_in_id: one, ...each })));
    await untilCheckIns(c, project, name, (all) => {
      assert.equal(all.length, count);
      like(all[0], newest);
    });
  },
];

const lives = [
  [
    375,
    'in progress, then ok five seconds later',
    async (c) => {
      const check_in_id = eventId();
      const began = Date.now();
      const { project, name } = await inTurn(c, { check_in_id, status: 'in_progress' });
      await sleep(5000);
      await checkIn(c, project, { check_in_id, monitor_slug: name });
      const elapsed = Date.now() - began;
      await untilCheckIns(c, project, name, (list) => {
        assert.equal(list.length, 1);
        assert.equal(list[0].status, 'ok');
        assert.ok(list[0].duration >= 5000 && list[0].duration <= elapsed, `${list[0].duration} ms of ${elapsed}`);
      });
    },
  ],
  lifecycle(376, 'in progress, then ok without id', [{ status: 'in_progress' }, { check_in_id: NIL, status: 'ok' }], 1, { status: 'ok' }),
  lifecycle(377, 'ok twice', [{ duration: 3 }, { duration: 9 }], 1, { status: 'ok', duration: 3000 }),
  lifecycle(378, 'in progress after ok', [{}, { status: 'in_progress' }], 1, { status: 'ok' }),
];

export const monitorOf = (c, project, name, check) => c.untilApi(`monitors/${name}/`, check, { project, mayComeLater: true });
const environmentIs = (status) => (monitor) => like(monitor, { environments: has({ status }) });

const thresholds = [
  [
    382,
    'an incident begins at the second failure',
    async (c) => {
      const monitor_config = { ...HOURLY, failure_issue_threshold: 2 };
      const { project, name } = await inTurn(c, { check_in_id: eventId(), status: 'error', monitor_config });
      await monitorOf(c, project, name, (monitor) => assert.ok(monitor.environments.every(({ status }) => status !== 'error')));
      await checkIn(c, project, { check_in_id: eventId(), monitor_slug: name, status: 'error' });
      await monitorOf(c, project, name, environmentIs('error'));
    },
  ],
  [
    383,
    'an incident ends at the second success',
    async (c) => {
      const monitor_config = { ...HOURLY, recovery_threshold: 2 };
      const { project, name } = await inTurn(c, { check_in_id: eventId(), status: 'error', monitor_config }, { check_in_id: eventId() });
      await monitorOf(c, project, name, environmentIs('error'));
      await checkIn(c, project, { check_in_id: eventId(), monitor_slug: name });
      await monitorOf(c, project, name, environmentIs('ok'));
    },
  ],
  [
    384,
    'the seventh check-in of a minute',
    async (c) => {
      const project = await c.project();
      const name = slug();
      for (let n = 0; n < 7; n++) await checkIn(c, project, { check_in_id: eventId(), monitor_slug: name, monitor_config: HOURLY });
      await c.countedOne(project, ['monitor', 'rate_limited', ANY, 1]);
    },
  ],
  [
    385,
    'schedules: six fields, and by name',
    async (c) => {
      const project = await c.project();
      const schedule = (value) => ({ schedule: { type: 'crontab', value } });
      const name = slug();
      await checkIn(c, project, { check_in_id: eventId(), monitor_slug: slug(), monitor_config: schedule('0 * * * * *') });
      await checkIn(c, project, { check_in_id: eventId(), monitor_slug: name, monitor_config: schedule('@daily') });
      await monitorOf(c, project, name, (monitor) => like(monitor, { config: { schedule: '0 0 * * *' } }));
      await c.counted(project, [
        ['monitor', 'invalid', 'invalid_monitor', 1],
        ['monitor', 'accepted', '-', 1],
      ]);
    },
  ],
];

const userReports = (c, project, check) => c.untilApi('user-feedback/', check, { project });
const userReport = (event_id, fields = {}) => [
  { type: 'user_report' },
  { event_id, name: 'Ann', email: 'ann@example.com', comments: 'It broke', ...fields },
];

/** An entry whose user report, sent with or after an event, is listed like the pattern. */
const reported = (id, words, fields, pattern, { together = false } = {}) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    const event = eventId();
    const items = [[{ type: 'event' }, { message: 'broken' }], userReport(event, fields)];
    for (const group of together ? [items] : items.map((item) => [item]))
      assert.equal((await c.envelope({ event_id: event }, group, { project })).status, 200);
    await c.stored(event);
    await userReports(c, project, (list) => like(list, has({ eventID: event, ...pattern })));
  },
];

const feedback = (fields = {}) => ({
  type: 'feedback',
  level: 'info',
  contexts: { feedback: { message: 'I like it', contact_email: 'ann@example.com', name: 'Ann', ...fields } },
});

async function sendFeedback(c, project, event, items = []) {
  const id = eventId();
  const answer = await c.envelope({ event_id: id }, [[{ type: 'feedback' }, event], ...items], { project });
  assert.equal(answer.status, 200, answer.text);
  return id;
}

const voices = [
  reported(387, 'a user report alone', {}, { name: 'Ann', email: 'ann@example.com', comments: 'It broke' }),
  reported(388, 'a user report with its event', {}, { comments: 'It broke' }, { together: true }),
  reported(389, 'a user report of nulls', { name: null, email: null }, { name: '', email: '' }),
  [
    390,
    'a user report that is not JSON',
    async (c) => {
      const project = await c.project();
      assert.equal((await c.envelope({ event_id: eventId() }, [[{ type: 'user_report' }, Buffer.from('{"foo"}')]], { project })).status, 200);
      await c.digested();
      await userReports(c, project, (list) => assert.deepEqual(list, []));
    },
  ],
  [
    394,
    'a user report for an event of 31 minutes ago',
    async (c) => {
      const project = await c.project();
      const events = [31, 1].map((minutes) => ({ event_id: eventId(), message: 'broken', timestamp: Date.now() / 1000 - minutes * 60 }));
      for (const event of events) await c.store(event, { project });
      await c.eventsOf(project, 2);
      for (const { event_id } of events) assert.equal((await c.envelope({ event_id }, [userReport(event_id)], { project })).status, 200);
      await userReports(c, project, (list) =>
        assert.deepEqual(
          list.map(({ eventID }) => eventID),
          [events[1].event_id],
        ),
      );
    },
  ],
  [
    391,
    'a feedback becomes an issue of its own',
    async (c) => {
      const project = await c.project();
      const id = await sendFeedback(c, project, feedback());
      const event = await c.untilApi(`events/${id}/json/`, undefined, { project, mayComeLater: true });
      like(event, { type: 'feedback', user: { email: 'ann@example.com' } });
      await c.untilApi(
        'issues/?query=issue.category:feedback',
        ([issue]) => like(issue, { issueCategory: 'feedback', metadata: { message: 'I like it' } }),
        { project },
      );
    },
  ],
  [
    392,
    'a feedback with an attachment',
    async (c) => {
      const project = await c.project();
      const id = await sendFeedback(c, project, feedback(), [[{ type: 'attachment', filename: 'screenshot.png' }, Buffer.from('png')]]);
      await c.untilApi(`events/${id}/json/`, undefined, { project, mayComeLater: true });
      await c.untilApi(`events/${id}/attachments/`, (list) => like(list, [{ name: 'screenshot.png' }]), { project });
    },
  ],
  [
    393,
    'feedback that says nothing or too much',
    async (c) => {
      const project = await c.project();
      for (const message of ['', 'm'.repeat(4097)]) await sendFeedback(c, project, feedback({ message }));
      await sendFeedback(c, project, { type: 'feedback' });
      await c.counted(
        project,
        ['empty', 'too_large', 'missing_context'].map((reason) => ['feedback', 'invalid', reason, 1]),
      );
    },
  ],
];

const LOGS = 'application/vnd.sentry.items.log+json';
const log = (fields = {}) => ({ timestamp: Date.now() / 1000, trace_id: eventId(), level: 'info', body: 'hello', attributes: {}, ...fields });
const logs = (list, item_count = list.length) => [{ type: 'log', item_count, content_type: LOGS }, { items: list }];
const METRICS = 'application/vnd.sentry.items.trace-metric+json';
const metric = (fields = {}) => [
  { type: 'trace_metric', item_count: 1, content_type: METRICS },
  {
    items: [
      {
        timestamp: Date.now() / 1000,
        trace_id: eventId(),
        name: 'hits',
        type: 'counter',
        value: 1,
        attributes: { page: { type: 'string', value: '/' } },
        ...fields,
      },
    ],
  },
];

/** An entry whose items, in one envelope, are counted with this row among others. */
const counted = (id, words, items, row) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    const answer = await c.envelope({}, items(), { project });
    assert.equal(answer.status, 200, answer.text);
    await c.countedOne(project, row);
  },
];

const telemetry = [
  [
    395,
    'two logs',
    async (c) => {
      const project = await c.project();
      assert.equal((await c.envelope({}, [logs([log(), log()])], { project })).status, 200);
      await c.countedOne(project, ['log_item', 'accepted', '-', 2]);
      await c.countedOne(project, ['log_byte', 'accepted', '-', ANY]);
      await c.untilApi(`events/?dataset=ourlogs&field=message&statsPeriod=1h&project=${project.id}`, ({ data }) =>
        assert.deepEqual(
          data.map(({ message }) => message),
          ['hello', 'hello'],
        ),
      );
    },
  ],
  counted(396, 'logs that are counted wrong', () => [logs([log(), log()], 3)], ['log_item', 'invalid', ANY, ANY]),
  counted(397, 'two containers of logs', () => [logs([log()]), logs([log()])], ['log_item', 'invalid', 'duplicate_item', 2]),
  [
    398,
    'an attribute that is not of its type',
    async (c) => {
      const project = await c.project();
      const attributes = { count: { type: 'integer', value: '5' }, fine: { type: 'string', value: 'yes' } };
      assert.equal((await c.envelope({}, [logs([log({ attributes })])], { project })).status, 200);
      await c.untilApi(`events/?dataset=ourlogs&field=count&field=fine&statsPeriod=1h&project=${project.id}`, ({ data }) =>
        like(data, [{ count: GONE, fine: 'yes' }]),
      );
    },
  ],
  counted(399, 'a log without trace', () => [logs([log({ trace_id: undefined })])], ['log_item', 'invalid', 'invalid_log', 1]),
  [
    400,
    'a log of OpenTelemetry without trace',
    async (c) => {
      const project = await c.project();
      const record = { timeUnixNano: `${Date.now()}000000`, severityNumber: 17, body: { stringValue: 'hello' } };
      const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
      const answer = await c.ask(`/api/${project.id}/integration/otlp/v1/logs`, {
        headers: { ...c.auth(project), 'content-type': 'application/json' },
        body,
      });
      assert.equal(answer.status, 202, answer.text);
      const check = ({ data }) => {
        like(data, [{ severity: 'error', message: 'hello' }]);
        assert.match(data[0].trace, /^[0-9a-f]{32}$/);
      };
      await c.untilApi(`events/?dataset=ourlogs&field=severity&field=message&field=trace&statsPeriod=1h&project=${project.id}`, check);
    },
  ],
  counted(402, 'a metric of no known type', () => [metric({ type: 'foo' })], ['trace_metric', 'invalid', 'invalid_trace_metric', 1]),
  [
    403,
    'a counter with attributes',
    async (c) => {
      const project = await c.project();
      assert.equal((await c.envelope({}, [metric()], { project })).status, 200);
      await c.countedOne(project, ['trace_metric', 'accepted', '-', 1]);
      const query = 'events/?dataset=tracemetrics&field=metric.name&field=value&field=page&statsPeriod=1h';
      await c.untilApi(`${query}&project=${project.id}`, ({ data }) => like(data, [{ 'metric.name': 'hits', value: 1, page: '/' }]));
    },
  ],
  [
    404,
    'metrics of old SDKs are ignored',
    async (c) => {
      const project = await c.project();
      for (const type of ['statsd', 'metric_buckets'])
        assert.equal((await c.envelope({}, [[{ type }, Buffer.from('hits:1|c')]], { project })).status, 200);
      await c.nothingCounted(project);
    },
  ],
];

export const monitors = [...sent, ...lives, ...thresholds, ...voices, ...telemetry];
