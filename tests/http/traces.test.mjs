// Transactions and spans as SDKs send them, and what the web API says of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { envelopeBytes, eventId, startInstance, until } from '../harness/instance.mjs';
import { absent, shared } from './shared.mjs';

const O = '/organizations/vedette';
const spanId = () => eventId().slice(0, 16);

describe('transactions and spans', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  const P = () => `/projects/vedette/${vedette.credentials.project}`;
  const auth = () => ({ 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${vedette.key}` });

  async function envelope(header, items, headers = {}) {
    const body = envelopeBytes(header, items);
    const answer = await vedette.fetch(`/api/${vedette.projectId}/envelope/`, { method: 'POST', headers: { ...auth(), ...headers }, body });
    assert.equal(answer.status, 200, await answer.text());
  }

  /** A transaction of two seconds with a call and a query below it. */
  function transaction(fields = {}) {
    const start = Math.floor(Date.now() / 1000) - 60;
    const [trace_id, root, call] = [eventId(), spanId(), spanId()];
    const span = (span_id, parent_span_id, op, description) => ({
      trace_id,
      span_id,
      parent_span_id,
      op,
      description,
      start_timestamp: start + 0.5,
      timestamp: start + 1.5,
      data: { 'db.system': 'mysql' },
    });
    return {
      event_id: eventId(),
      type: 'transaction',
      transaction: '/shop/{id}',
      transaction_info: { source: 'route' },
      platform: 'python',
      release: 'shop@1',
      environment: 'live',
      start_timestamp: start,
      timestamp: start + 2,
      contexts: { trace: { trace_id, span_id: root, op: 'http.server', status: 'ok' } },
      spans: [span(call, root, 'http.client', 'GET https://api.example.com/v1'), span(spanId(), call, 'db', 'select * from users where id = 7')],
      ...fields,
    };
  }

  async function send(event) {
    await envelope({ event_id: event.event_id }, [[{ type: 'transaction' }, event]]);
    return until(async () => {
      const answer = await vedette.api(`${P()}/events/${event.event_id}/json/`);
      return answer.status === 200 && answer.body;
    });
  }

  test('a transaction is read back as it is stored', async () => {
    const event = transaction();
    const body = await send(event);
    assert.equal(body.type, 'transaction');
    assert.equal(body.spans[1].sentry_tags.description, 'SELECT * FROM users WHERE id = %s');
    const details = await vedette.api(`${P()}/events/${event.event_id}/`);
    assert.equal(details.status, 200, JSON.stringify(details.body));
    assert.equal(details.body.groupID, null);
    assert.equal(details.body.title, '/shop/{id}');
    assert.deepEqual(await vedette.sql(`select count(*)::int as n from event where event_id = '${event.event_id}'`), [{ n: 0 }]);
  });

  test('a trace is a tree', async () => {
    const event = transaction();
    await send(event);
    const { status, body } = await vedette.api(`${O}/trace/${event.contexts.trace.trace_id}/`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.length, 1);
    assert.equal(body[0].is_transaction, true);
    assert.equal(body[0].transaction_id, event.event_id);
    assert.equal(body[0].children[0].op, 'http.client');
    assert.equal(body[0].children[0].children[0].op, 'db');
    const meta = await vedette.api(`${O}/trace-meta/${event.contexts.trace.trace_id}/`);
    assert.deepEqual([meta.body.spansCount, meta.body.logsCount, meta.body.metricsCount], [3, 0, 0]);
    assert.deepEqual(meta.body.spansCountMap, { 'http.server': 1, 'http.client': 1, db: 1 });
    assert.equal((await vedette.api(`${O}/trace/none/`)).status, 404);
    assert.deepEqual((await vedette.api(`${O}/trace/${eventId()}/`)).body, []);
  });

  test('spans that are each other’s parents are shown all the same', async () => {
    const trace_id = eventId();
    const [one, two] = [spanId(), spanId()];
    const start = Math.floor(Date.now() / 1000) - 60;
    for (const [span_id, parent_span_id] of [
      [one, two],
      [two, one],
    ])
      await envelope({}, [[{ type: 'span' }, { trace_id, span_id, parent_span_id, start_timestamp: start, timestamp: start + 1, exclusive_time: 1000 }]]);
    const trace = await until(async () => {
      const { body } = await vedette.api(`${O}/trace/${trace_id}/`);
      return body[0]?.children.length === 1 && body;
    });
    assert.equal(trace.length, 1);
  });

  describe('the explorer', () => {
    const release = `shop@${eventId()}`;
    const ask = (query) => vedette.api(`${O}/events/?${query}&statsPeriod=1d`);
    const rows = async (query) => {
      const { status, body } = await ask(query);
      assert.equal(status, 200, JSON.stringify(body));
      return body.data;
    };
    before(async () => {
      for (const [name, status] of [
        ['/one', 'ok'],
        ['/one', 'internal_error'],
        ['/two', 'ok'],
      ]) {
        const event = transaction({ transaction: name, release });
        event.contexts.trace.status = status;
        await send(event);
      }
    });

    const mine = `query=release:${release}`;
    const cases = [
      [`dataset=transactions&field=transaction&field=count()&sort=-count()&${mine}`, [{ transaction: '/one', 'count()': 2 }, { transaction: '/two', 'count()': 1 }]],
      [`dataset=transactions&field=failure_rate()&${mine}+transaction:/one`, [{ 'failure_rate()': 0.5 }]],
      [`dataset=transactions&field=failure_rate()&${mine}+!transaction:/one`, [{ 'failure_rate()': 0 }]],
      [`dataset=transactions&field=p95()&field=count_unique(transaction)&${mine}+transaction.duration:>1s`, [{ 'p95()': 2000, 'count_unique(transaction)': 2 }]],
      [`dataset=transactions&field=count()&${mine}+transaction.duration:>3s`, [{ 'count()': 0 }]],
      [`dataset=spans&field=span.op&field=avg(span.self_time)&sort=span.op&${mine}`, [
        { 'span.op': 'db', 'avg(span.self_time)': 1000 },
        { 'span.op': 'http.client', 'avg(span.self_time)': 0 },
        { 'span.op': 'http.server', 'avg(span.self_time)': 1000 },
      ]],
      [`dataset=spans&field=span.domain&field=span.action&field=count()&${mine}+span.op:db`, [{ 'span.domain': ',users,', 'span.action': 'SELECT', 'count()': 3 }]],
      [`dataset=spans&field=db.system&field=count()&${mine}+db.system:mysql`, [{ 'db.system': 'mysql', 'count()': 6 }]],
      [`dataset=spans&field=count()&${mine}+is_transaction:true`, [{ 'count()': 3 }]],
      [`dataset=spans&field=count()&${mine}+has:span.domain`, [{ 'count()': 6 }]],
      [`dataset=spans&field=tags[db.system]&field=count()&${mine}+span.description:*users*`, [{ 'tags[db.system]': 'mysql', 'count()': 3 }]],
      [`dataset=transactions&field=title&field=trace.parent_span&${mine}+%2Ftwo`, [{ title: '/two', 'trace.parent_span': null }]],
    ];
    for (const [query, expected] of cases)
      test(query.replace(release, '…'), async () => assert.deepEqual(await rows(query), expected));

    test('kinds of values are named', async () => {
      const { body } = await ask('dataset=transactions&field=transaction.duration&field=count()&field=failure_rate()&field=nothing');
      assert.deepEqual(body.meta.fields, { 'transaction.duration': 'duration', 'count()': 'integer', 'failure_rate()': 'percentage', nothing: 'string' });
    });

    test('pages follow each other', async () => {
      const first = await ask(`dataset=transactions&field=id&per_page=2&${mine}`);
      const cursor = /rel="next"; results="true"; cursor="([^"]+)"/.exec(first.headers.get('link'))[1];
      const second = await ask(`dataset=transactions&field=id&per_page=2&${mine}&cursor=${cursor}`);
      assert.equal(new Set([...first.body.data, ...second.body.data].map(({ id }) => id)).size, 3);
    });

    const refused = [
      'dataset=transactions',
      'dataset=nothing&field=id',
      'dataset=spans&field=drop_table(span)',
      'dataset=spans&field=avg(span.op)',
      'dataset=spans&field=percentile(span.duration,7)',
      'dataset=spans&field=id&sort=-span.op',
      'dataset=spans&field=id&query=count():>1',
      `dataset=spans&field=${'x'.repeat(300)}`,
      `dataset=spans&${'field=id&'.repeat(21)}`,
      "dataset=spans&field=apdex(1');drop table span--)",
    ];
    for (const query of refused)
      test(`refused: ${query.slice(0, 60)}`, async () => {
        const { status, body } = await ask(query);
        assert.equal(status, 400, JSON.stringify(body));
        assert.equal(typeof body.detail, 'string');
      });

    test('a column may be called anything', async () => assert.deepEqual(await rows(`dataset=spans&field=x'y)--&${mine}+span.op:db&per_page=1`), [{ "x'y)--": null }]));
  });

  test('every transaction of real traffic is stored', { skip: absent }, async () => {
    const decoder = createRequire(import.meta.url)(join(shared, 'tools/replay/decode.js'));
    const corpus = join(shared, 'data/corpus/dev');
    const folders = ['browser-10', 'node-10', 'python-1', 'react-11-vite'];
    const transactions = (file) => {
      const meta = JSON.parse(readFileSync(`${file}.meta.json`, 'utf8'));
      if (decoder.classify(meta).kind !== 'envelope') return 0;
      const bytes = decoder.decompress(readFileSync(`${file}.body`), decoder.header(meta, 'content-encoding'));
      return decoder.parseEnvelope(bytes).items.filter(({ header }) => header.type === 'transaction').length;
    };
    const bodies = (name) => readdirSync(join(corpus, name), { recursive: true }).filter((file) => file.endsWith('.body'));
    const files = folders.flatMap((name) => bodies(name).map((file) => join(corpus, name, file.slice(0, -'.body'.length))));
    const sent = files.reduce((sum, file) => sum + transactions(file), 0);
    assert.ok(sent > 0, 'the corpus has no transactions');
    const accepted = async () => (await vedette.sql('select coalesce(sum(quantity), 0)::int as n from outcome_hour where category = 3 and outcome = 0'))[0].n;
    const before = await accepted();
    const dsn = vedette.credentials.dsn;
    const tool = [join(shared, 'tools/replay/replay.js'), ...folders.map((name) => join(corpus, name)), '--dsn', dsn];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...tool, '--project', `2=${dsn}`, '--project', `3=${dsn}`, '--quiet', '--refresh', '--concurrency', '4']);
    assert.equal(status, 0, `${stderr}${stdout}`);
    await until(async () => (await accepted()) - before === sent, { seconds: 60, what: `${sent} stored transactions` });
  });
});
