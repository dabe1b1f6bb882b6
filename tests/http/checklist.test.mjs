// The conformance list of the SDK protocol, line by line: each entry sends what the line says and asserts what it
// expects.  Entries are in checklist/, a file a section.  They run side by side against one instance when the suite
// begins; the tests then tell how each ended.  Ids in checklist/pending.tsv are known to fail: their entries run as
// well, and one that passes fails the suite until its line is gone.  CHECKLIST_REASONS=1 prints how the pending fail.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGeoip } from '../harness/geoip.mjs';
import { startInstance } from '../harness/instance.mjs';
import { listAbsent, listed, pendingIds, progress } from './checklist/list.mjs';
import { attachments } from './checklist/attachments.mjs';
import { crashes } from './checklist/crashes.mjs';
import { envelopes } from './checklist/envelopes.mjs';
import { fields } from './checklist/fields.mjs';
import { filters } from './checklist/filters.mjs';
import { interfaces } from './checklist/interfaces.mjs';
import { limits } from './checklist/limited.mjs';
import { monitors } from './checklist/monitors.mjs';
import { quotas } from './checklist/quotas.mjs';
import { replays } from './checklist/replays.mjs';
import { reports } from './checklist/reports.mjs';
import { requests } from './checklist/requests.mjs';
import { scrubbing } from './checklist/scrubbing.mjs';
import { scrubbingCases } from './checklist/scrubbing_cases.mjs';
import { sessions } from './checklist/sessions.mjs';
import { timed } from './checklist/timed.mjs';
import { transactions } from './checklist/transactions.mjs';
import { Sender } from './checklist/sender.mjs';
import { absent, shared } from './shared.mjs';

const entries = [
  ...requests,
  ...envelopes,
  ...attachments,
  ...reports,
  ...crashes,
  ...fields,
  ...interfaces,
  ...scrubbing,
  ...scrubbingCases,
  ...filters,
  ...limits,
  ...quotas,
  ...sessions,
  ...transactions,
  ...replays,
  ...monitors,
  ...timed,
];
const pending = pendingIds();
const isPending = ([id]) => pending.has(id);
const lacksShared = (reason) => absent && reason?.code === 'ENOENT' && reason.path?.startsWith(shared);
/**
 * What would disturb the others has the whole instance to itself in the end ("alone"), or one after the other an
 * instance whose clock they may move ("timed").
 */
const runs = (wanted) => ([, , , how = 'beside']) => how === wanted;
/** Seconds that an entry waits for what it expects; most that are pending wait in vain. */
const PENDING_PATIENCE = 6;
/**
 * Proxies between the senders and nginx, so that entries may come from any address.  5.6.7.8 is the second of the list's
 * chain: who is not trusted cannot speak for others.
 */
const TRUSTED = '127.0.0.1 5.6.7.8';
/** Where the addresses of entries are; nobody knows of the others. */
const NETWORKS = [['2.125.160.216/29', 'GB', 'United Kingdom', 'Boxford', 'England']];

describe('the conformance list', () => {
  const ends = new Map();
  let vedette;
  let sender;
  let clocked;
  let clockedSender;
  const folder = mkdtempSync(join(tmpdir(), 'vedette-checklist.'));

  /** Runs an entry until it has ended well or with a reason. */
  const run = async (by, [id, , send]) =>
    ends.set(
      id,
      await send(by).then(
        () => undefined,
        (reason) => reason,
      ),
    );
  const runBeside = (by, which) => Promise.all(entries.filter((entry) => runs('beside')(entry) && which(entry)).map((entry) => run(by, entry)));
  const runOneByOne = async (by, how) => {
    for (const entry of entries.filter(runs(how))) await run(by, entry);
  };

  before(async () => {
    chmodSync(folder, 0o755); // for the owner of the processes
    const geoip_database = join(folder, 'city.mmdb');
    writeGeoip(geoip_database, NETWORKS);
    vedette = await startInstance({ settings: { trusted_proxies: TRUSTED, api_requests_per_second: 100000, geoip_database } });
    sender = new Sender(vedette);
    await runBeside(sender, (entry) => !isPending(entry));
    await runBeside(sender.patient(PENDING_PATIENCE), isPending);
    await runOneByOne(sender, 'alone');
    clocked = await startInstance({ clock: true });
    clockedSender = new Sender(clocked);
    await runOneByOne(clockedSender, 'timed');
  });
  after(async () => {
    sender?.close();
    clockedSender?.close();
    await vedette?.stop();
    await clocked?.stop();
    rmSync(folder, { recursive: true });
  });

  for (const [id, words] of entries.filter((entry) => !isPending(entry)))
    test(`#${id} ${words}`, (t) => {
      const reason = ends.get(id);
      if (lacksShared(reason)) t.skip(absent);
      else if (reason) throw reason;
    });

  test('what is pending does fail', (t) => {
    const ran = entries.filter(isPending).map(([id]) => id);
    if (process.env.CHECKLIST_REASONS) for (const id of ran) t.diagnostic(`#${id}: ${ends.get(id)?.message}`);
    const passing = ran.filter((id) => !ends.get(id));
    assert.deepEqual(passing, [], 'these pass: remove them from pending.tsv');
  });

  test('no id has two entries', () => {
    const ids = entries.map(([id]) => id);
    assert.deepEqual(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
    );
  });

  test('every id of the list has an entry or waits for one', { skip: listAbsent }, (t) => {
    const entered = new Set(entries.map(([id]) => id));
    const known = new Set([...entered, ...pending.keys()]);
    const lines = listed();
    const ids = new Set(lines.map(({ id }) => id));
    assert.ok(ids.size > 0, 'the list was not understood');
    assert.deepEqual(
      [...ids].filter((id) => !known.has(id)),
      [],
      'ids without an entry',
    );
    assert.deepEqual(
      [...known].filter((id) => !ids.has(id)),
      [],
      'ids that are not in the list',
    );
    t.diagnostic(progress(lines, entered, pending));
  });
});
