// What a project and its organization say of scrubbing and filters, changed through the web API: the next event shows it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { makeProject } from './project.mjs';

const O = '/organizations/vedette/';
const MISSING = { detail: 'The requested resource does not exist' };
const CARD = '4571234567890111';
const advanced = (applications, rules = {}) => JSON.stringify({ rules, applications });

describe('settings of scrubbing and filters', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  const project = () => makeProject(vedette);

  /** An event as it is stored. */
  async function stored({ path, target }, event) {
    const { id, status } = await vedette.store({ event_id: eventId(), ...event }, target);
    assert.equal(status, 200);
    return until(async () => {
      const answer = await vedette.api(`${path}events/${id}/json/`);
      return answer.status === 200 && answer.body;
    });
  }

  /** Why events of a project were not stored: {reason: quantity}. */
  const refused = async ({ target }) =>
    Object.fromEntries(
      (await vedette.sql(`select reason, sum(quantity)::int as n from outcome_hour where project_id = ${target.project} and outcome <> 0 group by 1`)).map(
        ({ reason, n }) => [reason, n],
      ),
    );

  /** An event that is filtered; it may be counted under several categories. */
  async function filtered(place, event, reason, quantity = 1) {
    const before = (await refused(place))[reason] ?? 0;
    assert.equal((await vedette.store(event, place.target)).status, 200);
    await until(async () => (await refused(place))[reason] === before + quantity, { what: `an event filtered as ${reason}` });
  }

  test('the event after a change is scrubbed by it, every time', async () => {
    const place = await project();
    const event = { extra: { password: 'x', mail: 'ada@example.com', card: CARD } };
    assert.deepEqual((await stored(place, event)).extra, { password: '[Filtered]', mail: 'ada@example.com', card: '[Filtered]' });
    for (let round = 0; round < 3; round++) {
      await place.put({ dataScrubber: false });
      assert.deepEqual((await stored(place, event)).extra, event.extra);
      await place.put({ dataScrubber: true, sensitiveFields: ['mail'], safeFields: ['card'] });
      assert.deepEqual((await stored(place, event)).extra, { password: '[Filtered]', mail: '[Filtered]', card: CARD });
    }
  });

  test('an advanced rule works, and its remark names it', async () => {
    const place = await project();
    const rules = { mine: { type: 'pattern', pattern: 'mar(mot)', replaceGroups: [1], redaction: { method: 'mask' } } };
    const { relayPiiConfig } = await place.put({ relayPiiConfig: advanced({ 'extra.animal': ['mine'] }, rules) });
    assert.deepEqual(JSON.parse(relayPiiConfig).rules, rules);
    const event = await stored(place, { extra: { animal: 'a marmot' } });
    assert.equal(event.extra.animal, 'a mar***');
    assert.deepEqual(event._meta.extra.animal[''].rem, [['project:mine', 'm', 5, 8]]);
  });

  test('a broken rule is refused, and the one before it stays', async () => {
    const place = await project();
    const good = advanced({ '$string': ['@email'] });
    await place.put({ relayPiiConfig: good });
    const cases = [
      [advanced({ '* && foo': ['@ip'] }), /wildcard must be part of a path/],
      [advanced({ '$string': ['mine'] }, { mine: { type: 'pattern', pattern: '(' } }), /"mine"/],
      ['{', /Not a valid configuration/],
    ];
    for (const [relayPiiConfig, message] of cases) {
      for (const path of [place.path, O]) {
        const answer = await vedette.api(path, { method: 'PUT', body: { relayPiiConfig } });
        assert.equal(answer.status, 400);
        assert.deepEqual(Object.keys(answer.body), ['relayPiiConfig']);
        assert.match(answer.body.relayPiiConfig[0], message);
      }
    }
    assert.equal((await vedette.api(place.path)).body.relayPiiConfig, good);
    assert.equal((await stored(place, { extra: { to: 'ada@example.com' } })).extra.to, '[email]');
  });

  test('what the organization requires holds for every project', async () => {
    const [one, two] = [await project(), await project()];
    await two.put({ dataScrubber: false });
    const event = { extra: { password: 'x', marmot: 'y' }, user: { id: '1', ip_address: '203.0.113.9' } };
    assert.equal((await stored(two, event)).extra.password, 'x');
    const answer = await vedette.api(O, {
      method: 'PUT',
      body: { dataScrubber: true, dataScrubberDefaults: true, scrubIPAddresses: true, sensitiveFields: ['marmot'] },
    });
    assert.equal(answer.body.dataScrubber, true);
    for (const place of [one, two]) {
      const { extra, user } = await stored(place, event);
      assert.deepEqual(extra, { password: '[Filtered]', marmot: '[Filtered]' });
      assert.equal(user.ip_address ?? null, null);
    }
    await vedette.api(O, { method: 'PUT', body: { dataScrubber: false, dataScrubberDefaults: false, scrubIPAddresses: false, sensitiveFields: [] } });
    assert.equal((await stored(two, event)).extra.password, 'x');
  });

  test('filters of options, and those that are switched', async () => {
    const place = await project();
    await place.put({ options: { 'filters:releases': '1.*\n2.*', 'filters:error_messages': '*marmot*', 'filters:blacklisted_ips': '127.0.0.0/8' } });
    await filtered(place, { message: 'x' }, 'ip-address');
    await place.put({ options: { 'filters:blacklisted_ips': '' } });
    await filtered(place, { message: 'x', release: '2.1' }, 'release-version');
    await filtered(place, { message: 'A Marmot!' }, 'error-message');
    await stored(place, { message: 'fine', release: '3' });
    const chunk = { exception: { values: [{ type: 'ChunkLoadError', value: 'Loading chunk 7 failed.' }] } };
    await filtered(place, chunk, 'error-message');
    await place.put({ options: { 'filters:chunk-load-error': false } });
    await stored(place, chunk);

    await place.put({ options: { 'filters:transactions': 'job.*' } });
    const end = Date.now() / 1000;
    const trace = { trace_id: eventId(), span_id: eventId().slice(0, 16) };
    const job = { type: 'transaction', transaction: 'job.sweep', start_timestamp: end - 1, timestamp: end, contexts: { trace } };
    // The transaction and its only span, which is itself: each kept and indexed.
    await filtered(place, job, 'filtered-transaction', 4);
    assert.equal((await vedette.api(place.path)).body.options['filters:transactions'], 'job.*');

    const local = { message: 'x', user: { ip_address: '127.0.0.1' } };
    await stored(place, local);
    await place.put({ active: true }, 'filters/localhost/');
    await filtered(place, local, 'localhost');
    const old = { message: 'x', request: { headers: { 'User-Agent': 'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko' } } };
    await stored(place, old);
    await place.put({ subfilters: ['ie'] }, 'filters/legacy-browsers/');
    await filtered(place, old, 'legacy-browsers');
    const { body } = await vedette.api(`${place.path}filters/`);
    assert.deepEqual(body, [
      { id: 'browser-extensions', active: false },
      { id: 'filtered-transaction', active: true },
      { id: 'legacy-browsers', active: ['ie'] },
      { id: 'localhost', active: true },
      { id: 'web-crawlers', active: false },
    ]);
  });

  test('conditions and rules of sampling are kept as they were sent, or refused', async () => {
    const place = await project();
    const condition = { op: 'eq', name: 'event.release', value: '1' };
    const generic = [{ id: 'x', isEnabled: true, condition }];
    const rule = { id: 1, type: 'transaction', samplingValue: { type: 'sampleRate', value: 0.5 }, condition };
    await place.put({ options: { 'filters:generic': generic, 'sentry:dynamic_sampling': { rules: [rule] } } });
    const { options } = (await vedette.api(place.path)).body;
    assert.deepEqual(options['filters:generic'], generic);
    assert.deepEqual(options['sentry:dynamic_sampling'], { rules: [rule] });
    await place.put({ options: { 'filters:generic': [], 'sentry:dynamic_sampling': null } });

    const wrong = [
      ...['x', {}, ['x'], [{ id: '', isEnabled: true, condition }], [{ id: 'x', condition }], [{ id: 'x', isEnabled: true }]].map((value) => ['filters:generic', value]),
      ...['x', {}, [], { rules: [{ ...rule, id: 'x' }] }, { rules: [{ ...rule, type: 'session' }] }, { rules: [{ ...rule, samplingValue: 1 }] }].map((value) => ['sentry:dynamic_sampling', value]),
      ['filters:generic', Array(101).fill(generic[0])],
    ];
    for (const [name, value] of wrong) {
      const { status, body } = await vedette.api(place.path, { method: 'PUT', body: { options: { [name]: value } } });
      assert.equal(status, 400, JSON.stringify(value).slice(0, 100));
      assert.deepEqual(Object.keys(body), [name]);
    }
  });

  test('rules are tried on recent events without changing them', async () => {
    const place = await project();
    const event = await stored(place, { message: 'boom', extra: { mail: 'ada@example.com' } });
    const trial = { method: 'POST', body: { relayPiiConfig: advanced({ '**': ['@email'] }) } };
    const { status, body } = await vedette.api(`${O}data-scrubbing-preview/?project=${place.target.project}`, trial);
    assert.equal(status, 200);
    assert.deepEqual(
      body.events.map(({ eventID, title, changes, changeCount }) => ({ eventID, title, changes, changeCount })),
      [
        {
          eventID: event.event_id,
          title: 'boom',
          changes: [{ path: 'extra.mail', before: 'ada@example.com', after: '[email]' }],
          changeCount: 1,
        },
      ],
    );
    assert.equal((await vedette.api(`${place.path}events/${event.event_id}/json/`)).body.extra.mail, 'ada@example.com');
    const path = `${O}data-scrubbing-selector-suggestions/?eventId=${event.event_id}&projectId=${place.target.project}`;
    const { suggestions } = (await vedette.api(path)).body;
    assert.deepEqual(
      suggestions.find(({ value }) => value === 'extra.mail'),
      { type: 'value', value: 'extra.mail', examples: ['ada@example.com'] },
    );
  });

  test('a foreign tenant gets what an unknown one gets', async () => {
    await vedette.psql("insert into organization (slug, name, date_created) values ('other', 'Other', now())");
    await vedette.psql(
      "insert into project (organization_id, slug, name, date_created) select id, 'theirs', 'Theirs', now() from organization where slug = 'other'",
    );
    const body = { relayPiiConfig: '{}', active: true };
    const calls = [
      ['GET', '/projects/other/theirs/filters/'],
      ['PUT', '/projects/other/theirs/filters/localhost/'],
      ['PUT', '/projects/vedette/theirs/filters/localhost/'],
      ['PUT', '/projects/other/theirs/'],
      ['PUT', '/organizations/other/'],
      ['GET', '/organizations/other/data-scrubbing-selector-suggestions/'],
      ['POST', '/organizations/other/data-scrubbing-preview/'],
    ];
    for (const [method, path] of calls) {
      for (const asked of [path, path.replace('other', 'nobody').replace('theirs', 'nothing')]) {
        const answer = await vedette.api(asked, { method, body: method === 'GET' ? undefined : body });
        assert.equal(answer.status, 404, `${method} ${asked}`);
        assert.deepEqual(answer.body, MISSING);
      }
    }
    const [{ version }] = await vedette.sql("select settings_version as version from project where slug = 'theirs'");
    assert.equal(version, 0);
  });
});
