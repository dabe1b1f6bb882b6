// How long data is kept: an organization asks for less, and what is older goes; the ceiling of bytes, and who is told.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startInstance, until } from '../harness/instance.mjs';

const RETENTION = '/organizations/vedette/retention/';
const DISK = '/organizations/vedette/disk-usage/';

describe('retention', () => {
  let vedette;

  before(async () => {
    vedette = await startInstance({ settings: { retention_log_days: 12, data_max_bytes: 1 } });
    await vedette.psql("insert into organization (slug, name, date_created) values ('other', 'Other', now())");
  });
  after(() => vedette.stop());

  const days = (list) => Object.fromEntries(list.map((each) => [each.kind, each.days]));
  const put = (body, path = RETENTION) => vedette.api(path, { method: 'PUT', body });

  /** Has a job run, again and again where it is not due already, until something is true. */
  const untilJob = (kind, check, what) =>
    until(
      async () => {
        await vedette.psql(`update job set run_at = now() where kind = '${kind}' and run_at > now() and claimed_at is null; notify job`);
        return check();
      },
      { seconds: 30, every: 500, what },
    );

  test('is that of the instance until less is asked for', async () => {
    const { status, body } = await vedette.api(RETENTION);
    assert.equal(status, 200);
    assert.deepEqual(days(body), {
      error: 90,
      transaction: 90,
      span: 30,
      log: 12,
      trace_metric: 30,
      replay: 30,
      profile: 30,
      attachment: 90,
      session: 90,
      check_in: 90,
      outcome: 90,
    });
    const changed = await put({ log: 5, error: 60 });
    assert.equal(changed.status, 200);
    assert.deepEqual(changed.body.find(({ kind }) => kind === 'log'), { kind: 'log', days: 5, most: 12, own: 5 });
    const back = await put({ log: null });
    assert.deepEqual([days(back.body).log, days(back.body).error], [12, 60]);
  });

  test('is never longer than the instance’s', async () => {
    const { status, body } = await put({ log: 13 });
    assert.equal(status, 400);
    assert.deepEqual(body, { log: ['This instance keeps it for at most 12 days.'] });
  });

  test('deletes what an organization no longer keeps, and only that', async () => {
    await put({ outcome: 2 });
    await vedette.psql("insert into project (organization_id, slug, name, date_created) select id, 'theirs', 'Theirs', now() from organization where slug = 'other'");
    await vedette.psql("insert into outcome_day select id, 0, 1, 0, 'old', current_date - 3, 1 from project");
    const keepers = () => vedette.sql("select slug from project p join outcome_day o on o.project_id = p.id where o.reason = 'old'");
    await untilJob('retention', async () => (await keepers()).map(({ slug }) => slug).join() === 'theirs', 'that only the other organization keeps it');
  });

  test('another tenant’s does not exist', async () => {
    const unknown = await vedette.api('/organizations/nobody/retention/');
    assert.equal(unknown.status, 404);
    for (const answer of [await vedette.api('/organizations/other/retention/'), await put({ log: 1 }, '/organizations/other/retention/')]) {
      assert.equal(answer.status, 404);
      assert.deepEqual(answer.body, unknown.body);
    }
    assert.deepEqual(await vedette.sql("select from organization_retention r join organization o on o.id = r.organization_id where o.slug = 'other'"), []);
  });

  test('a ceiling drops days, keeps today, and says so', async () => {
    const disk = async () => (await vedette.api(DISK)).body;
    const body = await untilJob('disk', async () => (await disk()).lastDrop && disk(), 'that a day is dropped');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    assert.equal(body.ceiling, 1);
    assert.equal(body.lastDrop.day, yesterday);
    assert.ok(Date.now() - Date.parse(body.lastDrop.dropped) < 120_000);
    const { id } = await vedette.envelope([[{ type: 'event' }, { message: 'today' }]]);
    await until(async () => (await vedette.sql(`select from event where event_id = '${id}'`)).length, { what: 'the event of today' });
    const { measured } = await disk();
    await untilJob('disk', async () => (await disk()).measured > measured, 'that it is measured again');
    assert.equal((await vedette.sql(`select from event where event_id = '${id}'`)).length, 1);
  });
});
