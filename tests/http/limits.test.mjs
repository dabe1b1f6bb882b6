// Limits of a project: what spike protection lets through in an hour, how large an event and a text in it may be.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventId, sleep, startInstance, until } from '../harness/instance.mjs';
import { makeProject } from './project.mjs';

const O = '/organizations/vedette/';
const CATEGORIES = { error: 2 };
/** What no hour is measured by less than: errors. */
const LEAST_ERRORS = 500;

describe('limits of projects', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  const project = () => makeProject(vedette);

  const counted = async ({ target }, category, outcome, reason) =>
    (
      await vedette.sql(
        `select coalesce(sum(quantity), 0)::int as n from outcome_hour where project_id = ${target.project}
            and category = ${CATEGORIES[category]} and outcome = ${outcome} and reason = '${reason}'`,
      )
    )[0].n;

  const organization = (body) => vedette.api(O, { method: 'PUT', body });

  describe('spike protection', () => {
    const protections = async ({ slug }) =>
      (await vedette.api(`${O}quotas/`)).body.filter((quota) => quota.reason === 'spike_protection' && quota.project === slug);
    const thresholds = (place) =>
      until(async () => {
        const all = await protections(place);
        return all.length > 0 && Object.fromEntries(all.map(({ categories, limit }) => [categories[0], limit]));
      }, { what: 'thresholds' });

    test('is off until somebody wants it', async () => {
      const place = await project();
      assert.equal((await vedette.api(place.path)).body.spikeProtection, false);
      assert.deepEqual(await protections(place), []);
      assert.equal((await place.put({ spikeProtection: true })).spikeProtection, true);
      assert.deepEqual(await thresholds(place), { error: 500, transaction: 5000, span: 50000, attachment: 524288000 });
    });

    test('follows what is usual for the project', async () => {
      const place = await project();
      await vedette.psql(
        `insert into outcome_hour (project_id, key_id, category, outcome, reason, hour, quantity)
         select ${place.target.project}, 1, 2, 0, '', date_trunc('hour', now()) - n * interval '1 hour', 400 from generate_series(1, 168) n`,
      );
      await place.put({ spikeProtection: true });
      assert.equal((await thresholds(place)).error, 1200);
    });

    test('nobody changes or deletes a threshold by hand', async () => {
      const place = await project();
      await place.put({ spikeProtection: true });
      await thresholds(place);
      const [{ id, limit }] = await protections(place);
      assert.equal((await vedette.api(`${O}quotas/${id}/`, { method: 'DELETE' })).status, 404);
      assert.equal((await vedette.api(`${O}quotas/${id}/`, { method: 'PUT', body: { limit: 1 } })).status, 404);
      assert.equal((await vedette.api(`${O}quotas/${id}/`)).body.limit, limit);
    });

    test('one more than the threshold is refused, says so, and is counted; off is off', async () => {
      const place = await project();
      await place.put({ spikeProtection: true });
      await thresholds(place);
      await sleep(1500);
      const send = () => vedette.envelope([[{ type: 'event' }, { message: 'again' }]], place.target);
      let accepted = 0;
      let refused;
      // Where an hour ends in between it begins anew.
      while (!refused && accepted < 2 * LEAST_ERRORS + 50) {
        const answers = await Promise.all(Array.from({ length: 10 }, send));
        accepted += answers.filter(({ status }) => status === 200).length;
        refused = answers.find(({ status }) => status !== 200);
      }
      assert.equal(refused?.status, 429);
      assert.ok(accepted >= LEAST_ERRORS, `${accepted} were accepted`);
      assert.match(refused.headers.get('x-sentry-rate-limits'), /^\d+:default;error;security:project:spike_protection$/);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      await until(async () => (await counted(place, 'error', 2, 'spike_protection')) > 0, { what: 'the outcome' });
      await place.put({ spikeProtection: false });
      await until(async () => (await send()).status === 200, { what: 'that it is off' });
      assert.deepEqual(await protections(place), []);
    });
  });

  describe('an event', () => {
    const sized = (bytes) => ({ event_id: eventId(), extra: { pad: 'x'.repeat(bytes) } });
    const tooLarge = "envelope exceeded size limits for type 'event' (https://develop.sentry.dev/sdk/envelopes/#size-limits)";

    test('may be no larger than its project says: 413', async () => {
      const place = await project();
      assert.equal((await vedette.api(place.path)).body.maxEventBytes, null);
      assert.equal((await place.put({ maxEventBytes: 4096 })).maxEventBytes, 4096);
      await until(async () => (await vedette.store(sized(5000), place.target)).status === 413, { what: 'that ingest knows' });
      const answer = await vedette.envelope([[{ type: 'event' }, sized(5000)]], place.target);
      assert.equal(answer.status, 413);
      assert.equal(JSON.parse(answer.body).detail, tooLarge);
      assert.equal((await vedette.store(sized(3000), place.target)).status, 200);
      await until(async () => (await counted(place, 'error', 3, 'too_large:event')) >= 2, { what: 'the outcomes' });
      assert.equal((await place.put({ maxEventBytes: null })).maxEventBytes, null);
      await until(async () => (await vedette.store(sized(5000), place.target)).status === 200, { what: 'that it is taken back' });
    });

    test('nor than its organization says, where that is less', async () => {
      const place = await project();
      await place.put({ maxEventBytes: 100000 });
      assert.equal((await organization({ maxEventBytes: 2048 })).body.maxEventBytes, 2048);
      await until(async () => (await vedette.store(sized(3000), place.target)).status === 413, { what: 'that ingest knows' });
      assert.equal((await organization({ maxEventBytes: null })).body.maxEventBytes, null);
      await until(async () => (await vedette.store(sized(3000), place.target)).status === 200, { what: 'that it is taken back' });
    });
  });

  describe('a text', () => {
    const stored = async ({ path, target }, event) => {
      const { id, status } = await vedette.store({ event_id: eventId(), ...event }, target);
      assert.equal(status, 200);
      return until(async () => {
        const answer = await vedette.api(`${path}events/${id}/json/`);
        return answer.status === 200 && answer.body;
      });
    };
    const note = 'n'.repeat(5000);

    test('is cut where the project says, and says so', async () => {
      const place = await project();
      const event = { message: note, extra: { note, short: 'kept' }, exception: [{ type: 'E', value: 'v' }] };
      assert.equal((await stored(place, event)).extra.note, note);
      assert.equal((await place.put({ maxFieldBytes: 1024 })).maxFieldBytes, 1024);
      const { extra, logentry, _meta } = await stored(place, event);
      const cut = `${'n'.repeat(1021)}...`;
      const remark = { rem: [['!limit', 's', 1021, 1024]], len: 5000 };
      assert.deepEqual(extra, { note: cut, short: 'kept' });
      assert.equal(logentry.formatted, cut);
      assert.deepEqual(_meta.extra.note[''], remark);
      assert.deepEqual(_meta.logentry.formatted[''], remark);
      await place.put({ maxFieldBytes: null });
      assert.equal((await stored(place, event)).extra.note, note);
    });

    test('or its organization, also in a log', async () => {
      const place = await project();
      assert.equal((await organization({ maxFieldBytes: 2000 })).body.maxFieldBytes, 2000);
      assert.equal((await stored(place, { extra: { note } })).extra.note.length, 2000);
      const log = { timestamp: Date.now() / 1000, trace_id: eventId(), level: 'info', body: note, attributes: { a: { type: 'string', value: note } } };
      const header = { type: 'log', item_count: 1, content_type: 'application/vnd.sentry.items.log+json' };
      assert.equal((await vedette.envelope([[header, { items: [log] }]], place.target)).status, 200);
      const rows = `select length(body) as body, length(attributes ->> 'a') as attribute, meta from log where project_id = ${place.target.project}`;
      const [row] = await until(async () => {
        const found = await vedette.sql(rows);
        return found.length > 0 && found;
      });
      assert.deepEqual([row.body, row.attribute], [2000, 2000]);
      assert.equal(row.meta.body[''].len, 5000);
      await organization({ maxFieldBytes: null });
    });
  });

  for (const [field, value] of [['maxEventBytes', 1023], ['maxEventBytes', 1048577], ['maxFieldBytes', 'much'], ['maxFieldBytes', -1]])
    for (const path of [O, '/projects/vedette/app/'])
      test(`${field} ${value} is refused by ${path}`, async () => {
        const { status, body } = await vedette.api(path, { method: 'PUT', body: { [field]: value } });
        assert.equal(status, 400);
        assert.deepEqual(Object.keys(body), [field]);
      });
});
