// Usage: what became of everything that arrived, as Sentry's statistics tell it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventId, startInstance, until } from '../harness/instance.mjs';

const O = '/organizations/vedette/';
const HOUR = 3600;

describe('usage', () => {
  let vedette;
  let project;

  before(async () => {
    vedette = await startInstance();
    project = vedette.credentials.project;
    const id = eventId();
    const event = [[{ type: 'event' }, { message: 'twice' }]];
    for (let i = 0; i < 2; i++) await vedette.envelope(event, { id });
    const discarded = [
      { reason: 'sample_rate', category: 'transaction', quantity: 40 },
      { reason: 'queue_overflow', category: 'security', quantity: 3 },
    ];
    const past = Math.floor(Date.now() / 1000) - 26 * HOUR;
    await vedette.envelope([[{ type: 'client_report' }, { discarded_events: discarded }]]);
    await vedette.envelope([[{ type: 'client_report' }, { timestamp: past, discarded_events: [{ reason: 'sample_rate', category: 'transaction', quantity: 2 }] }]]);
    await until(async () => (await vedette.sql('select sum(quantity)::int as n from outcome_hour'))[0].n === 47, { what: 'all outcomes' });
  });
  after(() => vedette?.stop());

  const ask = (query) => vedette.api(`${O}stats_v2/?${query}`);
  async function stats(query) {
    const answer = await ask(`field=sum(quantity)&${query}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  }
  const totals = ({ groups }) => groups.map(({ by, totals: { 'sum(quantity)': n } }) => [...Object.values(by), n]);

  test('by category and outcome: events of every kind are errors, doubles invalid', async () => {
    assert.deepEqual(totals(await stats('groupBy=category&groupBy=outcome&statsPeriod=1d')), [
      ['error', 'accepted', 1],
      ['error', 'invalid', 1],
      ['error', 'client_discard', 3],
      ['transaction', 'client_discard', 40],
    ]);
  });

  test('by reason and project', async () => {
    const [{ id }] = await vedette.sql(`select id::int from project where slug = '${project}'`);
    assert.deepEqual(totals(await stats('groupBy=reason&statsPeriod=1d&category=error')), [['duplicate', 1], ['none', 1], ['queue_overflow', 3]]);
    assert.deepEqual(totals(await stats('groupBy=project&statsPeriod=1d')), [[id, 45]]);
    assert.deepEqual(totals(await stats(`groupBy=project&statsPeriod=1d&project=${id}&outcome=accepted`)), [[id, 1]]);
  });

  for (const [interval, bars] of [['1h', 49], ['6h', 9], ['1d', 3]])
    test(`bars of ${interval}`, async () => {
      const { groups, intervals, start, end } = await stats(`groupBy=category&category=transaction&statsPeriod=2d&interval=${interval}`);
      const step = Date.parse(intervals[1]) - Date.parse(intervals[0]);
      const { 'sum(quantity)': series } = groups[0].series;
      assert.equal(intervals.length, series.length);
      assert.ok(intervals.length === bars || intervals.length === bars - 1, intervals.length);
      assert.equal(start, intervals[0]);
      assert.match(start, /^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);
      assert.equal(Date.parse(end) - Date.parse(start), step * intervals.length);
      assert.equal(series.reduce((sum, n) => sum + n), 42);
      assert.equal(series.at(-1), 40);
    });

  const refused = ['', 'groupBy=outcome', 'groupBy=x&field=sum(quantity)', 'groupBy=outcome&field=sum(x)'];
  for (const more of ['interval=2d', 'interval=30m', 'interval=5h', 'interval=x', 'category=x', 'outcome=duplicate', 'statsPeriod=x', 'start=2026-01-01', 'statsPeriod=9999d'])
    refused.push(`groupBy=outcome&field=sum(quantity)&${more}`);
  for (const query of refused)
    test(`400: ${query}`, async () => {
      const { status, body } = await ask(query);
      assert.equal(status, 400);
      assert.equal(typeof body.detail, 'string');
    });

  test('projects nobody may see are not counted', async () => {
    assert.equal((await ask('groupBy=project&field=sum(quantity)&project=99999')).status, 403);
  });

  test('a summary of each project', async () => {
    const { body } = await vedette.api(`${O}stats-summary/?field=sum(quantity)&statsPeriod=7d`);
    assert.deepEqual(body.projects.map(({ slug }) => slug), [project]);
    const none = { accepted: 0, filtered: 0, rate_limited: 0, invalid: 0, abuse: 0, client_discard: 0, cardinality_limited: 0 };
    assert.deepEqual(body.projects[0].stats, [
      { category: 'error', outcomes: { ...none, accepted: 1, invalid: 1, client_discard: 3 }, totals: { dropped: 0, 'sum(quantity)': 5 } },
      { category: 'transaction', outcomes: { ...none, client_discard: 42 }, totals: { dropped: 0, 'sum(quantity)': 42 } },
    ]);
  });

  test('the errors of one project', async () => {
    const P = `/projects/vedette/${project}/stats/`;
    const sum = async (query) => (await vedette.api(`${P}?${query}`)).body.reduce((total, [, n]) => total + n, 0);
    assert.equal(await sum(''), 5);
    assert.equal(await sum('stat=generated'), 1);
    assert.equal(await sum('stat=rejected&resolution=1d'), 0);
    const hours = (await vedette.api(`${P}?resolution=1h`)).body;
    assert.ok(hours.every(([at], i) => at % HOUR === 0 && (i === 0 || at - hours[i - 1][0] === HOUR)));
    for (const query of ['stat=x', 'resolution=10s', 'since=x', 'since=5&until=1', 'since=0'])
      assert.equal((await vedette.api(`${P}?${query}`)).status, 400, query);
  });

  test('the disk, by kind of data', async () => {
    const { body } = await until(async () => {
      const answer = await vedette.api(`${O}disk-usage/`);
      return answer.status === 200 && answer.body.measured && answer;
    });
    for (const kind of ['error', 'log', 'trace_metric', 'attachment', 'other']) assert.ok(body.kinds.find((each) => each.kind === kind).bytes > 0, kind);
    assert.equal(body.bytes, body.kinds.reduce((sum, { bytes }) => sum + bytes, 0));
    assert.deepEqual([body.ceiling, body.daysLeft, body.lastDrop], [null, null, null]);
  });
});
