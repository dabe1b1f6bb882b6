// A sender that behaves as a careful client does: every event is sent until it has been answered 200, and never
// again after that.  What it remembers is the truth that the database is held against.
import { eventId, sleep } from '../harness/instance.mjs';

const TITLES = 50;
const PEOPLE = 500;

export function event(number) {
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

/**
 * Sends events numbered from 0 until `count` are answered 200 or stop() is called; `workers` at a time, at most
 * `rate` a second.  {accepted: Set of ids, refused: answers other than 200, done: promise, stop()}.
 */
export function startLoad(vedette, { count, workers = 16, rate = 1000 }) {
  const load = { accepted: new Set(), refused: {}, stopped: false, stop: () => (load.stopped = true) };
  const started = Date.now();
  let next = 0;

  async function send(body) {
    try {
      const answer = await vedette.post(JSON.stringify(body), { endpoint: 'store' });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 'no answer';
    }
  }

  async function worker() {
    while (!load.stopped && next < count) {
      const number = next++;
      const body = event(number);
      for (;;) {
        await sleep(Math.max(0, started + (number * 1000) / rate - Date.now()));
        const status = await send(body);
        if (status === 200) break;
        load.refused[status] = (load.refused[status] ?? 0) + 1;
        if (load.stopped) return;
        await sleep(50);
      }
      load.accepted.add(body.event_id);
    }
  }

  load.done = Promise.all(Array.from({ length: workers }, worker));
  return load;
}
