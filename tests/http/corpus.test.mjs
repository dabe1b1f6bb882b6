// All of the corpus of real SDK traffic, sent as the SDKs sent it.  corpus.tsv says for every request what it must be
// answered and how many events must exist because of it:
//   200  the envelope is well formed and its key good, whatever its items hold (a broken payload is not an HTTP error);
//   404  the endpoint is still to come;
//   415  the content type is none of the endpoint's;
//   400  it cannot be split; 403 its key is unknown or another project's; 413 an event-like item is over 1 MiB, or there are two.
// Which event ids must exist is counted by the replay tool's decoder, which shares no code with the server.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkout, startInstance, until } from '../harness/instance.mjs';
import { checkIssues, checkOutcomes, storedEvents } from './ledger.mjs';
import { absent, shared } from './shared.mjs';

const corpus = join(shared, 'data/corpus/dev');
const table = readFileSync(join(checkout, 'tests/http/corpus.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([file, status, events]) => ({ file, status, events: Number(events) }));
/** Numbers of storage/items.h. */
const ACCEPTED = 0;
const ERROR = 2;
const SECURITY = 4;
const plain = (id) => id.replaceAll('-', '').toLowerCase();

/** Reports of browsers become events whose ids nobody is told. */
const isReport = (path) => /^\/api\/\d+\/(security|nel)\//.test(path);
const isCrash = (path) => /^\/api\/\d+\/minidump\//.test(path);

/** The captured id of the one event in a request; undefined when it carries none. */
function capturedId(decoder, file) {
  const meta = JSON.parse(readFileSync(`${join(corpus, file)}.meta.json`, 'utf8'));
  const body = readFileSync(`${join(corpus, file)}.body`);
  if (decoder.classify(meta).kind === 'store') {
    const text = new URL(meta.path, 'http://x').searchParams.get('sentry_data');
    return (text ? JSON.parse(text) : decoder.decodeStore(decoder.decompress(body, decoder.header(meta, 'content-encoding'))).json).event_id;
  }
  const envelope = decoder.parseEnvelope(decoder.decompress(body, decoder.header(meta, 'content-encoding')));
  const item = envelope.items.find((each) => each.header.type === 'event');
  return envelope.header.event_id ?? (item && JSON.parse(item.payload.toString('utf8')).event_id);
}

describe('the corpus of real traffic', { skip: absent }, () => {
  let vedette;
  let projects;
  let sent;

  before(async () => {
    vedette = await startInstance();
    projects = { 1: vedette.credentials.dsn };
    for (const captured of [2, 3]) {
      const made = await vedette.api('/teams/vedette/vedette/projects/', { method: 'POST', body: { name: `corpus ${captured}` } });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const keys = await vedette.api(`/projects/vedette/${made.body.slug}/keys/`);
      projects[captured] = keys.body[0].dsn.public;
    }
    const folders = readdirSync(corpus).filter((name) => name !== 'handmade');
    sent = new Map([
      ...replay(folders, '--refresh', '--concurrency', '4'),
      // Fresh ids would mean to write the envelopes anew, and with that to mend some of them.
      ...replay(['handmade']),
    ]);
  });
  after(() => vedette?.stop());

  /** Sends folders of the corpus; [file, line of the report] pairs. */
  function replay(folders, ...options) {
    const report = join(vedette.dir, `report-${folders[0]}.jsonl`);
    const targets = ['--dsn', projects[1], '--project', `2=${projects[2]}`, '--project', `3=${projects[3]}`];
    const tool = join(shared, 'tools/replay/replay.js');
    const paths = folders.map((name) => join(corpus, name));
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...paths, ...targets, '--quiet', '--report', report, ...options]);
    assert.equal(status, 0, `${stderr}${stdout}`);
    const rows = readFileSync(report, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    return rows.map((row) => [relative(corpus, row.file), row]);
  }

  test('every request gets the status of the table', () => {
    const wrong = table
      .filter(({ status }) => status !== '-')
      .map(({ file, status }) => ({ file, status, got: String(sent.get(file)?.status), answer: sent.get(file)?.answer }))
      .filter(({ status, got }) => status !== got);
    assert.deepEqual(wrong, []);
  });

  /** project/id of the events whose ids are known, and how many others there must be. */
  function expectedEvents() {
    const decoder = createRequire(import.meta.url)(join(shared, 'tools/replay/decode.js'));
    const named = new Set();
    let nameless = 0;
    for (const { file, events } of table.filter((row) => row.events > 0)) {
      const row = sent.get(file);
      const project = /\/api\/(\d+)\//.exec(row.path)[1];
      const id = isReport(row.path) || isCrash(row.path) ? undefined : capturedId(decoder, file);
      if (isReport(row.path)) nameless += events;
      else if (isCrash(row.path)) named.add(`${project}/${plain(row.answer)}`);
      else named.add(`${project}/${id ? plain(row.ids?.[plain(id)] ?? id) : JSON.parse(row.answer).id}`);
    }
    return { named, nameless };
  }

  test('exactly the events of the table exist', async () => {
    const { named, nameless } = expectedEvents();
    const missing = (stored) => [...named].filter((id) => !stored.has(id));
    const isWhole = (stored) => missing(stored).length === 0 && stored.size >= named.size + nameless;
    await until(async () => isWhole(await storedEvents(vedette)), { seconds: 60, every: 500, what: 'that all events are stored' }).catch(() => {});
    const stored = await storedEvents(vedette);
    assert.deepEqual(missing(stored), [], 'accepted, but not stored');
    const others = [...stored].filter((id) => !named.has(id));
    assert.equal(others.length, nameless, `stored, but not expected: ${others.join(' ')}`);
  });

  test('issues, users and rollups add up', async () => {
    const issues = await checkIssues(vedette);
    assert.ok(issues.length > 50, `${issues.length} issues`);
  });

  test('outcomes sum to the items that were sent', async () => {
    const outcomes = await checkOutcomes(vedette);
    const [{ items }] = await vedette.sql(`
      select (select count(*) from event where type <> 'feedback') +
             (select count(*) from pending_item where type = 'unreal_report') as items`);
    const accepted = outcomes.filter((row) => row.outcome === ACCEPTED && [ERROR, SECURITY].includes(row.category));
    assert.equal(accepted.reduce((sum, row) => sum + row.quantity, 0), items);
  });
});
