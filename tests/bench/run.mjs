// make bench: what Vedette takes and how fast, on this machine, sender included; prints a table and writes
// build/bench.json, one flat object.  QUICK=1 gives the same names in at most four minutes.
//
//   echo_rps                   requests/s through nginx to a FastCGI program that only reads the body: the limit of the run
//   accepted_rps_3k, _share_3k events/s answered 200, closed loop over 32 connections, digest running; its share of the echo
//   digested_rps_3k, _50k      events/s from the first request until the last of them is stored, sent as fast as accepted
//   transactions_rps_50_spans  the same of transactions with 50 spans each
//   knee_rps_3k                highest open-loop rate with p99 <= 50 ms, no refusal, digest lag <= 2 s, by bisection to 5 %
//   ingest_p99_ms, issue_list_p95_ms, own_rss_mb   while 80 % of the knee arrive
//   logs_rps                   log records/s, 500 in a request, from the first request until the last record is stored
//   visible_p99_ms             from a 200 to the issue in the list, idle
//   disk_bytes_per_event_3k    all data tables, indexes and blobs, after VACUUM, divided by the events
//   lost, doubled              after kills with -9 under load
//   instructions_event_*       that one error of 3 KiB costs the digest, step by step; a step is within _add or _write
//   instructions_transaction_* the same of a transaction with 50 spans
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, eventId, freePort, sleep, startInstance, until } from '../harness/instance.mjs';
import { health, output, ownResidentMiB, programs, run, send } from './gauges.mjs';

const quick = Boolean(process.env.QUICK);
const span = quick
  ? { closed: 4, rounds: 3, step: 5, held: 15, load: 15, visible: 40, events: 30000, large: 1500, transactions: 2000, logs: 100, kills: 3, narrow: 0.1 }
  : { closed: 8, rounds: 3, step: 10, held: 60, load: 30, visible: 100, events: 100000, large: 4000, transactions: 8000, logs: 400, kills: 6, narrow: 0.05 };
const KNEE_P99_MS = 50;
const KNEE_LAG_SECONDS = 2;
const figures = {};

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const quantile = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const note = (text) => process.stderr.write(`${text}\n`);

// Those that were judged: what was refused is counted as well, so that a refused one does not stop the bench.
const transactions = async (vedette) => (await vedette.sql('select coalesce(sum(quantity), 0)::int as n from outcome_hour where category = 3'))[0].n;
const events = async (vedette) => (await vedette.sql('select count(*)::int as n from event'))[0].n;

/** Resolves to the moment (ms) when `count` events are stored; counting is not free, so not more often than needed. */
async function drained(vedette, count, stored = events) {
  await until(async () => (await health(vedette)).backlogBytes === 0, { seconds: 600, every: 100, what: 'an empty backlog' });
  await until(async () => (await stored(vedette)) >= count, { seconds: 600, every: 50, what: `${count} stored` });
  return Date.now();
}

/** nginx as Vedette configures it, in front of the echo program. */
async function startEcho(vedette) {
  const socket = join(vedette.runDir, 'echo.sock');
  const port = await freePort();
  const config = readFileSync(join(vedette.runDir, 'nginx.conf'), 'utf8')
    .replaceAll(`${vedette.runDir}/ingest.sock`, socket)
    .replaceAll(`${vedette.runDir}/private.sock`, `${socket}.private`)
    .replaceAll(`:${vedette.port} `, `:${port} `)
    .replaceAll('nginx-master.pid', 'echo-nginx.pid');
  const file = join(vedette.dir, 'echo-nginx.conf');
  writeFileSync(file, config);
  const drop = process.getuid() === 0 ? ['setpriv', '--reuid=vedette', '--regid=vedette', '--init-groups', '--'] : [];
  const start = (...words) => {
    const [command, ...rest] = [...drop, ...words];
    return spawn(command, rest, { stdio: 'inherit' });
  };
  const children = [
    start(join(programs, 'echo'), socket),
    start('nginx', '-p', join(vedette.dir, 'data/nginx'), '-c', file, '-g', 'daemon off;'),
  ];
  const echo = { ...vedette, port, projectId: vedette.projectId, key: vedette.key, stop: () => children.forEach((child) => child.kill('SIGTERM')) };
  await until(async () => (await fetch(`http://127.0.0.1:${port}/api/1/envelope/`, { method: 'POST', body: '{}' })).status === 200, { what: 'the echo' });
  return echo;
}

