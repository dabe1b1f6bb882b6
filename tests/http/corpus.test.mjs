// All of the corpus of real SDK traffic, sent as the SDKs sent it.  corpus.tsv says for every request what it must be
// answered and how many events must exist because of it:
//   200  the envelope is well formed and its key good, whatever its items hold (a broken payload is not an HTTP error);
//   202  the endpoint is one of those that never tell more;
//   415  the content type is none of the endpoint's;
//   400  it cannot be split; 403 its key is unknown or another project's; 413 an event-like item is over 1 MiB, or there are two.
// Which event ids must exist is counted by the replay tool's decoder, which shares no code with the server.
//
// Beyond that every item is accounted for: corpus/ reads the requests as they went over the wire (recorder.mjs,
// submissions.mjs), computes by the protocol's rules what each item must be counted as and stored with (expected.mjs),
// and compares that with what the views of the database say (books.mjs).
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { checkout, run, startInstance, until } from '../harness/instance.mjs';
import { booksOf } from './corpus/expected.mjs';
import { startRecorder } from './corpus/recorder.mjs';
import { submissionsOf } from './corpus/submissions.mjs';
import { checkIssues, checkOutcomes, countsOf, storedEvents } from './ledger.mjs';
import { absent, shared } from './shared.mjs';

const corpus = join(shared, 'data/corpus/dev');
const decoder = absent ? undefined : createRequire(import.meta.url)(join(shared, 'tools/replay/decode.js'));
const table = readFileSync(join(checkout, 'tests/http/corpus.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([file, status, events]) => ({ file, status, events: Number(events) }));
/** Sent with a DSN, though its path is one of the web API's. */
const REPORT_BY_API = 'curl/user-feedback-api';
const plain = (id) => id.replaceAll('-', '').toLowerCase();

/** Reports of browsers become events whose ids nobody is told. */
const isReport = (path) => /^\/api\/\d+\/(security|nel)\//.test(path);
const isCrash = (path) => /^\/api\/\d+\/minidump\//.test(path);

/** The captured id of the one event in a request; undefined when it carries none. */
function capturedId(file) {
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

/** What of a view was sent: check-ins that never came, and the events of incidents, are the server's own. */
const isItem = {
  view_event: ({ type }) => !['monitor', 'feedback', 'csp', 'hpkp', 'expectct', 'expectstaple'].includes(type),
  view_check_in: ({ status }) => !['missed', 'timeout'].includes(status),
};
const VIEWS = `event security feedback attachment user_report transaction span log trace_metric profile profile_chunk
  replay_segment replay session check_in`.split(/\s+/);

describe('the corpus of real traffic', { skip: absent }, () => {
  let vedette;
  let recorder;
  let projects;
  let sent;
  let books;

  before(async () => {
    vedette = await startInstance();
    recorder = await startRecorder(vedette.port);
    projects = [await projectOf(vedette.credentials.dsn)];
    for (const captured of [2, 3]) {
      const made = await vedette.api('/teams/vedette/vedette/projects/', { method: 'POST', body: { name: `corpus ${captured}` } });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const keys = await vedette.api(`/projects/vedette/${made.body.slug}/keys/`);
      projects.push(await projectOf(keys.body[0].dsn.public));
    }
    const folders = readdirSync(corpus).filter((name) => name !== 'handmade');
    sent = new Map([
      ...(await replay(folders, '--refresh')),
      ...(await replay([REPORT_BY_API], '--webapi', '--org', 'vedette', '--web-project', projects[0].slug)),
    ]);
    // The event of that report is among the next, and too old to take one: the report comes before it.
    const isStored = async () => (await vedette.sql(`select 1 from view_user_report where comments = 'by the web api'`)).length > 0;
    await until(isStored, { seconds: 120, every: 500, what: 'that the report is stored' });
    // Fresh ids would mean to write the envelopes anew, and with that to mend some of them.
    for (const [file, row] of await replay(['handmade'])) sent.set(file, row);
    books = booksOf(recorder.requests.flatMap(accountable));
    await until(convertedLogs, { seconds: 120, every: 500, what: 'that the logs of OpenTelemetry are stored' });
    for (const { project, bytes } of await convertedLogs()) books.count(project, 'log_byte', bytes);
    const isDigested = async () => isDeepStrictEqual(await countsOf(vedette), books.counts);
    await until(isDigested, { seconds: 60, every: 500 }).catch(() => {}); // a test says what is missing
  });
  after(async () => {
    recorder?.stop();
    await vedette?.stop();
  });

  /** A log of OpenTelemetry has as many bytes as it has as one of Sentry's, which the sender cannot know. */
  async function convertedLogs() {
    const sums = await vedette.sql(`
      select project, sum(payload_size)::int as bytes from view_log where attributes ->> 'sentry.origin' = 'auto.otlp.logs' group by 1`);
    return sums.length > 0 && sums;
  }

  /** What somebody is told of in statistics: all that could be read, with a key that is known. */
  function accountable(request) {
    if (request.status >= 400 && ![403, 413].includes(request.status)) return [];
    const key = /sentry_key=(\w+)/.exec(`${request.headers['x-sentry-auth']} ${request.path}`)?.[1];
    return submissionsOf(decoder, request, projects[0].id).flatMap((submission) => {
      const project = projects.find(({ id, dsn }) => (request.status === 403 ? new URL(dsn).username === key : id === submission.project));
      return project ? [{ ...submission, project: project.slug }] : [];
    });
  }

  /** A key's project as the relay sees it: {id, slug, dsn}. */
  async function projectOf(dsn) {
    const url = new URL(dsn);
    const id = url.pathname.slice(1);
    const [{ slug }] = await vedette.sql(`select slug from project where id = ${id}`);
    url.port = recorder.port;
    return { id, slug, dsn: url.href };
  }

  /** Sends folders of the corpus, one request after the other; [file, line of the report] pairs. */
  async function replay(folders, ...options) {
    const report = join(vedette.dir, `report-${folders[0].replaceAll('/', '-')}.jsonl`);
    const targets = projects.flatMap(({ dsn }, at) => (at ? ['--project', `${at + 1}=${dsn}`] : ['--dsn', dsn]));
    const tool = join(shared, 'tools/replay/replay.js');
    const paths = folders.map((name) => join(corpus, name));
    await run(process.execPath, [tool, ...paths, ...targets, '--quiet', '--report', report, ...options]);
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
    const named = new Set();
    let nameless = 0;
    for (const { file, events } of table.filter((row) => row.events > 0)) {
      const row = sent.get(file);
      const project = /\/api\/(\d+)\//.exec(row.path)[1];
      const id = isReport(row.path) || isCrash(row.path) ? undefined : capturedId(file);
      if (isReport(row.path)) nameless += events;
      else if (isCrash(row.path)) named.add(`${project}/${plain(row.answer)}`);
      else named.add(`${project}/${id ? plain(row.ids?.[plain(id)] ?? id) : JSON.parse(row.answer).id}`);
    }
    return { named, nameless };
  }

  test('exactly the events of the table exist', async () => {
    const { named, nameless } = expectedEvents();
    const missing = (stored) => [...named].filter((id) => !stored.has(id));
    const stored = await storedEvents(vedette, "type <> 'monitor'");
    assert.deepEqual(missing(stored), [], 'accepted, but not stored');
    const others = [...stored].filter((id) => !named.has(id));
    assert.equal(others.length, nameless, `stored, but not expected: ${others.join(' ')}`);
  });

  test('issues, users and rollups add up', async () => {
    const issues = await checkIssues(vedette);
    assert.ok(issues.length > 50, `${issues.length} issues`);
  });

  test('everything is counted, to the single item', async () => {
    assert.deepEqual(await countsOf(vedette), books.counts);
    await checkOutcomes(vedette);
  });

  for (const view of VIEWS.map((name) => `view_${name}`))
    test(`${view} holds what was sent`, async () => {
      const rows = (await vedette.sql(`select * from ${view}`)).filter(isItem[view] ?? (() => true));
      const problems = books.compare(view, rows);
      assert.ok(books.rowsOf(view).length > 0, 'nothing was sent');
      const first = problems.slice(0, 5).map((each) => JSON.stringify(each)).join('\n');
      assert.equal(problems.length, 0, `${problems.length} of ${books.rowsOf(view).length}:\n${first}`);
    });
});
