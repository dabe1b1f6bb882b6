// The clock is set back by an hour, over midnight, under load: what came before and comes again is known, and what comes
// after is stored like everything else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

test('a clock that is set back by an hour loses and doubles nothing', async (t) => {
  const vedette = await startInstance({ clock: true, start: false });
  t.after(() => vedette.stop());
  // Half an hour past a midnight, and never before the real time: what the load says happened now is not in the future.
  vedette.moveClock(Math.ceil((Date.now() + HOUR) / DAY) * DAY + HOUR / 2);
  await vedette.start();
  const load = startLoad(vedette, { count: Number.POSITIVE_INFINITY, rate: 200 });
  t.after(() => load.stop());
  const ids = [eventId(), eventId()];
  const send = (id) => vedette.store({ event_id: id, message: 'comes again' });
  load.books.push(...ids.map((id) => ({ found: [['event', id]], accepted: true, unanswered: 0 })));
  assert.equal((await send(ids[0])).status, 200);
  await until(() => load.accepted > 400, { seconds: 60, what: 'that requests are accepted' });
  await until(async () => (await vedette.sql('select 1 from event limit 1')).length === 1, { seconds: 60, what: 'a stored event' });

  vedette.moveClock(vedette.now() - HOUR);
  const before = load.accepted;
  for (const id of [...ids, ...ids]) assert.equal((await send(id)).status, 200);
  await until(() => load.accepted > before + 400, { seconds: 60, what: 'that requests are accepted by the new time' });
  assert.equal((await vedette.api('/organizations/vedette/issues/?limit=5')).status, 200);
  load.stop();
  await load.done;
  const { stored } = await checkBooks(vedette, load);
  const days = await vedette.sql('select received_day as day, count(*) as n from event group by 1 order by 1');
  assert.equal(days.length, 2, 'events of both days');
  const [{ doubles }] = await vedette.sql('select sum(quantity)::int as doubles from outcome_hour where outcome = 7');
  assert.equal(doubles, 3, 'what came again is counted as such');
  t.diagnostic(`${before} accepted before, ${load.accepted} in all, ${stored} rows stored: ${JSON.stringify(days)}`);
});