async function closedLoop(vedette) {
  const echo = await startEcho(vedette);
  const [echoes, accepted, digested] = [[], [], []];
  for (let round = 0; round < span.rounds; round++) {
    const bare = await send(echo, { rate: 0, seconds: span.closed, size: 3072 });
    const before = await events(vedette);
    const started = Date.now();
    const taken = await send(vedette, { rate: 0, seconds: span.closed, size: 3072 });
    const ended = await drained(vedette, before + taken.accepted);
    echoes.push(bare.accepted_per_second);
    accepted.push(taken.accepted_per_second);
    digested.push((taken.accepted / (ended - started)) * 1000);
    note(`round ${round + 1}: echo ${echoes.at(-1)}/s, accepted ${accepted.at(-1)}/s, digested ${digested.at(-1).toFixed(0)}/s, ${JSON.stringify(taken.statuses)}`);
    if (taken.refused > 0) throw new Error(`refused: ${JSON.stringify(taken.statuses)}`);
  }
  echo.stop();
  figures.echo_rps = median(echoes);
  figures.accepted_rps_3k = median(accepted);
  figures.accepted_share_3k = median(accepted.map((value, at) => value / echoes[at]));
  figures.digested_rps_3k = median(digested);
}

async function largeEvents(vedette) {
  const rates = [];
  for (let round = 0; round < span.rounds; round++) {
    const before = await events(vedette);
    const started = Date.now();
    const taken = await send(vedette, { rate: 0, count: span.large, size: 51200 });
    rates.push((taken.accepted / ((await drained(vedette, before + taken.accepted)) - started)) * 1000);
  }
  figures.digested_rps_50k = median(rates);
}

async function transactionsWithSpans(vedette) {
  const rates = [];
  for (let round = 0; round < span.rounds; round++) {
    const before = await transactions(vedette);
    const started = Date.now();
    const taken = await send(vedette, { rate: 0, count: span.transactions, spans: 50 });
    rates.push((taken.accepted / ((await drained(vedette, before + taken.accepted, transactions)) - started)) * 1000);
    note(`transactions: ${rates.at(-1).toFixed(0)}/s`);
  }
  figures.transactions_rps_50_spans = median(rates);
}

/** Whether Vedette keeps up with a rate for so many seconds. */
async function keepsUp(vedette, rate, seconds) {
  let lag = 0;
  let done = false;
  const watch = (async () => {
    while (!done) {
      lag = Math.max(lag, (await health(vedette)).lagSeconds);
      await sleep(250);
    }
  })();
  const report = await send(vedette, { rate, seconds, size: 3072 });
  done = true;
  await watch;
  await until(async () => (await health(vedette)).backlogBytes === 0, { seconds: 300, every: 200, what: 'an empty backlog' });
  const good = report.refused === 0 && report.broken === 0 && report.p99_ms <= KNEE_P99_MS && lag <= KNEE_LAG_SECONDS;
  note(`${rate}/s for ${seconds} s: p99 ${report.p99_ms} ms, lag ${lag.toFixed(1)} s, refused ${report.refused}: ${good ? 'keeps up' : 'too much'}`);
  return good;
}

async function knee(vedette) {
  let low = 0;
  let high = Math.ceil(figures.digested_rps_3k * 1.2);
  let rate = Math.round(figures.digested_rps_3k * 0.7);
  while (low === 0 || (high - low) / low > span.narrow) {
    if (await keepsUp(vedette, rate, span.step)) low = rate;
    else high = rate;
    if (high < 50) throw new Error('no rate at which Vedette keeps up');
    rate = low === 0 ? Math.round(high / 2) : Math.round((low + high) / 2);
  }
  while (!(await keepsUp(vedette, low, span.held))) low = Math.round(low * 0.9);
  figures.knee_rps_3k = low;
}

