// A sender that behaves as a careful client does: every request is sent until it has been answered 200, and never
// again after that.  What it remembers is the truth that the database is held against.
import { eventId, sleep } from '../harness/instance.mjs';
import { mixed } from './mix.mjs';

const TITLES = 50;
const PEOPLE = 500;
/** Every tenth request is of the mix of all item types, the others are errors. */
const MIX_EVERY = 10;

function event(number) {
  return {
    event_id: eventId(),
    platform: 'python',
    level: 'error',
    release: `load@${number % 3}`,
    environment: number % 2 ? 'production' : 'staging',
    user: { id: String(number % PEOPLE) },
    tags: { lane: String(number % 7) },
    exception: { values: [{ type: `LoadError${number % TITLES}`, value: 'sent by the load' }] },
  };
}

/** {body, endpoint, found}: what is sent, and the rows that it must become, [table of mix.mjs, mark] each. */
function requestOf(number, extra) {
  if (number % MIX_EVERY === 0) return { endpoint: 'envelope', ...mixed(number / MIX_EVERY) };
  const error = event(number);
  return { endpoint: 'store', body: JSON.stringify({ ...error, extra }), found: [['event', error.event_id]] };
}

/**
 * Sends requests numbered from 0 until `count` are answered 200 or stop() is called; `workers` at a time, at most
 * `rate` a second, to each of `projects` ({id, key}; the first one's alone) in turn; `extra` is put into errors.
 * {books: per request {found, accepted, unanswered: attempts that were not answered 200}, accepted: their number,
 * refused: answers other than 200, done: promise, stop()}.
 */
export function startLoad(vedette, { count, workers = 16, rate = 1000, projects, extra }) {
  const load = { books: [], accepted: 0, refused: {}, stopped: false, stop: () => (load.stopped = true) };
  const targets = (projects ?? [{ id: vedette.projectId, key: vedette.key }]).map(({ id, key }) => ({ project: id, key }));
  const started = Date.now();
  let next = 0;

  async function send(number, { body, endpoint }) {
    try {
      const target = targets[(number + Math.floor(number / MIX_EVERY)) % targets.length];
      const answer = await vedette.post(body, { endpoint, ...target });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 'no answer';
    }
  }

  async function worker() {
    while (!load.stopped && next < count) {
      const number = next++;
      const request = requestOf(number, extra);
      const entry = { found: request.found, accepted: false, unanswered: 0 };
      load.books.push(entry);
      for (;;) {
        await sleep(Math.max(0, started + (number * 1000) / rate - Date.now()));
        const status = await send(number, request);
        if (status === 200) break;
        entry.unanswered += 1;
        load.refused[status] = (load.refused[status] ?? 0) + 1;
        if (load.stopped) return;
        await sleep(50);
      }
      entry.accepted = true;
      load.accepted += 1;
    }
  }

  load.done = Promise.all(Array.from({ length: workers }, worker));
  return load;
}
