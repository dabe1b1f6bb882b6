// Quotas: made through the web API, counted by all ingest children together, told to SDKs in the headers they know.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sleep, startInstance, until } from '../harness/instance.mjs';

const QUOTAS = '/organizations/vedette/quotas/';
const error = () => [{ type: 'event' }, { message: 'one too many' }];
const session = () => [{ type: 'session' }, { sid: crypto.randomUUID(), status: 'exited', started: new Date().toISOString(), attrs: { release: 'a@1' } }];
const file = (size) => [{ type: 'attachment', filename: 'a.txt' }, Buffer.alloc(size, 'a')];

describe('quotas', () => {
  let vedette;

  before(async () => {
    vedette = await startInstance();
  });
  after(() => vedette.stop());

  /** A quota for as long as `work` takes; ingest learns of both ends within a second or two. */
  async function withQuota(quota, work) {
    const made = await vedette.api(QUOTAS, { method: 'POST', body: quota });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await sleep(1500);
    try {
      await work(made.body);
    } finally {
      const gone = await vedette.api(`${QUOTAS}${made.body.id}/`, { method: 'DELETE' });
      assert.equal(gone.status, 204);
      await sleep(1500);
    }
  }

  const counted = async (category, outcome) =>
    Number((await vedette.sql(`select coalesce(sum(quantity), 0) as n from outcome_hour where category = ${category} and outcome = ${outcome}`))[0].n);

  test('one more than allowed is refused, and says what and how long', async () => {
    await withQuota({ project: 'app', categories: ['error'], period: 'day', limit: 20 }, async ({ id }) => {
      const statuses = [];
      for (let i = 0; i < 30; i++) statuses.push((await vedette.envelope([error()])).status);
      assert.deepEqual(statuses, [...Array(20).fill(200), ...Array(10).fill(429)]);
      const answer = await vedette.envelope([error(), session()]);
      assert.equal(answer.status, 429);
      assert.match(answer.headers.get('x-sentry-rate-limits'), /^\d+:default;error;security:project:project_quota$/);
      assert.ok(Number(answer.headers.get('retry-after')) <= 300);
      assert.equal((await vedette.envelope([session()])).status, 200, 'another category goes on');
      await until(async () => (await counted(2, 2)) === 11, { what: 'eleven refused errors' });
      await until(async () => (await vedette.api(`${QUOTAS}${id}/`)).body.used === 20, { what: 'that the quota says so' });
    });
    assert.equal((await vedette.envelope([error()])).status, 200);
  });

  test('bytes of attachments, while the event passes', async () => {
    await withQuota({ project: null, categories: ['attachment'], period: 'month', limit: 1000 }, async () => {
      assert.equal((await vedette.envelope([error(), file(900)])).status, 200);
      const answer = await vedette.envelope([error(), file(101)]);
      assert.equal(answer.status, 429);
      assert.match(answer.headers.get('x-sentry-rate-limits'), /^\d+:attachment:organization:organization_quota$/);
      await until(async () => (await vedette.sql(`select from event where event_id = '${answer.id}'`)).length, { what: 'the event' });
      assert.equal((await vedette.envelope([error(), file(100)])).status, 200);
    });
  });

  test('nothing of a category', async () => {
    await withQuota({ categories: ['session'], period: 'minute', limit: 0 }, async () => {
      const answer = await vedette.envelope([session()]);
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('x-sentry-rate-limits'), '60:session:organization:organization_quota');
    });
  });

  test('what is taken outlives ingest', async () => {
    await withQuota({ project: 'app', categories: ['error'], period: 'day', limit: 10 }, async () => {
      for (let i = 0; i < 8; i++) assert.equal((await vedette.envelope([error()])).status, 200);
      await sleep(1500);
      vedette.kill('ingest');
      await vedette.start();
      await sleep(1500);
      const statuses = [];
      for (let i = 0; i < 4; i++) statuses.push((await vedette.envelope([error()])).status);
      assert.deepEqual(statuses, [200, 200, 429, 429]);
    });
  });

  for (const [body, field] of [
    [{ period: 'day', limit: -1 }, 'limit'],
    [{ period: 'fortnight', limit: 1 }, 'period'],
    [{ period: 'day' }, 'limit'],
    [{ period: 'day', limit: 1, categories: ['errors'] }, 'categories'],
    [{ period: 'day', limit: 1, project: 'nobody' }, 'project'],
  ])
    test(`a bad ${field} is refused`, async () => {
      const answer = await vedette.api(QUOTAS, { method: 'POST', body });
      assert.equal(answer.status, 400);
      assert.deepEqual(Object.keys(answer.body), [field]);
    });

  test('the list, and a change', async () => {
    const made = await vedette.api(QUOTAS, { method: 'POST', body: { categories: ['error', 'log_item'], period: 'hour', limit: 5 } });
    const changed = await vedette.api(`${QUOTAS}${made.body.id}/`, { method: 'PUT', body: { limit: 7 } });
    assert.equal(changed.body.limit, 7);
    const { body } = await vedette.api(QUOTAS);
    assert.deepEqual(
      body.map(({ project, categories, period, limit, used }) => ({ project, categories, period, limit, used })),
      [{ project: null, categories: ['error', 'log_item'], period: 'hour', limit: 7, used: 0 }],
    );
    assert.ok(new Date(body[0].resets) > new Date());
    assert.equal((await vedette.api(`${QUOTAS}999/`)).status, 404);
  });
});