async function underLoad(vedette) {
  const rate = Math.round(figures.knee_rps_3k * 0.8);
  const waits = [];
  const resident = [];
  let done = false;
  const reader = (async () => {
    await sleep(1000);
    while (!done) {
      const started = performance.now();
      const list = await vedette.api('/organizations/vedette/issues/?query=is:unresolved&limit=100&statsPeriod=14d');
      waits.push(performance.now() - started);
      if (list.status !== 200) throw new Error(`issue list answered ${list.status}`);
      resident.push(ownResidentMiB(vedette));
      await sleep(100);
    }
  })();
  const report = await send(vedette, { rate, seconds: span.load, size: 3072 });
  done = true;
  await reader;
  figures.ingest_p99_ms = report.p99_ms;
  figures.issue_list_p95_ms = quantile(waits, 0.95);
  figures.own_rss_mb = Math.max(...resident);
}

async function visible(vedette) {
  await until(async () => (await health(vedette)).backlogBytes === 0, { seconds: 60 });
  const waits = [];
  for (let at = 0; at < span.visible; at++) {
    const type = `Seen${eventId().slice(0, 12)}`;
    const { status } = await vedette.store({ exception: { values: [{ type, value: 'visible' }] } });
    const started = performance.now();
    if (status !== 200) throw new Error(`the store endpoint answered ${status}`);
    await until(async () => (await vedette.api('/organizations/vedette/issues/?limit=5')).body.some((issue) => issue.title.startsWith(type)), { every: 5 });
    waits.push(performance.now() - started);
  }
  figures.visible_p99_ms = quantile(waits, 0.99);
}

const LOGS_PER_REQUEST = 500;
const LOG_CONNECTIONS = 4;

/** A container of records as a Node server's SDK sends them: ten attributes, six of them always the same. */
function logContainer(seed) {
  const typed = (value) => ({ value, type: typeof value === 'number' ? 'integer' : 'string' });
  const items = Array.from({ length: LOGS_PER_REQUEST }, (_, at) => ({
    timestamp: Date.now() / 1000 - 5 + at / 1e4,
    level: at % 20 === 0 ? 'error' : 'info',
    body: `order ${seed * LOGS_PER_REQUEST + at} of customer ${(at * 7919) % 10007} was placed in ${at % 97} ms`,
    trace_id: eventId(),
    span_id: eventId().slice(16),
    severity_number: at % 20 === 0 ? 17 : 9,
    attributes: {
      i: typed(at),
      'http.route': typed(`/orders/${at % 31}`),
      'user.id': typed(String((at * 7919) % 10007)),
      'user.email': typed(`user${(at * 7919) % 10007}@example.com`),
      'sentry.release': typed('shop-api@1.4.2+build.77'),
      'sentry.environment': typed('production'),
      'sentry.sdk.name': typed('sentry.javascript.node'),
      'sentry.sdk.version': typed('11.11.0'),
      'server.address': typed('web-3.example.internal'),
      'sentry.timestamp.sequence': typed(at % 10),
    },
  }));
  const header = { type: 'log', item_count: items.length, content_type: 'application/vnd.sentry.items.log+json' };
  return `{}\n${JSON.stringify(header)}\n${JSON.stringify({ version: 2, items })}\n`;
}

async function logs(vedette) {
  const bodies = Array.from({ length: 20 }, (_, seed) => logContainer(seed));
  const stored = async () => (await vedette.sql('select count(*)::int as n from log'))[0].n;
  const rates = [];
  for (let round = 0; round < span.rounds; round++) {
    const before = await stored();
    const started = Date.now();
    let sent = 0;
    const connection = async () => {
      while (sent < span.logs) {
        const { status } = await vedette.post(bodies[sent++ % bodies.length]);
        if (status !== 200) throw new Error(`logs were answered ${status}`);
      }
    };
    await Promise.all(Array.from({ length: LOG_CONNECTIONS }, connection));
    await until(async () => (await health(vedette)).backlogBytes === 0, { seconds: 600, every: 50, what: 'an empty backlog' });
    await until(async () => (await stored()) === before + sent * LOGS_PER_REQUEST, { seconds: 600, every: 50, what: 'all records' });
    rates.push(((sent * LOGS_PER_REQUEST) / (Date.now() - started)) * 1000);
    note(`${sent} requests of ${LOGS_PER_REQUEST} log records: ${rates.at(-1).toFixed(0)}/s`);
  }
  figures.logs_rps = median(rates);
}

