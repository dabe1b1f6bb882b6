// What an entry of the checklist may do: send like an SDK, and see what became of it.  All entries run at once against
// one instance, so each reads only what is its own: events by id, outcomes of a project that it made.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { checkout, envelopeBytes, eventId, sleep } from '../../harness/instance.mjs';
import { has } from './expect.mjs';

const ORGANIZATION = 'vedette';
/** Seconds until what does not come is missed; a busy machine is slow, not wrong. */
const PATIENCE = 60;
/** The pause in which ingest gathers what it refused, and a good deal more. */
const FLUSH_MILLISECONDS = 2500;

/** Names of the data categories in the order of their numbers, as storage/items.h has them. */
function categoryNames() {
  const [, table] = readFileSync(join(checkout, 'storage/items.h'), 'utf8').split('#define CATEGORIES(X)');
  return [...table.split('#define')[0].matchAll(/X\(\w+, "(\w+)"\)/g)].map(([, name]) => name);
}
export const CATEGORY_NAMES = categoryNames();
const OUTCOME_NAMES = ['accepted', 'filtered', 'rate_limited', 'invalid', 'abuse', 'client_discard', 'cardinality_limited', 'duplicate'];

/** {log, end} of each event log: up to where it is synced, as its lock says (storage/eventlog.h). */
function logEnds(instance) {
  const logs = join(instance, 'data/log');
  return readdirSync(logs).map((log) => ({ log, end: Number(readFileSync(join(logs, log, 'lock')).readBigUInt64LE()) }));
}

/** Looks once for all who wait, again and again, until each check says something true or its time is over. */
class Lookout {
  #look;
  #waiting = new Set();
  #busy = false;

  constructor(look) {
    this.#look = look;
  }

  until(check, seconds, what) {
    return new Promise((done, fail) => {
      this.#waiting.add({ check, done, fail, what, seconds, end: Date.now() + seconds * 1000 });
      if (!this.#busy) this.#watch();
    });
  }

  async #watch() {
    this.#busy = true;
    while (this.#waiting.size > 0) {
      const seen = await this.#look().catch((error) => error);
      for (const each of [...this.#waiting]) this.#answer(each, seen);
      await sleep(150);
    }
    this.#busy = false;
  }

  #answer(each, seen) {
    let reason = new Error(`${each.what} did not come true within ${each.seconds} s`, { cause: seen });
    try {
      if (seen instanceof Error) throw seen;
      const value = each.check(seen);
      if (value) {
        this.#waiting.delete(each);
        return each.done(value);
      }
    } catch (error) {
      reason = error;
    }
    if (Date.now() < each.end) return;
    this.#waiting.delete(each);
    each.fail(reason);
  }
}

/** Lets so many through at a time. */
class Turnstile {
  #free;
  #queue = [];

  constructor(places) {
    this.#free = places;
  }

