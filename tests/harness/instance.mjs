// A private Vedette for tests: PostgreSQL, nginx and the three daemons in a folder of their own, on a
// free port of 127.0.0.1, started by the scripts that `make up` uses.  It works as an ordinary user
// and as root (the processes then run as user vedette).
//
//   const vedette = await startInstance({ settings: { digest_lanes: 2 } });
//   await vedette.envelope([[{ type: 'event' }, event]]);
//   await until(async () => (await vedette.api('/organizations/vedette/issues/')).body.length === 1);
//   await vedette.stop();
//
// BUILD and OUT choose the programs, as in the Makefile.  An instance that a test forgot is stopped
// when the process ends.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { endianness, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const checkout = resolve(import.meta.dirname, '../..');
const build = resolve(checkout, process.env.OUT ?? 'build', process.env.BUILD ?? 'dev');
const isRoot = process.getuid() === 0;
const running = new Set();

/** Words a sanitizer writes when it has found something. */
const FINDING = /ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|: runtime error: /;

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Waits until `check` returns something true, and returns that; the last exception is the reason of a failure. */
export async function until(check, { seconds = 10, every = 50, what = 'the condition' } = {}) {
  const end = Date.now() + seconds * 1000;
  let reason;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
      reason = undefined;
    } catch (error) {
      reason = error;
    }
    if (Date.now() > end) throw new Error(`${what} did not come true within ${seconds} s`, { cause: reason });
    await sleep(every);
  }
}

export const eventId = () => randomBytes(16).toString('hex');

/**
 * A port below those that the kernel gives to outgoing connections: one of them could take it while a test has its
 * nginx down.
 */
export async function freePort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const server = createServer();
    const isFree = await new Promise((done) => {
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => done(true));
    });
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}