/** In an instance of its own, so that only events of 3 KiB are on its disk. */
async function disk() {
  const vedette = await startInstance();
  const rate = Math.round(figures.knee_rps_3k * 0.8);
  await send(vedette, { rate, count: span.events, size: 3072 });
  await drained(vedette, span.events);
  await sleep(10000); // the tag job writes some seconds behind
  await vedette.psql('vacuum analyze');
  const [{ bytes }] = await vedette.sql(`
    select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'm')`);
  const [{ blobs }] = await vedette.sql('select coalesce(sum(size), 0)::bigint as blobs from blob');
  figures.disk_bytes_per_event_3k = (bytes + blobs) / (await events(vedette));
  await vedette.stop();
}

async function crashes() {
  const vedette = await startInstance();
  const ids = join(vedette.dir, 'ids');
  const load = send(vedette, { rate: 400, count: span.kills * 1200, size: 3072, repeat: 1, ids });
  for (let at = 0; at < span.kills; at++) {
    for (const name of ['ingest', 'worker', 'nginx', 'postgres']) {
      await sleep(300);
      vedette.kill(name);
      await vedette.start();
    }
  }
  const report = await load;
  const accepted = new Set(readFileSync(ids, 'utf8').trim().split('\n').map((id) => id.replaceAll('-', '')));
  await until(async () => (await health(vedette)).backlogBytes === 0, { seconds: 120, every: 200 });
  const rows = await vedette.sql("select replace(event_id::text, '-', '') as id, count(*)::int as n from event group by 1");
  const stored = new Map(rows.map(({ id, n }) => [id, n]));
  figures.lost = [...accepted].filter((id) => !stored.has(id)).length;
  figures.doubled = rows.filter(({ n }) => n > 1).length;
  note(`${accepted.size} ids answered 200 through ${span.kills * 4} kills, statuses ${JSON.stringify(report.statuses)}`);
  await vedette.stop();
}

// The steps of the digest by the function that is its door.
const STEPS = {
  add: 'batch_add',
  decode: 'log_record_decode',
  parse: 'jt_read',
  normalize: 'normalize_event',
  filter: 'filter_event',
  scrub: 'scrub_event',
  tags: 'tags_finish',
  group: 'grouping_finish',
  body: 'jt_write',
  compress: 'event_body_encode',
  write: 'batch_write',
};

/** Instructions by step, of `count` bodies digested in a process of their own. */
async function instructions(name, count, spans) {
  const file = join(output, `callgrind.${name}`);
  const collect = ['--tool=callgrind', `--callgrind-out-file=${file}`, '--collect-atstart=no', '--toggle-collect=batch_add', '--toggle-collect=batch_write'];
  await run('tests/scratch_postgres.sh', ['valgrind', ...collect, join(programs, 'digest_cost'), String(count), String(spans)], { cwd: checkout });
  const { stdout } = await run('callgrind_annotate', ['--inclusive=yes', '--threshold=100', file], { maxBuffer: 1 << 26 });
  for (const [step, door] of Object.entries(STEPS)) {
    const line = new RegExp(`^ *([0-9,]+) .*[ :]${door} `, 'm').exec(stdout);
    if (line) figures[`instructions_${name}_${step}`] = Number(line[1].replaceAll(',', '')) / count;
  }
}

async function digestCost() {
  await instructions('event', quick ? 500 : 2000, 0);
  await instructions('transaction', quick ? 100 : 500, 50);
}

const vedette = await startInstance();
for (const measure of [closedLoop, largeEvents, transactionsWithSpans, knee, underLoad, logs, visible]) await measure(vedette);
await vedette.stop();
await disk();
await crashes();
await digestCost();

const rounded = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value * 1000) / 1000]));
writeFileSync(join(output, 'bench.json'), `${JSON.stringify(rounded, null, 2)}\n`);
for (const [name, value] of Object.entries(rounded)) console.log(`${name.padEnd(26)} ${String(value).padStart(12)}`);