  async pass(work) {
    if (this.#free === 0) await new Promise((next) => this.#queue.push(next));
    else this.#free--;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

export class Sender {
  constructor(vedette) {
    this.vedette = vedette;
    this.patience = PATIENCE;
    this.agent = new Agent({ keepAlive: true, maxSockets: 24 });
    // Ingest works on few large bodies at once, the web API on few requests, and both refuse more.
    this.largeBodies = new Turnstile(1);
    this.apiCalls = new Turnstile(6);
    this.main = { id: vedette.projectId, slug: vedette.credentials.project, key: vedette.key };
    const events = "select replace(event_id::text, '-', '') as id, project_id, type, title from event";
    this.events = new Lookout(() => vedette.sql(events));
    const outcomes = 'select project_id, key_id, category, outcome, reason, sum(quantity)::int as quantity from outcome_hour group by 1, 2, 3, 4, 5';
    this.outcomes = new Lookout(() => vedette.sql(outcomes));
    const cursors = "select replace(log::text, '-', '') as log, min(position) as position from log_cursor group by log";
    this.cursors = new Lookout(() => vedette.sql(cursors));
  }

  /** The same sender, waiting so many seconds at most for what it expects. */
  patient(seconds) {
    return Object.assign(Object.create(this), { patience: seconds });
  }

  close() {
    this.agent.destroy();
  }

  // ---- asking

  /** {status, headers, bytes, text, json} of a request, whose path goes out as it is written. */
  ask(path, { method = 'POST', headers = {}, body, agent = this.agent } = {}) {
    return new Promise((done, fail) => {
      const asked = request({ host: '127.0.0.1', port: this.vedette.port, path, method, headers, agent }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => done(answerOf(answer, Buffer.concat(parts))));
        answer.on('error', fail);
      });
      asked.setTimeout(PATIENCE * 1000, () => asked.destroy(new Error(`${method} ${path} was not answered within ${PATIENCE} s`)));
      asked.on('error', fail).on('close', () => fail(new Error(`${method} ${path} was not answered`)));
      asked.end(body);
    });
  }

  /** A body over 1 MiB, or one that opens to that. */
  askLarge(path, options) {
    return this.largeBodies.pass(() => this.ask(path, { agent: false, ...options }));
  }

  auth(project = this.main, rest = ', sentry_client=checklist/1.0') {
    return { 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${project.key}${rest}` };
  }

  path(endpoint, project = this.main) {
    return `/api/${project.id}/${endpoint}/`;
  }

  store(event, { project = this.main, headers = {}, path = this.path('store', project) } = {}) {
    const body = Buffer.isBuffer(event) || typeof event === 'string' ? event : JSON.stringify(event);
    return this.ask(path, { headers: { ...this.auth(project), ...headers }, body });
  }

  /** Posts bytes, or a header and items of [header, payload] each, to the envelope endpoint. */
  envelope(header, items, { project = this.main, headers = {} } = {}) {
    const body = items ? envelopeBytes(header, items) : header;
    const ask = body.length > 1024 * 1024 ? this.askLarge : this.ask;
    return ask.call(this, this.path('envelope', project), { headers: { ...this.auth(project), ...headers }, body });
  }

  /** Sends an event as today's SDKs do, and gives it back as it was stored. */
  async normalized(event, { header = {}, client = 'checklist/1.0', headers = {}, project = this.main } = {}) {
    const id = eventId();
    const auth = this.auth(project, `, sentry_client=${client}`);
    const answer = await this.envelope({ event_id: id, ...header }, [[{ type: 'event' }, event]], { project, headers: { ...auth, ...headers } });
    assert.equal(answer.status, 200, answer.text);
    return this.event(id, project);
  }

  // ---- seeing

  /** {id, project_id, type, title} of an event, when it is stored. */
  stored(id) {
    return this.events.until((rows) => rows.find((row) => row.id === id), this.patience, `that event ${id} is stored`);
  }

  /** The event's JSON as it is stored. */
  async event(id, project = this.main) {
    await this.stored(id);
    const { status, body } = await this.api(`events/${id}/json/`, { project });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** The JSON of a project's events, when they are so many. */
  async eventsOf(project, count) {
    const check = (rows) => {
      const mine = rows.filter((row) => row.project_id === Number(project.id));
      assert.equal(mine.length, count, 'events of the project');
      return mine;
    };
    const mine = await this.events.until(check, this.patience, 'the events of the project');
    return Promise.all(mine.map(({ id }) => this.event(id, project)));
  }

  /** Asserts that nothing of what was answered until now was stored under one of the ids. */
  notStored(...ids) {
    return this.noEvents(`event_id in (${ids.map((id) => `'${id}'`).join()})`);
  }

  nothingStored(project) {
    return this.noEvents(`project_id = ${project.id}`);
  }

  async noEvents(condition) {
    await this.digested();
    assert.deepEqual(await this.vedette.sql(`select event_id, title from event where ${condition}`), []);
  }

  /** Waits until the digest has got past all that was answered until now. */
  digested() {
    const ends = logEnds(this.vedette.dir);
    const isPast = (rows) => ends.every(({ log, end }) => end === 0 || rows.some((row) => row.log === log && row.position >= end));
    return this.cursors.until(isPast, this.patience, 'that the digest has caught up');
  }

  /** Asserts that a project's outcomes are exactly these: [category, outcome, reason, quantity] each. */
  counted(project, expected) {
    const wanted = expected.map((row) => row.join(' ')).sort();
    const check = (rows) => {
      assert.deepEqual(
        outcomesOf(rows, project)
          .map((row) => row.join(' '))
          .sort(),
        wanted,
      );
      return true;
    };
    return this.outcomes.until(check, this.patience, 'the outcomes');
  }

  /** Asserts that nothing of a project was counted, after all that was refused had its time. */
  async nothingCounted(project) {
    await sleep(FLUSH_MILLISECONDS);
    await this.digested();
    await this.counted(project, []);
  }

  /** Waits until one of a project's outcomes is like the pattern: [category, outcome, reason, quantity]. */
  countedOne(project, pattern) {
    const check = (rows) => {
      has(pattern)(outcomesOf(rows, project), 'outcomes');
      return true;
    };
    return this.outcomes.until(check, this.patience, 'the outcome');
  }

  /** A call below the organization, or below a project when one is named. */
  api(path, { project, ...init } = {}) {
    const place = project ? `/projects/${ORGANIZATION}/${project.slug}/` : `/organizations/${ORGANIZATION}/`;
    return this.apiCalls.pass(() => this.vedette.api(place + path, init));
  }

  /**
   * Waits until an API call's answer passes a check, which throws; gives the answer's body.  What is not there at all is
   * not waited for, unless it may come later.
   */
  async untilApi(path, check, { mayComeLater = false, ...options } = {}) {
    const end = Date.now() + this.patience * 1000;
    for (;;) {
      const { status, body } = await this.api(path, options);
      try {
        assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
        check?.(body);
        return body;
      } catch (error) {
        if (Date.now() > end || (status === 404 && !mayComeLater)) throw error;
      }
      await sleep(300);
    }
  }

  // ---- settings

  /**
   * A project of an entry's own: {id, slug, key, keyId}.  `domains` are its allowed ones, `settings` the body of a PUT
   * of the project.  Its key is made last, so that ingest never saw it with other settings.
   */
  async project({ domains, settings, filters = {} } = {}) {
    const name = `checklist ${eventId()}`;
    const team = `/teams/${ORGANIZATION}/${ORGANIZATION}/projects/`;
    const made = await this.apiCalls.pass(() => this.vedette.api(team, { method: 'POST', body: { name } }));
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const project = { id: made.body.id, slug: made.body.slug };
    if (domains) await this.vedette.psql(`update project set allowed_domains = '{${domains.join(',')}}' where id = ${project.id}`);
    if (settings) await this.put('', settings, project);
    for (const [filter, body] of Object.entries(filters)) await this.put(`filters/${filter}/`, body, project);
    return this.withNewKey(project);
  }

  /** A quota: of a project when its slug is named, of the whole organization otherwise. */
  async quota(quota) {
    const made = await this.api('quotas/', { method: 'POST', body: { period: 'month', ...quota } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  }

  async noQuota(id) {
    const gone = await this.api(`quotas/${id}/`, { method: 'DELETE' });
    assert.equal(gone.status, 204, JSON.stringify(gone.body));
  }

  async put(path, body, project) {
    const answer = await this.api(path, { project, method: 'PUT', body });
    assert.ok(answer.status === 200 || answer.status === 204, `PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The project with a further key, limited when `rateLimit` says so. */
  async withNewKey(project, { rateLimit } = {}) {
    const made = await this.api('keys/', { project, method: 'POST', body: { name: 'checklist', ...(rateLimit ? { rateLimit } : {}) } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return { ...project, key: made.body.public, keyId: made.body.id, dsn: made.body.dsn.public };
  }
}

function answerOf(answer, bytes) {
  const text = bytes.toString('utf8');
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.statusCode, headers: answer.headers, bytes, text, json };
}

function outcomesOf(rows, project) {
  return rows
    .filter((row) => row.project_id === Number(project.id))
    .map((row) => [CATEGORY_NAMES[row.category], OUTCOME_NAMES[row.outcome], row.reason || '-', row.quantity]);
}
