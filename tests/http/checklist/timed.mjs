// What only time brings: these entries move the clock of an instance of their own, forward, one after the other.
import assert from 'node:assert/strict';
import { eventId, until } from '../../harness/instance.mjs';
import { has, like } from './expect.mjs';
import { HOURLY, checkIn, inTurn, monitorOf, untilCheckIns } from './monitors.mjs';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const iso = (time) => new Date(time).toISOString();

/** The programs' clock is twenty seconds past their next full hour; gives the hour. */
function atNextHour({ vedette }) {
  const hour = Math.ceil(vedette.now() / HOUR) * HOUR;
  vedette.moveClock(hour + 20 * SECOND);
  return hour;
}

/** Moves the clock to when a recurring job is due again, and waits until it has run. */
async function untilRan({ vedette }, kind) {
  const [{ every_seconds: every }] = await vedette.sql(`select every_seconds from job where kind = '${kind}'`);
  vedette.moveClock(vedette.now() + (every + 1) * SECOND);
  const next = iso(vedette.now() + every * SECOND);
  const ran = `select from job where kind = '${kind}' and claimed_at is null and run_at >= '${next}'`;
  await until(async () => (await vedette.sql(`select exists (${ran}) as ran`))[0].ran, { seconds: 60, what: `that job ${kind} has run` });
}

/** Moves the clock to a time, and waits until somebody has looked for check-ins that were due by then. */
async function untilLooked(c, time) {
  c.vedette.moveClock(time);
  const known = `select min(updated) >= '${iso(time)}' as known from digest_lag`;
  await until(async () => (await c.vedette.sql(known))[0].known, { seconds: 60, what: 'that the digest tells the new time' });
  await untilRan(c, 'monitors');
}

/** A check-in that was in progress for longer than it may. */
async function timedOut(c) {
  const check_in_id = eventId();
  const began = atNextHour(c);
  const monitor_config = { ...HOURLY, max_runtime: 10 };
  const { project, name } = await inTurn(c, { check_in_id, status: 'in_progress', monitor_config });
  await untilLooked(c, began + 9 * MINUTE + 20 * SECOND);
  await untilCheckIns(c, project, name, (list) => like(list, [{ status: 'in_progress' }]));
  await untilLooked(c, began + 11 * MINUTE + 20 * SECOND);
  await untilCheckIns(c, project, name, (list) => like(list, [{ status: 'timeout' }]));
  return { project, name, check_in_id };
}

const monitors = [
  [
    379,
    'what did not come by five minutes past the hour is missed',
    async (c) => {
      const hour = atNextHour(c) + HOUR;
      const isHour = (text) => assert.equal(Date.parse(text), hour);
      const { project, name } = await inTurn(c, { check_in_id: eventId(), monitor_config: { ...HOURLY, checkin_margin: 5 } });
      await untilLooked(c, hour + 4 * MINUTE + 20 * SECOND);
      await untilCheckIns(c, project, name, (list) => like(list, [{ status: 'ok' }]));
      await untilLooked(c, hour + 6 * MINUTE);
      await untilCheckIns(c, project, name, (list) => like(list, [{ status: 'missed', dateAdded: isHour, expectedTime: isHour }, { status: 'ok' }]));
      await monitorOf(c, project, name, (monitor) =>
        like(monitor, { environments: has({ status: 'error', activeIncident: { startingTimestamp: isHour } }) }),
      );
      const [issue] = await c.untilApi(
        'issues/?query=issue.category:cron',
        (list) => like(list, [{ title: `Monitor failure: ${name}`, issueCategory: 'cron', count: '1' }]),
        { project },
      );
      const { body } = await c.api(`issues/${issue.id}/events/latest/`);
      like(body, { tags: has({ key: 'monitor.slug', value: name }), contexts: { monitor: { status: 'missed' } } });
    },
    'timed',
  ],
  [
    380,
    'what is in progress for longer than it may is a timeout',
    async (c) => {
      const { project, name } = await timedOut(c);
      await monitorOf(c, project, name, (monitor) => like(monitor, { environments: has({ status: 'error' }) }));
    },
    'timed',
  ],
  [
    381,
    'a success after the timeout only tells how long it took',
    async (c) => {
      const { project, name, check_in_id } = await timedOut(c);
      await checkIn(c, project, { check_in_id, monitor_slug: name });
      await untilCheckIns(c, project, name, ([one, ...others]) => {
        assert.deepEqual(others, []);
        assert.equal(one.status, 'timeout');
        assert.ok(one.duration > 11 * MINUTE && one.duration < HOUR, `${one.duration} ms`);
      });
      await monitorOf(c, project, name, (monitor) => like(monitor, { environments: has({ status: 'error' }) }));
    },
    'timed',
  ],
];

/** Sends so many sessions of a release, as a client sums them up. */
async function sendSessions(c, project, release, exited) {
  const started = iso(c.vedette.now() - MINUTE);
  const sums = [{ type: 'sessions' }, { aggregates: [{ started, exited }], attrs: { release, environment: 'production' } }];
  assert.equal((await c.envelope({ sent_at: iso(c.vedette.now()) }, [sums], { project })).status, 200);
  await c.digested();
}

/** {release: stage} of a project. */
async function stages(c, project) {
  const rows = await c.vedette.sql(
    `select r.version, e.adopted is not null as adopted, e.unadopted is not null as unadopted
       from release_environment e join release r on r.id = e.release_id where e.project_id = ${project.id}`,
  );
  const stage = ({ adopted, unadopted }) => (unadopted ? 'replaced' : adopted ? 'adopted' : 'low_adoption');
  return Object.fromEntries(rows.map((row) => [row.version, stage(row)]));
}

const releases = [
  [
    303,
    'a release is adopted by its share of the sessions, until it has not got it any more',
    async (c) => {
      const project = await c.project();
      await sendSessions(c, project, 'one@1', 60);
      await sendSessions(c, project, 'one@2', 38);
      await sendSessions(c, project, 'one@3', 2); // less than a tenth of a third
      await untilRan(c, 'adoption');
      assert.deepEqual(await stages(c, project), { 'one@1': 'adopted', 'one@2': 'adopted', 'one@3': 'low_adoption' });
      await sendSessions(c, project, 'one@2', 3000);
      await untilRan(c, 'adoption');
      assert.deepEqual(await stages(c, project), { 'one@1': 'replaced', 'one@2': 'adopted', 'one@3': 'low_adoption' });
    },
    'timed',
  ],
];

export const timed = [...monitors, ...releases];
