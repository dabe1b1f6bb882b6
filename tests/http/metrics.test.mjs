// What the server tells its operators of itself, on nginx's private side: health, and figures that move as they should.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { freePort, startInstance, until } from '../harness/instance.mjs';
import { readExposition } from './exposition.mjs';

const FAMILIES = {
  vedette_ingest_requests_total: 'counter',
  vedette_ingest_full: 'gauge',
  vedette_items_total: 'counter',
  vedette_digest_events_total: 'counter',
  vedette_digest_records_total: 'counter',
  vedette_digest_batch_seconds: 'summary',
  vedette_digest_poison_total: 'counter',
  vedette_digest_lag_seconds: 'gauge',
  vedette_digest_backlog_bytes: 'gauge',
  vedette_jobs_total: 'counter',
  vedette_postgres_failures_total: 'counter',
  vedette_child_restarts_total: 'counter',
  vedette_resident_bytes: 'gauge',
  vedette_heartbeat_timestamp_seconds: 'gauge',
  vedette_database_up: 'gauge',
  vedette_disk_bytes: 'gauge',
  vedette_poison_records: 'gauge',
  vedette_queue_depth: 'gauge',
};

describe('the private side', () => {
  let vedette;
  let port;
  before(async () => {
    port = await freePort();
    vedette = await startInstance({ settings: { private_listen: port }, environment: { VEDETTE_FAULT: 'record_crashes@poisonous' } });
  });
  after(() => vedette.stop());

  const scrape = async () => {
    const { status, headers, text } = await vedette.private('/_metrics/');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    return readExposition(text);
  };

  /** Waits until figures stand so much higher than before: [name, labels, difference]. */
  const grown = (earlier, rows) =>
    until(
      async () => {
        const later = await scrape();
        for (const [name, labels, by] of rows)
          assert.equal((later.value(name, labels) ?? 0) - (earlier.value(name, labels) ?? 0), by, `${name} ${JSON.stringify(labels)}`);
        return true;
      },
      { seconds: 20, every: 200, what: 'that the figures are right' },
    );

  test('is not the public one', async () => {
    for (const path of ['/_metrics/', '/_metrics', '/_health/live/', '/_health/ready/', '/_health/', '/%5Fmetrics/']) {
      const answer = await vedette.fetch(path, { headers: { 'private-side': '1', 'private_side': '1', host: 'private' } });
      assert.equal(answer.status, 404, path);
    }
    const { status } = await vedette.api('/../../_metrics/');
    assert.equal(status, 404);
  });

  test('serves nothing else', async () => {
    for (const path of ['/', '/api/0/', '/_nothing/']) assert.equal((await vedette.private(path)).status, 404, path);
  });

  test('listens where the setting says', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/_health/live/`);
    assert.deepEqual([answer.status, await answer.json()], [200, { is_healthy: true }]);
  });

  test('is alive and ready', async () => {
    assert.equal((await vedette.private('/_health/live/')).status, 200);
    const ready = await until(async () => {
      const answer = await vedette.private('/_health/ready/');
      return answer.status === 200 && JSON.parse(answer.text);
    }, { what: 'that it is ready' });
    assert.deepEqual(ready, { is_healthy: true, database: true, ingest: true, digest: true });
  });

  test('has every figure', async () => {
    const { families } = await scrape();
    assert.deepEqual(Object.fromEntries([...families].map(([name, { type }]) => [name, type])), FAMILIES);
  });

  test('counts requests, items and batches', async () => {
    await until(async () => (await scrape()).value('vedette_digest_backlog_bytes', { lane: '0' }) === 0);
    const earlier = await scrape();
    for (let i = 0; i < 3; i++) assert.equal((await vedette.envelope([[{ type: 'event' }, { message: `event ${i}` }]])).status, 200);
    assert.equal((await vedette.store({ message: 'stored' })).status, 200);
    assert.equal((await vedette.envelope([[{ type: 'event' }, Buffer.from('no json')]])).status, 200);
    assert.equal((await vedette.envelope([[{ type: 'event' }, {}]], { key: '0'.repeat(32) })).status, 403);
    assert.equal((await vedette.fetch('/api/1/nothing/')).status, 404);
    await grown(earlier, [
      ['vedette_ingest_requests_total', { endpoint: 'envelope', status: '2xx' }, 4],
      ['vedette_ingest_requests_total', { endpoint: 'envelope', status: '4xx' }, 1],
      ['vedette_ingest_requests_total', { endpoint: 'store', status: '2xx' }, 1],
      ['vedette_ingest_requests_total', { endpoint: 'other', status: '4xx' }, 1],
      ['vedette_items_total', { category: 'error', outcome: 'accepted' }, 4],
      ['vedette_items_total', { category: 'error', outcome: 'invalid' }, 1],
      ['vedette_digest_events_total', {}, 4],
      ['vedette_digest_records_total', {}, 5],
    ]);
    const later = await scrape();
    const batches = later.value('vedette_digest_batch_seconds_count') - earlier.value('vedette_digest_batch_seconds_count');
    const seconds = later.value('vedette_digest_batch_seconds_sum') - earlier.value('vedette_digest_batch_seconds_sum');
    assert.ok(batches >= 1 && batches <= 5, `${batches} batches`);
    assert.ok(seconds > 0 && seconds < 20, `${seconds} s`);
  });

  test('knows memory, disk and who is alive', async () => {
    const figures = await scrape();
    for (const program of ['ingest', 'worker', 'api']) {
      assert.ok(figures.value('vedette_resident_bytes', { program }) > 1 << 20, program);
      assert.ok(Math.abs(figures.value('vedette_heartbeat_timestamp_seconds', { program }) - Date.now() / 1000) < 10, program);
    }
    for (const kind of ['event_log', 'database', 'free']) assert.ok(figures.value('vedette_disk_bytes', { kind }) > 1 << 16, kind);
    assert.equal(figures.value('vedette_disk_bytes', { kind: 'blobs' }), 0);
    await until(async () => (await scrape()).value('vedette_jobs_total', { result: 'done' }) > 0, { seconds: 20, what: 'that a job was run' });
  });

  test('counts processes that end', async () => {
    const earlier = await scrape();
    process.kill(vedette.children('ingest')[0], 'SIGKILL');
    await grown(earlier, [
      ['vedette_child_restarts_total', { program: 'ingest' }, 1],
      ['vedette_child_restarts_total', { program: 'api' }, 0],
    ]);
  });

  test('counts what is set aside', async () => {
    const earlier = await scrape();
    assert.equal((await vedette.store({ message: 'poisonous' })).status, 200);
    await grown(earlier, [
      ['vedette_digest_poison_total', {}, 1],
      ['vedette_poison_records', {}, 1],
      ['vedette_child_restarts_total', { program: 'worker' }, 3],
    ]);
    const { body } = await vedette.api('/organizations/vedette/ingest-health/');
    assert.equal(body.poisonCount, 1);
  });

  test('tells of a database that is away, and how far behind that leaves the digest', async () => {
    const earlier = await scrape();
    await vedette.halt('postgres');
    assert.equal((await vedette.store({ message: 'later' })).status, 200);
    const ready = await vedette.private('/_health/ready/');
    assert.deepEqual([ready.status, JSON.parse(ready.text)], [503, { is_healthy: false, database: false, ingest: true, digest: false }]);
    assert.equal((await vedette.private('/_health/live/')).status, 200);
    await until(
      async () => {
        const figures = await scrape();
        const lane = { lane: '0' };
        assert.equal(figures.value('vedette_database_up'), 0);
        assert.equal(figures.value('vedette_poison_records'), undefined);
        assert.ok(figures.value('vedette_digest_lag_seconds', lane) > 0.5, 'lag');
        assert.ok(figures.value('vedette_digest_backlog_bytes', lane) > 0, 'backlog');
        const away = { program: 'worker', kind: 'away' };
        assert.ok(figures.value('vedette_postgres_failures_total', away) > earlier.value('vedette_postgres_failures_total', away), 'failures');
        return true;
      },
      { seconds: 20, every: 200, what: 'that the figures tell of it' },
    );
    await vedette.start('postgres');
    await until(async () => (await vedette.private('/_health/ready/')).status === 200, { seconds: 30, what: 'that it is ready again' });
    await until(async () => (await scrape()).value('vedette_digest_backlog_bytes', { lane: '0' }) === 0, { seconds: 20, what: 'that nothing waits' });
  });

  test('comes back after nginx was killed', async () => {
    vedette.kill('nginx');
    await vedette.start();
    assert.equal((await vedette.private('/_health/live/')).status, 200);
  });
});

test('the exposition is read strictly', () => {
  const good = '# HELP a_total x\n# TYPE a_total counter\na_total{b="c"} 1\n';
  assert.equal(readExposition(good).value('a_total', { b: 'c' }), 1);
  const bad = [
    good.slice(0, -1),
    good.replace('counter', 'number'),
    good.replace('# TYPE a_total counter\n', ''),
    good.replace('} 1', '} one'),
    good.replace('"c"', 'c'),
    good + good,
    `${good}a_total{b="c"} 2\n`,
    `${good}b 2\n`,
    good.replaceAll('a_total', 'a'),
  ];
  for (const text of bad) assert.throws(() => readExposition(text), undefined, text);
});
