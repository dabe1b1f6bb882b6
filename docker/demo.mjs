// Sends the requests of tests/fixtures/demo to a running Vedette, as the SDKs sent them: same method,
// headers and compression, but with this instance's key and project, fresh ids, other users, and
// times spread over the last day, so that lists and charts look alive.
//
//   node docker/demo.mjs DSN [ROUNDS]
import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';

const FIXTURES = join(import.meta.dirname, '../tests/fixtures/demo');
const DAY = 86_400;
const USERS = 200;
const TIME_KEYS = new Set(['timestamp', 'start_timestamp', 'sent_at', 'started', 'received']);

/** Every number or ISO text under a name of time, moved by so many seconds. */
function moveTimes(value, seconds) {
  if (Array.isArray(value)) return value.map((element) => moveTimes(element, seconds));
  if (value === null || typeof value !== 'object') return value;
  const moved = {};
  for (const [name, member] of Object.entries(value))
    moved[name] = TIME_KEYS.has(name) ? moveTime(member, seconds) : moveTimes(member, seconds);
  return moved;
}

function moveTime(time, seconds) {
  if (typeof time === 'number') return time + seconds;
  const at = typeof time === 'string' ? Date.parse(/Z|[+-]\d\d:\d\d$/.test(time) ? time : `${time}Z`) : Number.NaN;
  return Number.isNaN(at) ? time : new Date(at + seconds * 1000).toISOString();
}

function someUser() {
  const number = randomInt(USERS);
  return { id: String(1000 + number), email: `visitor${number}@example.com`, ip_address: `203.0.113.${1 + (number % 250)}` };
}

function freshEvent(event, id, seconds) {
  return { ...moveTimes(event, seconds), event_id: id, user: { ...event.user, ...someUser() } };
}

function freshEnvelope(bytes, dsn, id, seconds) {
  const lines = bytes.toString('utf8').split('\n');
  const header = { ...JSON.parse(lines[0]), event_id: id, sent_at: new Date().toISOString() };
  if (header.dsn) header.dsn = dsn.href;
  if (header.trace) header.trace.public_key = dsn.username;
  const payload = JSON.stringify(freshEvent(JSON.parse(lines[2]), id, seconds));
  const item = JSON.parse(lines[1]);
  if (item.length !== undefined) item.length = Buffer.byteLength(payload);
  return Buffer.from(`${JSON.stringify(header)}\n${JSON.stringify(item)}\n${payload}\n`);
}

/** Old SDKs send base64 of zlib'd JSON; it goes back the same way. */
function freshStoreBody(bytes, id, seconds) {
  const isPlain = bytes[0] === 0x7b;
  const json = isPlain ? bytes : inflateSync(Buffer.from(bytes.toString('latin1'), 'base64'));
  const fresh = Buffer.from(JSON.stringify(freshEvent(JSON.parse(json), id, seconds)));
  return isPlain ? fresh : Buffer.from(deflateSync(fresh).toString('base64'));
}

const headerOf = (meta, name) => meta.headers.find(([key]) => key.toLowerCase() === name)?.[1];

function fresh(request, dsn, secondsAgo) {
  const { meta, body } = request;
  const isZipped = headerOf(meta, 'content-encoding') === 'gzip';
  const plain = isZipped ? gunzipSync(body) : body;
  const id = randomBytes(16).toString('hex');
  const seconds = Math.round((Date.now() - Date.parse(meta.received)) / 1000 - secondsAgo);
  const made = meta.path.includes('/envelope/') ? freshEnvelope(plain, dsn, id, seconds) : freshStoreBody(plain, id, seconds);
  return isZipped ? gzipSync(made) : made;
}

function target(meta, dsn) {
  const captured = new URL(meta.path, dsn.origin);
  captured.pathname = captured.pathname.replace(/^\/api\/\d+\//, `/api${dsn.pathname}/`);
  if (captured.searchParams.has('sentry_key')) captured.searchParams.set('sentry_key', dsn.username);
  return captured;
}

function headersFor(meta, dsn) {
  const kept = meta.headers.filter(([name]) => !/^(host|content-length|connection|accept-encoding|transfer-encoding|origin|referer|sec-.*)$/i.test(name));
  return kept.map(([name, value]) => [name, value.replace(/sentry_key=\w+/, `sentry_key=${dsn.username}`).replace(/, ?sentry_secret=\w+/, '')]);
}

function readRequests() {
  const files = readdirSync(FIXTURES, { recursive: true }).filter((file) => file.endsWith('.meta.json'));
  return files.sort().map((file) => ({
    meta: JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')),
    body: readFileSync(join(FIXTURES, file.replace(/\.meta\.json$/, '.body'))),
  }));
}

async function send(request, dsn, secondsAgo) {
  const answer = await fetch(target(request.meta, dsn), {
    method: request.meta.method,
    headers: headersFor(request.meta, dsn),
    body: fresh(request, dsn, secondsAgo),
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${request.meta.sdk}/${request.meta.scenario} was answered ${answer.status}`);
}

const [address, rounds = '12'] = process.argv.slice(2);
const dsn = new URL(address);
const requests = readRequests();
let sent = 0;
for (let round = 0; round < Number(rounds); round++) {
  for (const request of requests) {
    // Some problems are loud and some are rare; the last round is all there, and now.
    const isLast = round === Number(rounds) - 1;
    if (!isLast && randomInt(requests.length) < requests.indexOf(request) % 17) continue;
    await send(request, dsn, isLast ? randomInt(60) : randomInt(DAY));
    sent++;
  }
}
console.log(`Sent ${sent} events of ${new Set(requests.map(({ meta }) => meta.sdk)).size} SDKs`);
