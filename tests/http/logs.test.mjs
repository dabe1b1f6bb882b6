// Logs and metrics of traces: sent as SDKs do, read back through Explore.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { readOpenApi } from './openapi.mjs';
import { absent } from './shared.mjs';

const O = '/organizations/vedette/';
const TRACE = eventId();
const now = Date.now() / 1000;

const typed = (value) => ({ value, type: { string: 'string', boolean: 'boolean', number: Number.isInteger(value) ? 'integer' : 'double' }[typeof value] });
const log = ({ attributes = {}, ...fields }) => ({
  timestamp: now,
  trace_id: TRACE,
  level: 'info',
  body: 'hello',
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typed(value)])),
  ...fields,
});
const container = (type, holds, items) => [{ type, item_count: items.length, content_type: `application/vnd.sentry.items.${holds}+json` }, { version: 2, items }];
const metric = (name, value, attributes) => ({ ...log({ attributes }), body: undefined, level: undefined, name, value, type: 'distribution', unit: 'millisecond' });

describe('logs and metrics', () => {
  let vedette;

  before(async () => {
    vedette = await startInstance();
    const env = { 'sentry.environment': 'production', 'sentry.release': 'shop@1' };
    const logs = [
      log({ timestamp: now - 30, body: 'oldest', level: 'error', attributes: { ...env, 'http.status': 500, slow: true } }),
      log({ timestamp: now - 20, body: 'a (weird) 100% body', span_id: 'b'.repeat(16), attributes: { 'http.status': 200, ratio: 0.5 } }),
      log({ body: 'same moment', attributes: { ...env, order: 'first' } }),
      log({ body: 'same moment', attributes: { order: 'second' } }),
      log({ body: 'same moment', attributes: { order: 'third', password: 'hunter2' } }),
    ];
    const metrics = [metric('latency', 10, { page: '/' }), metric('latency', 20, { page: '/' }), metric('latency', 90, { page: '/cart' }), metric('other', 1, {})];
    const { status } = await vedette.envelope([container('log', 'log', logs), container('trace_metric', 'trace-metric', metrics)]);
    assert.equal(status, 200);
    await until(async () => (await vedette.sql('select (select count(*) from log) + (select count(*) from trace_metric) as n'))[0].n >= 9, { what: 'all rows' });
  });
  after(() => vedette?.stop());

  const ask = (query) => vedette.api(`${O}events/?statsPeriod=1h&${query}`);
  async function rows(query) {
    const answer = await ask(query);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.data;
  }
  const bodies = async (query) => (await rows(`dataset=ourlogs&field=message&query=${encodeURIComponent(query)}`)).map(({ message }) => message);

  test('a log is read back as it was sent', async () => {
    const fields = ['sentry.item_id', 'timestamp', 'timestamp_precise', 'message', 'severity', 'severity_number', 'trace', 'project', 'environment', 'release'];
    const attributes = ['http.status', 'slow', 'tags[http.status,number]', 'nothing'];
    const [row] = await rows(`dataset=ourlogs&query=oldest&${[...fields, ...attributes].map((field) => `field=${encodeURIComponent(field)}`).join('&')}`);
    assert.match(row['sentry.item_id'], /^[0-9a-f]{32}$/);
    assert.ok(Math.abs(row.timestamp_precise / 1e9 - (now - 30)) < 2e-6, `${row.timestamp_precise}`);
    assert.equal(Date.parse(row.timestamp), Math.floor((now - 30) * 1000));
    assert.deepEqual(
      [row.message, row.severity, row.severity_number, row.trace, row.environment, row.release],
      ['oldest', 'error', 17, TRACE, 'production', 'shop@1'],
    );
    assert.deepEqual([row['http.status'], row.slow, row['tags[http.status,number]'], row.nothing], [500, true, 500, null]);
  });

  test('what it is called is told by its values', async () => {
    const { body } = await ask('dataset=ourlogs&field=message&field=http.status&field=slow&field=timestamp&field=severity_number');
    assert.deepEqual(body.meta.fields, { message: 'string', 'http.status': 'number', slow: 'boolean', timestamp: 'date', severity_number: 'integer' });
  });

  test('secrets are not in it', async () => {
    const [row] = await rows('dataset=ourlogs&field=password&query=order:third');
    assert.equal(row.password, '[Filtered]');
  });

  const searches = [
    ['oldest', 1],
    ['SAME', 3],
    ['100%', 1],
    ['message:"same moment"', 3],
    ['!message:"same moment"', 2],
    ['severity:error', 1],
    ['severity_number:>=17', 1],
    ['severity_number:<17', 4],
    ['http.status:500', 1],
    ['http.status:>200', 1],
    ['!http.status:>200', 4],
    ['tags[http.status,number]:<=200', 1],
    ['ratio:<1', 1],
    ['slow:true', 1],
    ['has:http.status', 2],
    ['!has:http.status', 3],
    ['order:[first, third]', 2],
    ['order:f*', 1],
    ['environment:production', 2],
    ['release:shop@*', 2],
    [`trace:${TRACE}`, 5],
    ['span_id:bbbbbbbbbbbbbbbb', 1],
    [`timestamp:>${new Date((now - 25) * 1000).toISOString()}`, 4],
    ['project.id:1', 5],
    ['order:"\' or true --"', 0],
  ];
  for (const [query, count] of searches)
    test(`search: ${query}`, async () => {
      const found = await bodies(query);
      assert.equal(found.length, count, JSON.stringify(found));
    });

  test('by environment of the page', async () => {
    assert.equal((await rows('dataset=ourlogs&field=message&environment=production')).length, 2);
  });

  test('pages go on behind rows of the same nanosecond', async () => {
    const seen = [];
    let next = '';
    for (let page = 0; page < 5; page++) {
      const answer = await ask(`dataset=ourlogs&field=sentry.item_id&field=order&per_page=1&sort=-timestamp&cursor=${next}`);
      seen.push(answer.body.data[0].order);
      const link = answer.headers.get('link').split(',').find((part) => part.includes('rel="next"'));
      next = /cursor="([^"]+)"/.exec(link)[1];
      assert.equal(/results="(\w+)"/.exec(link)[1], page < 4 ? 'true' : 'false');
    }
    assert.deepEqual(seen, ['third', 'second', 'first', null, null]);
  });

  test('sorted by what is selected', async () => {
    const list = await rows('dataset=ourlogs&field=message&field=timestamp&sort=timestamp&per_page=1');
    assert.equal(list[0].message, 'oldest');
    assert.equal((await ask('dataset=ourlogs&field=message&sort=severity')).status, 400);
  });

  test('counted by group', async () => {
    const list = await rows('dataset=ourlogs&field=severity&field=count()&sort=-count()');
    assert.deepEqual(list, [
      { severity: 'info', 'count()': 4 },
      { severity: 'error', 'count()': 1 },
    ]);
  });

  test('metrics, single and summed', async () => {
    const list = await rows('dataset=tracemetrics&field=metric.name&field=metric.type&field=metric.unit&field=value&field=page&query=metric.name:latency&sort=value');
    assert.deepEqual(list[0], { 'metric.name': 'latency', 'metric.type': 'distribution', 'metric.unit': 'millisecond', value: 10, page: '/' });
    const sums = await rows('dataset=tracemetrics&field=page&field=sum(value)&field=p50(value)&field=max(value)&field=count()&query=metric.name:latency&sort=-sum(value)');
    assert.deepEqual(sums, [
      { page: '/cart', 'sum(value)': 90, 'p50(value)': 90, 'max(value)': 90, 'count()': 1 },
      { page: '/', 'sum(value)': 30, 'p50(value)': 15, 'max(value)': 20, 'count()': 2 },
    ]);
  });

  for (const query of ['dataset=ourlogs', 'dataset=nothing&field=x', 'dataset=ourlogs&field=evil(x)', 'dataset=ourlogs&field=sum()', 'dataset=ourlogs&field=message&query=is:unresolved', 'dataset=ourlogs&field=message&query=count():>5', `dataset=ourlogs&${'field=x&'.repeat(21)}`])
    test(`400: ${query.slice(0, 60)}`, async () => {
      const answer = await ask(query);
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      assert.equal(typeof answer.body.detail, 'string');
    });

  test('hostile names of fields are only names', async () => {
    for (const field of ["x'; drop table log; --", 'tags[', 'tags[]', ')(', '"', '\u0000x', 'a'.repeat(3000)]) {
      const answer = await ask(`dataset=ourlogs&field=${encodeURIComponent(field)}&query=${encodeURIComponent(`has:${field}`)}`);
      assert.ok([200, 400].includes(answer.status), `${field}: ${answer.status}`);
    }
    assert.equal((await bodies('')).length, 5);
  });

  test('the answer has the shape Sentry describes', { skip: absent }, async () => {
    const api = readOpenApi();
    for (const dataset of ['logs', 'tracemetrics']) {
      const { body } = await ask(`dataset=${dataset}&field=sentry.item_id&field=timestamp`);
      assert.deepEqual(api.problems('GET', `/api/0${O}events/`, 200, body), []);
    }
  });
});
