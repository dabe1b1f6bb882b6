// What an operator meets: starting twice, after a kill, after an upgrade, in a wrong place; the operator's tool.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkout, run, sleep, startInstance, until } from '../harness/instance.mjs';

const PROCESSES = ['postgres', 'ingest', 'worker', 'api', 'nginx'];
const pids = (vedette) => Object.fromEntries(PROCESSES.map((name) => [name, vedette.pid(name)]));

/** The sentence a failing script ends with; every failure is one sentence and no success. */
async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail('it should have been refused'),
    (reason) => reason,
  );
  const lines = error.message.trim().split('\n');
  assert.match(lines.at(-1), /^vedette: \S.*$/);
  return lines.at(-1);
}

describe('an instance', () => {
  let vedette;
  before(async () => {
    vedette = await startInstance();
  });
  after(() => vedette.stop());

  test('writes its first credentials for the owner alone', () => {
    const path = join(vedette.dir, 'data/credentials.json');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(Object.keys(JSON.parse(readFileSync(path, 'utf8'))), ['url', 'email', 'password', 'organization', 'project', 'dsn', 'token']);
    assert.match(vedette.credentials.password, /^\w{20}$/);
    assert.match(vedette.credentials.token, /^sntryu_[0-9a-f]{64}$/);
  });

  test('has a cluster with checksums that listens on no network', async () => {
    const [row] = await vedette.sql("select current_setting('data_checksums') as sums, current_setting('listen_addresses') as addresses, current_setting('synchronous_commit') as commit");
    assert.deepEqual(row, { sums: 'on', addresses: '', commit: 'on' });
  });

  test('runs as one unprivileged user', () => {
    const owners = new Set(PROCESSES.map((name) => /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${vedette.pid(name)}/status`, 'utf8'))[1]));
    assert.equal(owners.size, 1);
    assert.notEqual([...owners][0], '0');
  });

  test('started again, changes nothing that is in order', async () => {
    const earlier = pids(vedette);
    const account = readFileSync(join(vedette.dir, 'data/credentials.json'), 'utf8');
    await vedette.start();
    assert.deepEqual(pids(vedette), earlier);
    assert.equal(readFileSync(join(vedette.dir, 'data/credentials.json'), 'utf8'), account);
  });

  test('comes back with its data after a kill -9 of everything', async () => {
    const { id } = await vedette.envelope([[{ type: 'event' }, { message: 'before the kill' }]]);
    for (const name of PROCESSES) vedette.kill(name);
    await vedette.start();
    await until(async () => (await vedette.sql(`select 1 from event where event_id = '${id}'`)).length === 1, { seconds: 20, what: 'the event' });
    assert.equal((await vedette.api('/')).status, 200);
  });

  test('comes back when its folder of sockets is gone', async () => {
    for (const name of PROCESSES) vedette.kill(name);
    rmSync(vedette.runDir, { recursive: true });
    await vedette.start();
    assert.equal((await vedette.api('/')).status, 200);
  });

  test('takes no stranger for its own process', async () => {
    await vedette.halt('worker');
    const stranger = spawn('sleep', ['60']);
    writeFileSync(join(vedette.dir, 'pids/worker.pid'), `${stranger.pid} 1\n`);
    await vedette.start();
    assert.notEqual(vedette.pid('worker'), stranger.pid);
    assert.equal(stranger.exitCode, null);
    stranger.kill();
  });

  test('starts for an operator who gives way to everybody', async () => {
    await vedette.halt('worker');
    await run('nice', ['-n', '19', join(vedette.dir, 'lib/scripts/start.sh'), 'worker'], vedette.environment);
    await until(() => vedette.children('worker').length === 2, { what: 'that the worker runs' });
  });

  test('starts a replaced program anew, and only that', async () => {
    const serving = () => Object.fromEntries(['ingest', 'worker', 'api'].map((name) => [name, vedette.children(name)]));
    const [processes, earlier] = [pids(vedette), serving()];
    const installed = join(vedette.dir, 'lib/bin/vedette-api');
    cpSync(installed, `${installed}.new`);
    appendFileSync(`${installed}.new`, '\n');
    spawnSync('mv', ['-f', `${installed}.new`, installed]);
    await vedette.start();
    const later = serving();
    assert.deepEqual(pids(vedette), processes, 'each goes on in its process');
    assert.deepEqual(later.api.filter((pid) => earlier.api.includes(pid)), []);
    assert.deepEqual({ ...later, api: [] }, { ...earlier, api: [] });
  });

  test('puts a changed setting into effect', async () => {
    const earlier = vedette.pid('ingest');
    assert.equal(vedette.children('ingest').length, 2);
    appendFileSync(join(vedette.dir, 'vedette.conf'), 'ingest_children=3\n');
    await vedette.start();
    assert.notEqual(vedette.pid('ingest'), earlier);
    assert.equal(vedette.children('ingest').length, 3);
  });

  test('refuses an unknown setting in one sentence', async () => {
    const config = join(vedette.dir, 'vedette.conf');
    const kept = readFileSync(config, 'utf8');
    writeFileSync(config, `${kept}no_such_setting=1\n`);
    const sentence = await refusal(vedette.start());
    writeFileSync(config, kept);
    assert.match(sentence, /settings/);
  });

  test('says how it is', async () => {
    const status = await vedette.script('status.sh');
    for (const name of PROCESSES) assert.match(status, new RegExp(`^${name} +running, process \\d+$`, 'm'));
    assert.match(status, /^poison +0 records set aside$/m);
    assert.match(status, /^digest +\d+ s behind, \d+\.\d MiB to do, \d+ events in the last minute$/m);
  });

  // ---- the operator's tool

  test('vedette dsn prints what SDKs take', async () => {
    assert.match(await vedette.vedette('dsn'), new RegExp(`^vedette/app  ${vedette.credentials.dsn}  Default$`, 'm'));
    await refusal(vedette.vedette('dsn', 'no-such-project'));
  });

  test('vedette createuser makes an account that can sign in, and gives a new password without touching the role', async () => {
    const first = (await vedette.vedette('createuser', 'ada@example.com', 'manager')).trim().split(/\s+/)[1];
    const second = (await vedette.vedette('createuser', 'Ada@Example.com')).trim().split(/\s+/)[1];
    assert.notEqual(first, second);
    const [row] = await vedette.sql("select m.role, (select count(*) from app_user where lower(email) = 'ada@example.com') as users from member m join app_user u on u.id = m.user_id where u.email = 'ada@example.com'");
    assert.deepEqual(row, { role: 'manager', users: 1 });
    assert.equal((await vedette.signIn('ada@example.com', second)).status, 200);
    assert.notEqual((await vedette.signIn('ada@example.com', first)).status, 200);
    await refusal(vedette.vedette('createuser', 'not-an-address'));
    await refusal(vedette.vedette('createuser', 'x@example.com', 'no-such-role'));
  });

  test('vedette routes lists the web API', async () => {
    assert.match(await vedette.vedette('routes'), /^GET\s+\/api\/0\/ /m);
  });

  test('vedette migrate has nothing to do twice', async () => {
    assert.match(await vedette.vedette('migrate'), /^The database is of version \d+\.$/m);
  });

  test('the tool explains itself when called wrongly', () => {
    const called = spawnSync(join(vedette.dir, 'lib/bin/vedette'), ['no-such-command'], { env: { ...process.env, VEDETTE_CONFIG: '/dev/null' } });
    assert.equal(called.status, 2);
    assert.match(called.stderr.toString(), /^usage: vedette COMMAND/);
  });

  // ---- places where it cannot start; last, because they stop it

  test('refuses a database of a newer version', async () => {
    await vedette.psql("insert into schema_migration (version, name, applied) values (9999, 'from the future', now())");
    const sentence = await refusal(vedette.start());
    await vedette.psql('delete from schema_migration where version = 9999');
    assert.match(sentence, /newer/);
  });

  test('refuses a cluster of another PostgreSQL', async () => {
    await vedette.halt();
    const file = join(vedette.dir, 'data/postgres/PG_VERSION');
    writeFileSync(file, '16\n');
    const sentence = await refusal(vedette.start());
    writeFileSync(file, '15\n');
    assert.match(sentence, /PostgreSQL 16/);
  });

  test('refuses a taken port', async () => {
    await vedette.halt();
    const squatter = createServer((socket) => socket.on('error', () => {}));
    await new Promise((done) => squatter.listen(vedette.port, '127.0.0.1', done));
    const sentence = await refusal(vedette.start());
    squatter.close();
    assert.match(sentence, new RegExp(`port ${vedette.port} is taken`));
  });

  test('refuses a full disk', async () => {
    await vedette.halt();
    // Filling a disk is nothing an ordinary user can do; a df that says so stands in.
    const tools = mkdtempSync(join(tmpdir(), 'vedette-df.'));
    writeFileSync(join(tools, 'df'), '#!/bin/sh\necho head\necho "disk 100 95 5 95% /"\n', { mode: 0o755 });
    vedette.environment.PATH = `${tools}:${vedette.environment.PATH}`;
    const sentence = await refusal(vedette.start());
    vedette.environment.PATH = vedette.environment.PATH.slice(tools.length + 1);
    rmSync(tools, { recursive: true });
    assert.match(sentence, /full: 5 MiB are free/);
  });

  test('and starts again when nothing is in the way any more', async () => {
    await vedette.start();
    await sleep(100);
    assert.equal((await vedette.api('/')).status, 200);
  });
});

test('a record that was set aside is listed, replayed once, and then stored', async () => {
  const vedette = await startInstance({ environment: { VEDETTE_FAULT: 'record_crashes@poisonous' } });
  const { id } = await vedette.store({ message: 'poisonous' });
  await until(async () => (await vedette.sql('select 1 from poison')).length === 1, { seconds: 60, what: 'that the record is set aside' });
  assert.match(await vedette.vedette('poison'), /^1 .* waiting /m);
  delete vedette.environment.VEDETTE_FAULT;
  await vedette.restart('worker');
  await refusal(vedette.vedette('replay-poison', '999'));
  assert.match(await vedette.vedette('replay-poison', 'all'), /^1 records/m);
  await until(async () => (await vedette.sql(`select 1 from event where event_id = '${id}'`)).length === 1, { seconds: 20, what: 'the event' });
  assert.match(await vedette.vedette('poison'), /^1 .* replayed /m);
  assert.match(await vedette.vedette('replay-poison', 'all'), /^0 records/m);
  await vedette.stop();
});

test('a backup made under way fills an empty instance, and nothing is counted twice', async () => {
  const vedette = await startInstance();
  const ids = [];
  const send = async () => ids.push((await vedette.store({ message: `event ${ids.length}` })).id);
  const books = async (from) => (await from.sql('select (select count(*) from event) as events, (select coalesce(sum(times_seen), 0) from issue_stat) as seen'))[0];
  for (let i = 0; i < 20; i++) await send();
  await until(async () => (await books(vedette)).events === 20);
  await vedette.halt('worker');
  for (let i = 0; i < 20; i++) await send(); // in the log, not in the database
  const folder = join(vedette.dir, 'data/backup');
  assert.match(await vedette.vedette('backup', folder), /Everything is in/);
  await refusal(vedette.vedette('backup', folder));
  await refusal(vedette.script('restore.sh', folder));

  const other = await startInstance({ start: false });
  assert.match(await other.script('restore.sh', folder), /^Restored from/m);
  await until(async () => (await books(other)).events === 40, { seconds: 20, what: 'that the rest of the log is digested' });
  assert.deepEqual(await books(other), { events: 40, seen: 40 });
  assert.deepEqual(new Set((await other.sql("select replace(event_id::text, '-', '') as id from event")).map((row) => row.id)), new Set(ids));
  assert.equal((await other.api('/', { token: vedette.credentials.token })).body.user.email, vedette.credentials.email);
  await other.stop();
  await vedette.stop();
});

test('the demo is accepted to the last event', async () => {
  const vedette = await startInstance();
  const told = await run(process.execPath, [join(checkout, 'docker/demo.mjs'), vedette.credentials.dsn, '2'], process.env);
  const sent = Number(/^Sent (\d+) events of 6 SDKs$/m.exec(told)[1]);
  await until(async () => (await vedette.sql('select count(*) as stored from event'))[0].stored === sent, { seconds: 30, what: 'that all are stored' });
  await vedette.stop();
});

test('the file of first credentials goes when the password is first changed', async () => {
  const vedette = await startInstance();
  const { email, password } = vedette.credentials;
  const { status, headers } = await vedette.signIn();
  assert.equal(status, 200);
  const fresh = 'a-better-password-9';
  const change = await vedette.api('/users/me/password/', {
    method: 'PUT',
    token: null,
    headers,
    body: { password, passwordNew: fresh, passwordVerify: fresh },
  });
  assert.ok(change.status < 300, `${change.status} ${JSON.stringify(change.body)}`);
  assert.equal(existsSync(join(vedette.dir, 'data/credentials.json')), false);
  await vedette.start();
  assert.equal(existsSync(join(vedette.dir, 'data/credentials.json')), false);
  assert.equal((await vedette.signIn(email, fresh)).status, 200);
  await vedette.stop();
});

test('packages that are missing are named in one line an ordinary user can paste', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-packages.'));
  cpSync(join(checkout, 'docker/packages.sh'), join(folder, 'packages.sh'));
  writeFileSync(join(folder, 'packages.list'), '[run]\nbash\nno-such-package-a\n[build]\nno-such-package-b\n[check]\nno-such-package-c\n');
  spawnSync('chmod', ['-R', 'a+rX', folder]);
  const ensure = [join(folder, 'packages.sh'), 'ensure', 'run', 'build'];
  const words = process.getuid() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', '--', ...ensure] : ensure;
  const called = spawnSync(words[0], words.slice(1));
  rmSync(folder, { recursive: true });
  assert.notEqual(called.status, 0);
  assert.match(called.stderr.toString(), /^ {2}sudo apt-get install --no-install-recommends no-such-package-a no-such-package-b$/m);
});