/** An envelope's bytes: a header line, then for each item its header line and its payload. */
export function envelopeBytes(header, items) {
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`)];
  for (const [itemHeader, payload] of items) {
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
    parts.push(Buffer.from(`${JSON.stringify({ length: bytes.length, ...itemHeader })}\n`), bytes, Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

const settingLines = (settings) => Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join('');

/** Runs a program; resolves to what it wrote, rejects with that when it failed. */
export function run(command, args, env, cwd) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (bytes) => (text += bytes));
    child.stderr.on('data', (bytes) => (text += bytes));
    child.on('error', fail);
    child.on('close', (status) =>
      status === 0 ? done(text) : fail(new Error(`${command} ${args.join(' ')} ended with ${status}:\n${text}`)),
    );
  });
}

class Instance {
  constructor(dir, port, environment) {
    this.dir = dir;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    // Settings of whoever runs the tests are none of the instance's.
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VEDETTE_') && name !== 'XDG_RUNTIME_DIR');
    this.environment = { ...Object.fromEntries(inherited), ...environment, VEDETTE_VAR: dir };
    this.ahead = 0;
  }

  script(name, ...args) {
    return run(join(this.dir, 'lib/scripts', name), args, this.environment);
  }

  /** The operator's tool. */
  vedette(...args) {
    return run(join(this.dir, 'vedette'), args, this.environment);
  }

  get runDir() {
    return readFileSync(join(this.dir, 'run_dir'), 'utf8');
  }

  /** {url, email, password, organization, project, dsn, token} of the first account. */
  get credentials() {
    this.account ??= JSON.parse(readFileSync(join(this.dir, 'data/credentials.json'), 'utf8'));
    return this.account;
  }

  get key() {
    return new URL(this.credentials.dsn).username;
  }

  get projectId() {
    return new URL(this.credentials.dsn).pathname.slice(1);
  }

  // ---- processes: postgres, ingest, worker, api, nginx

  pid(name) {
    return Number(readFileSync(join(this.dir, 'pids', `${name}.pid`), 'utf8').split(' ')[0]);
  }

  /** Process ids of the children of a process of the instance. */
  children(name) {
    const parent = this.pid(name);
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .filter((entry) => {
        try {
          return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8'))[1]) === parent;
        } catch {
          return false; // it ended meanwhile
        }
      })
      .map(Number);
  }

  /** Ends a process at once, as a power cut would; its children are left to notice. */
  kill(name, signal = 'SIGKILL') {
    process.kill(this.pid(name), signal);
  }

  /** Changes settings that are read again, and has a process do so. */
  change(settings, name) {
    appendFileSync(join(this.dir, 'vedette.conf'), settingLines(settings));
    this.kill(name, 'SIGHUP');
  }

  /** Starts what is down; with names only those, else everything, and waits until it is healthy. */
  start(...names) {
    return this.script('start.sh', ...names);
  }

  halt(...names) {
    return this.script('stop.sh', ...names);
  }

  /** Runs the programs named (worker, ingest, api, nginx) anew while they serve. */
  runAnew(...names) {
    return this.script('restart.sh', ...names);
  }

  async restart(...names) {
    await this.halt(...names);
    await this.start(...names);
  }

  log(name) {
    const path = join(this.dir, 'logs', `${name}.log`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Whether a text stands in the event log, in a record or in a blob: what ingest has kept, digested or not. */
  isKept(text) {
    const files = ['log', 'blobs'].flatMap((name) => {
      const dir = join(this.dir, 'data', name);
      const entries = existsSync(dir) ? readdirSync(dir, { recursive: true, withFileTypes: true }) : [];
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    });
    return files.some((file) => readFileSync(file).includes(text));
  }

  // ---- time

  /** Milliseconds since 1970, as the instance's programs have it. */
  now() {
    return Date.now() + this.ahead;
  }

  /** The file of the offset by which the programs' clock is moved (base/clock.h). */
  get clock() {
    return join(this.dir, 'clock');
  }

  /** Sets the clock of all its programs, which goes on from there; the instance must have a `clock`. */
  moveClock(milliseconds) {
    this.ahead = Math.round(milliseconds) - Date.now();
    const offset = Buffer.alloc(8);
    (endianness() === 'LE' ? offset.writeBigInt64LE : offset.writeBigInt64BE).call(offset, BigInt(this.ahead) * 1000n);
    const file = openSync(this.clock, 'r+'); // in place: the programs have it mapped
    writeSync(file, offset, 0, offset.length, 0);
    closeSync(file);
  }

  // ---- asking

  fetch(path, init = {}) {
    return fetch(new URL(path, this.url), { redirect: 'manual', ...init });
  }

  /** What nginx answers on its private side: {status, headers, text}. */
  private(path) {
    return new Promise((done, fail) => {
      get({ socketPath: join(this.runDir, 'private.sock'), path }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => (text += part));
        answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
      }).on('error', fail);
    });
  }

  /** A call below /api/0 with the first account's token (token: null for none): {status, headers, body}. */
  async api(path, { method = 'GET', body, token = this.credentials.token, headers = {} } = {}) {
    const answer = await this.fetch(`/api/0${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text };
  }

  /** Signs in as a browser does: {status, headers}, the headers being those of the session's later calls. */
  async signIn(username = this.credentials.email, password = this.credentials.password) {
    const guess = randomBytes(32).toString('hex'); // before a session exists the token is only compared
    const csrf = { cookie: `csrf=${guess}`, 'x-csrftoken': guess };
    const answer = await this.api('/auth/login/', { method: 'POST', token: null, headers: csrf, body: { username, password } });
    const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    const token = cookies.find((cookie) => cookie.includes('csrf='))?.split('=')[1];
    return { status: answer.status, headers: { cookie: cookies.join('; '), 'x-csrftoken': token ?? '' } };
  }

  /** Posts bytes to the envelope endpoint as an SDK would. */
  post(bytes, { project = this.projectId, key = this.key, endpoint = 'envelope', headers = {} } = {}) {
    return this.fetch(`/api/${project}/${endpoint}/`, {
      method: 'POST',
      headers: { 'x-sentry-auth': `Sentry sentry_version=7, sentry_client=harness/1.0, sentry_key=${key}`, ...headers },
      body: bytes,
    });
  }

  /** Sends items ([header, payload] each) in one envelope; returns {status, headers, body, id}. */
  async envelope(items, { id = eventId(), header = {}, ...options } = {}) {
    const bytes = envelopeBytes({ event_id: id, sent_at: new Date().toISOString(), ...header }, items);
    const answer = await this.post(bytes, options);
    return { status: answer.status, headers: answer.headers, body: await answer.text(), id };
  }

  /** Sends one event to the store endpoint. */
  async store(event, options = {}) {
    const id = event.event_id ?? eventId();
    const answer = await this.post(JSON.stringify({ event_id: id, ...event }), { endpoint: 'store', ...options });
    return { status: answer.status, body: await answer.text(), id };
  }

  /** Rows of a query, as objects, from the instance's database. */
  async sql(query) {
    const wrapped = `select coalesce(json_agg(row_to_json(q)), '[]') from (${query}) q`;
    return JSON.parse(await this.psql(wrapped));
  }

  psql(command) {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.runDir, '-U', 'vedette', '-d', 'vedette', '-c', command];
    const psql = '/usr/lib/postgresql/15/bin/psql';
    const drop = ['--reuid=vedette', '--regid=vedette', '--init-groups', '--', psql, ...args];
    // Not in the checkout: the owner of the processes may not be able to enter it.
    return isRoot ? run('setpriv', drop, this.environment, '/') : run(psql, args, this.environment, '/');
  }

  // ---- the end

  /** Stops everything; throws when a sanitizer has found something; removes the folder. */
  async stop({ keep = false } = {}) {
    await this.halt();
    running.delete(this);
    const findings = ['ingest', 'worker', 'api'].filter((name) => FINDING.test(this.log(name)));
    if (findings.length > 0)
      throw new Error(`a sanitizer found something:\n${findings.map((name) => this.log(name)).join('\n')}`);
    if (!keep) this.remove();
  }

  remove() {
    const run = existsSync(join(this.dir, 'run_dir')) ? this.runDir : undefined;
    if (run) rmSync(run, { recursive: true, force: true });
    rmSync(this.dir, { recursive: true, force: true });
  }

  stopNow() {
    spawnSync(join(this.dir, 'lib/scripts/stop.sh'), { env: this.environment });
    this.remove();
  }
}

process.on('exit', () => {
  for (const instance of running) instance.stopNow();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/**
 * Installs and starts an instance.  `settings` are those of base/settings.def; `environment` reaches the
 * daemons (VEDETTE_FAULT, LD_PRELOAD…); with `clock` its clock can be moved; `start: false` only installs it.
 */
export async function startInstance({ settings = {}, environment = {}, clock = false, start = true } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'vedette-test.'));
  chmodSync(dir, 0o755);
  const port = settings.port ?? (await freePort());
  const usual = { port, listen: '127.0.0.1', public_url: `http://127.0.0.1:${port}` };
  writeFileSync(join(dir, 'vedette.conf'), settingLines({ ...usual, ...settings }));
  const instance = new Instance(dir, port, environment);
  running.add(instance);
  if (clock) {
    writeFileSync(instance.clock, Buffer.alloc(8));
    chmodSync(instance.clock, 0o644);
    instance.environment.VEDETTE_CLOCK = instance.clock;
  }
  try {
    await run(join(checkout, 'docker/install.sh'), [build], instance.environment);
    if (start) await instance.start();
  } catch (error) {
    running.delete(instance);
    instance.stopNow();
    throw error;
  }
  return instance;
}
