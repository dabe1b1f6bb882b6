// Issues over the web API: finding them, paging through them, changing many or one, and what an event does to a change.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { eventId, sleep, startInstance, until } from '../harness/instance.mjs';

const LIST = '/organizations/vedette/issues/';
const MANY = 120;
/** An issue younger than this does not regress: its events may still be on their way. */
const SETTLED_MS = 5000;

/** The cursor of a Link header's relation, or undefined where nothing lies there. */
function cursorOf(answer, relation) {
  for (const part of (answer.headers.get('link') ?? '').split(', ')) {
    const [, rel, results, cursor] = /rel="(\w+)"; results="(\w+)"; cursor="([^"]+)"/.exec(part) ?? [];
    if (rel === relation) return results === 'true' ? cursor : undefined;
  }
  return undefined;
}

describe('issues', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  const find = async (query, more = '') => (await vedette.api(`${LIST}?query=${encodeURIComponent(query)}${more}`)).body;
  const titles = async (query, more) => (await find(query, more)).map(({ title }) => title).sort();
  const issue = async (id) => (await vedette.api(`${LIST}${id}/`)).body;
  const put = (id, body) => vedette.api(`${LIST}${id}/`, { method: 'PUT', body });
  const activities = async (id) => (await vedette.api(`${LIST}${id}/activities/`)).body.activity.map(({ type }) => type);

  /** Sends an event of the group `name`; resolves to its issue, once the digest has counted it. */
  async function send(name, event = {}) {
    const id = eventId();
    const sent = await vedette.store({ event_id: id, fingerprint: [name], message: name, platform: 'other', ...event });
    assert.equal(sent.status, 200, sent.body);
    const found = await until(async () => {
      const answer = await vedette.api(`/organizations/vedette/eventids/${id}/`);
      return answer.status === 200 && answer.body;
    });
    return { ...(await issue(found.groupId)), eventId: id };
  }

  describe('a search', () => {
    before(async () => {
      const user = (number) => ({ user: { id: String(number), email: `user${number}@example.com` } });
      await send('alpha payment failed', { level: 'fatal', release: 'shop@1.0.0', environment: 'production', tags: { browser: 'Firefox', color: 'red' }, ...user(1) });
      await send('alpha payment failed', { level: 'fatal', release: 'shop@1.0.0', environment: 'production', tags: { browser: 'Firefox', color: 'red' }, ...user(2) });
      await send('beta timeout', { level: 'warning', release: 'shop@1.1.0', environment: 'staging', tags: { browser: 'Chrome 120', color: 'blue' }, ...user(1) });
      const gamma = await send('gamma timeout', { level: 'info', tags: { browser: 'Chrome 121' } });
      await put(gamma.id, { status: 'resolved' });
      // Tags are counted behind the digest.
      await until(async () => (await find('has:browser')).length === 3 && (await find('user.id:2')).length === 1);
    });

    const cases = [
      ['', ['alpha payment failed', 'beta timeout', 'gamma timeout']],
      ['is:unresolved', ['alpha payment failed', 'beta timeout']],
      ['is:resolved', ['gamma timeout']],
      ['!is:resolved', ['alpha payment failed', 'beta timeout']],
      ['level:fatal', ['alpha payment failed']],
      ['level:[warning, info]', ['beta timeout', 'gamma timeout']],
      ['release:shop@1.1.0', ['beta timeout']],
      ['environment:production', ['alpha payment failed']],
      ['color:blue', ['beta timeout']],
      ['!color:blue', ['alpha payment failed', 'gamma timeout']],
      ['tags[color]:red', ['alpha payment failed']],
      ['browser:"Chrome 120"', ['beta timeout']],
      ['browser:Chrome*', ['beta timeout', 'gamma timeout']],
      ['!browser:Chrome* is:unresolved', ['alpha payment failed']],
      ['has:color', ['alpha payment failed', 'beta timeout']],
      ['!has:color', ['gamma timeout']],
      ['user.id:2', ['alpha payment failed']],
      ['timesSeen:>1', ['alpha payment failed']],
      ['timeout', ['beta timeout', 'gamma timeout']],
      ['timeout level:info', ['gamma timeout']],
      ['!message:timeout* ', ['alpha payment failed']],
      ['"payment failed"', ['alpha payment failed']],
      ['is:assigned', []],
      ['firstSeen:-1h', ['alpha payment failed', 'beta timeout', 'gamma timeout']],
      ['lastSeen:+1h', []],
      ['no_such_tag:anything', []],
    ];
    for (const [query, expected] of cases)
      test(`"${query}" finds ${expected.length}`, async () => assert.deepEqual(await titles(query), expected));

    test('without a query means what is open, and the filters beside it narrow it', async () => {
      assert.deepEqual((await vedette.api(LIST)).body.map(({ title }) => title).sort(), ['alpha payment failed', 'beta timeout']);
      assert.deepEqual(await titles('', '&environment=staging'), ['beta timeout']);
      assert.deepEqual(await titles('', `&project=${vedette.projectId}`), ['alpha payment failed', 'beta timeout', 'gamma timeout']);
      assert.deepEqual(await titles('', '&statsPeriod=1h'), ['alpha payment failed', 'beta timeout', 'gamma timeout']);
      assert.deepEqual(await titles('', '&start=2020-01-01&end=2020-01-02'), []);
    });

    test('the tabs count what their queries find', async () => {
      const queries = ['is:unresolved', 'is:resolved', 'timeout'];
      const { body } = await vedette.api(`/organizations/vedette/issues-count/?${queries.map((query) => `query=${encodeURIComponent(query)}`).join('&')}`);
      assert.deepEqual(body, { 'is:unresolved': 2, 'is:resolved': 1, timeout: 2 });
    });

    for (const [query, words] of [
      ['is:nonsense', /is.*nonsense/],
      ['timesSeen:many', /Invalid number/],
      ['(timeout', /Parse error at '\(time' \(column 1\)/],
      ['a OR b', /Boolean statements/],
      [Array.from({ length: 17 }, (_, i) => `k${i}:v`).join(' '), /at most 16 terms/],
    ]) {
      test(`"${query.slice(0, 20)}" is refused, and says why`, async () => {
        const answer = await vedette.api(`${LIST}?query=${encodeURIComponent(query)}`);
        assert.equal(answer.status, 400);
        assert.match(answer.body.detail, /^Error parsing search query: /);
        assert.match(answer.body.detail, words);
      });
    }

    test('wrong parameters are refused in one sentence', async () => {
      for (const [parameter, words] of [
        ['sort=loudest', /Invalid sort/],
        ['statsPeriod=soon', /Invalid date range/],
        ['start=2026-01-01', /start and end/],
        ['cursor=nonsense', /Invalid cursor/],
        ['limit=0', /per_page/],
      ]) {
        const answer = await vedette.api(`${LIST}?${parameter}`);
        assert.equal(answer.status, 400, parameter);
        assert.match(answer.body.detail, words);
      }
      assert.equal((await vedette.api(`${LIST}?project=99999`)).status, 403);
      assert.equal((await vedette.api(`${LIST}?environment=nowhere`)).status, 404);
    });

    test('short ids and event ids lead to their issue', async () => {
      const [alpha] = await find('level:fatal');
      const { body: events } = await vedette.api(`${LIST}${alpha.id}/events/`);
      const { body: byEvent } = await vedette.api(`/organizations/vedette/eventids/${events[0].eventID}/`);
      assert.equal(byEvent.groupId, alpha.id);
      const { body: byShortId } = await vedette.api(`/organizations/vedette/shortids/${alpha.shortId.toLowerCase()}/`);
      assert.equal(byShortId.groupId, alpha.id);
      assert.equal(byShortId.group.title, alpha.title);
      assert.equal((await issue(alpha.shortId)).id, alpha.id);
      const direct = await vedette.api(`${LIST}?query=${events[0].eventID}`);
      assert.equal(direct.headers.get('x-sentry-direct-hit'), '1');
      assert.deepEqual(direct.body.map(({ id }) => id), [alpha.id]);
      const short = await vedette.api(`${LIST}?query=${alpha.shortId}&shortIdLookup=1`);
      assert.deepEqual(short.body.map(({ id }) => id), [alpha.id]);
      assert.equal((await vedette.api(`/organizations/vedette/eventids/${eventId()}/`)).status, 404);
      assert.equal((await vedette.api('/organizations/vedette/shortids/NONE-7/')).status, 404);
    });

    test('the chart and the counters of the issues sum to the same', async () => {
      const chart = async (query) => {
        const { body } = await vedette.api(`/organizations/vedette/events-stats/?yAxis=count()&statsPeriod=24h&interval=1h&query=${encodeURIComponent(query)}`);
        return body.data.reduce((sum, [, [{ count }]]) => sum + count, 0);
      };
      const counted = async (query) => (await find(query)).reduce((sum, { count }) => sum + Number(count), 0);
      for (const query of ['', 'is:resolved', 'level:fatal', 'timeout'])
        assert.equal(await chart(query), await counted(query), query);
      assert.equal(await chart(''), 4);
      const [alpha] = await find('level:fatal', '&groupStatsPeriod=24h');
      assert.equal(alpha.count, '2');
      assert.equal(alpha.userCount, 2);
      assert.equal(alpha.stats['24h'].reduce((sum, [, count]) => sum + count, 0), 2);
    });

    test('sorts by events and by users', async () => {
      assert.equal((await find('', '&sort=freq'))[0].title, 'alpha payment failed');
      assert.equal((await find('', '&sort=user'))[0].title, 'alpha payment failed');
      assert.equal((await find('', '&sort=new'))[0].title, 'gamma timeout');
    });
  });

  describe('many issues', () => {
    before(async () => {
      for (let from = 0; from < MANY; from += 20)
        await Promise.all(Array.from({ length: 20 }, (_, i) => vedette.store({ fingerprint: [`many-${from + i}`], message: `many ${from + i}`, tags: { set: 'many' } })));
      await until(async () => (await vedette.api('/organizations/vedette/issues-count/?query=set:many')).body['set:many'] === MANY, { seconds: 30 });
    });

    for (const sort of ['date', 'new', 'freq', 'user', 'trends']) {
      test(`are paged through by ${sort}: each once, forwards and back`, async () => {
        const page = (cursor) => vedette.api(`${LIST}?query=set:many&sort=${sort}&limit=50${cursor ? `&cursor=${cursor}` : ''}`);
        const pages = [];
        let cursor;
        do {
          pages.push(await page(cursor));
          cursor = cursorOf(pages.at(-1), 'next');
        } while (cursor);
        assert.deepEqual(pages.map(({ body }) => body.length), [50, 50, 20]);
        const ids = pages.flatMap(({ body }) => body.map(({ id }) => id));
        assert.equal(new Set(ids).size, MANY);
        assert.equal(pages[0].headers.get('x-hits'), String(MANY));
        assert.equal(cursorOf(pages[0], 'previous'), undefined);
        const back = await page(cursorOf(pages[2], 'previous'));
        assert.deepEqual(back.body.map(({ id }) => id), pages[1].body.map(({ id }) => id));
      });
    }

    test('a search of many kilobytes has its other pages', async () => {
      const query = encodeURIComponent(`set:[many,${'ä'.repeat(1900)}]`);
      const headers = { authorization: `Bearer ${vedette.credentials.token}` };
      const answer = await new Promise((done, fail) =>
        get(`${vedette.url}/api/0${LIST}?query=${query}&limit=5`, { headers, maxHeaderSize: 65536 }, done).on('error', fail),
      );
      answer.resume();
      assert.equal(answer.statusCode, 200);
      assert.ok(answer.headers.link.length > 2 * query.length);
    });

    test('a list that has not changed is not sent again', async () => {
      const path = `${LIST}?query=set:many&start=2026-01-01&end=2027-01-01&collapse=stats`;
      const first = await vedette.api(path);
      const again = await vedette.api(path, { headers: { 'if-none-match': first.headers.get('etag') } });
      assert.equal(again.status, 304);
    });

    test('are resolved at once, by id or by query, and that is undone', async () => {
      const chosen = (await find('set:many', '&limit=3')).map(({ id }) => id);
      const byId = `${LIST}?${chosen.map((id) => `id=${id}`).join('&')}`;
      const resolved = await vedette.api(byId, { method: 'PUT', body: { status: 'resolved' } });
      assert.equal(resolved.status, 200);
      assert.equal(resolved.body.status, 'resolved');
      assert.deepEqual((await find('set:many is:resolved')).map(({ id }) => id).sort(), chosen.sort());
      await vedette.api(byId, { method: 'PUT', body: { status: 'unresolved' } });
      assert.deepEqual(await find('set:many is:resolved'), []);

      const byQuery = `${LIST}?query=${encodeURIComponent('set:many is:unresolved')}`;
      await vedette.api(byQuery, { method: 'PUT', body: { status: 'resolved' } });
      const tabs = (await vedette.api('/organizations/vedette/issues-count/?query=set:many+is:resolved&query=set:many+is:unresolved')).body;
      assert.deepEqual(Object.values(tabs), [MANY, 0]);
      await vedette.api(`${LIST}?query=set:many`, { method: 'PUT', body: { status: 'unresolved' } });
    });

    test('are deleted by id, and only those', async () => {
      const chosen = (await find('set:many', '&limit=2')).map(({ id }) => id);
      const answer = await vedette.api(`${LIST}?${chosen.map((id) => `id=${id}`).join('&')}`, { method: 'DELETE' });
      assert.equal(answer.status, 204);
      for (const id of chosen) assert.equal((await vedette.api(`${LIST}${id}/`)).status, 404);
      const { body } = await vedette.api('/organizations/vedette/issues-count/?query=set:many');
      assert.deepEqual(body, { 'set:many': MANY - 2 });
    });
  });

  describe('one issue', () => {
    test('that is resolved and happens again is a regression', async () => {
      const first = await send('regress');
      await sleep(SETTLED_MS - (Date.now() - Date.parse(first.firstSeen)) + 200);
      const resolved = await put(first.id, { status: 'resolved' });
      assert.equal(resolved.body.status, 'resolved');
      const again = await send('regress');
      assert.equal(again.id, first.id);
      assert.equal(again.status, 'unresolved');
      assert.equal(again.substatus, 'regressed');
      assert.equal(again.count, '2');
      assert.deepEqual((await activities(first.id)).slice(0, 2), ['set_regression', 'set_resolved']);
    });

    test('that is archived until it happens twice more comes back by itself', async () => {
      const first = await send('archive');
      const archived = await put(first.id, { status: 'ignored', statusDetails: { ignoreCount: 2 }, substatus: 'archived_until_condition_met' });
      assert.equal(archived.body.status, 'ignored');
      assert.equal(archived.body.substatus, 'archived_until_condition_met');
      assert.equal(archived.body.statusDetails.ignoreCount, 2);
      assert.equal((await send('archive')).status, 'ignored');
      assert.equal((await send('archive')).status, 'unresolved');
    });

    test('that is archived for ever stays so', async () => {
      const { id } = await send('forever');
      await put(id, { status: 'ignored', substatus: 'archived_forever' });
      assert.equal((await send('forever')).status, 'ignored');
      assert.deepEqual((await find('is:archived_forever')).map((each) => each.id), [id]);
    });

    test('is assigned to a person or a team, and to nobody', async () => {
      const { id } = await send('assign');
      const me = (await vedette.api('/users/me/')).body;
      const [team] = (await vedette.api('/organizations/vedette/teams/')).body;
      const toMe = (await put(id, { assignedTo: `user:${me.id}` })).body;
      assert.equal(toMe.assignedTo.type, 'user');
      assert.equal(toMe.assignedTo.email, me.email);
      assert.deepEqual(await titles('assigned:me'), ['assign']);
      assert.equal((await put(id, { assignedTo: `team:${team.id}` })).body.assignedTo.name, team.slug);
      assert.equal((await put(id, { assignedTo: me.email })).body.assignedTo.id, me.id);
      assert.equal((await put(id, { assignedTo: '' })).body.assignedTo, null);
      const wrong = await put(id, { assignedTo: 'nobody@example.com' });
      assert.equal(wrong.status, 400);
      assert.deepEqual(wrong.body, { assignedTo: ['Nobody of this organization is called so.'] });
      assert.deepEqual((await activities(id)).slice(0, 4), ['unassigned', 'assigned', 'assigned', 'assigned']);
    });

    test('is bookmarked, seen, given a priority', async () => {
      const { id } = await send('marks');
      const changed = (await put(id, { isBookmarked: true, hasSeen: true, priority: 'low' })).body;
      assert.equal(changed.isBookmarked, true);
      assert.equal(changed.hasSeen, true);
      assert.equal(changed.priority, 'low');
      assert.deepEqual(await titles('bookmarks:me'), ['marks']);
      assert.equal((await put(id, { isBookmarked: false })).body.isBookmarked, false);
    });

    test('refuses what makes no sense, field by field', async () => {
      const { id } = await send('nonsense');
      for (const [body, field] of [
        [{ status: 'gone' }, 'status'],
        [{ priority: 'huge' }, 'priority'],
        [{ status: 'ignored', statusDetails: { ignoreCount: -1 } }, 'statusDetails'],
        [{ status: 'resolved', statusDetails: { inRelease: 'no@such' } }, 'statusDetails'],
      ]) {
        const answer = await put(id, body);
        assert.equal(answer.status, 400, JSON.stringify(body));
        assert.deepEqual(Object.keys(answer.body), [field]);
      }
      assert.equal((await issue(id)).status, 'unresolved');
    });

    test('keeps notes: written, changed, removed', async () => {
      const { id } = await send('notes');
      const { headers } = await vedette.signIn();
      const notes = (path, options) => vedette.api(`${LIST}${id}/notes/${path}`, { token: null, headers, ...options });
      const made = await notes('', { method: 'POST', body: { text: 'Seen on *staging* too.' } });
      assert.equal(made.status, 201);
      assert.equal(made.body.data.text, 'Seen on *staging* too.');
      const changed = await notes(`${made.body.id}/`, { method: 'PUT', body: { text: 'Fixed.' } });
      assert.equal(changed.body.data.text, 'Fixed.');
      assert.deepEqual((await notes('')).body.map(({ data }) => data.text), ['Fixed.']);
      assert.equal((await notes(`${made.body.id}/`, { method: 'DELETE' })).status, 204);
      assert.deepEqual((await notes('')).body, []);
    });

    test('swallows another when they are merged: events, counters and what comes later', async () => {
      const kept = await send('merge-a', { user: { id: 'one' } });
      await send('merge-a', { user: { id: 'two' } });
      const gone = await send('merge-b', { user: { id: 'two' } });
      const answer = await vedette.api(`${LIST}?id=${kept.id}&id=${gone.id}`, { method: 'PUT', body: { merge: 1 } });
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, { merge: { parent: kept.id, children: [gone.id] } });
      const merged = await issue(kept.id);
      assert.equal(merged.count, '3');
      assert.equal(merged.userCount, 2);
      const { body: events } = await vedette.api(`${LIST}${kept.id}/events/`);
      assert.ok(events.some(({ eventID }) => eventID === gone.eventId));
      assert.equal((await send('merge-b')).id, kept.id);
      const alone = await vedette.api(`${LIST}?id=${kept.id}`, { method: 'PUT', body: { merge: 1 } });
      assert.equal(alone.status, 400);
    });

    test('that is deleted is gone, and a new event is a new issue', async () => {
      const first = await send('delete');
      assert.equal((await vedette.api(`${LIST}${first.id}/`, { method: 'DELETE' })).status, 202);
      assert.equal((await vedette.api(`${LIST}${first.id}/`)).status, 404);
      assert.equal((await vedette.api(`/organizations/vedette/eventids/${first.eventId}/`)).status, 404);
      const second = await send('delete');
      assert.notEqual(second.id, first.id);
      assert.equal(second.count, '1');
    });
  });

  describe('events of an issue', () => {
    test('are listed newest first and lead to their neighbours', async () => {
      const times = [30, 20, 10];
      let last;
      for (const seconds of times) last = await send('neighbours', { timestamp: Date.now() / 1000 - seconds });
      const { body: events } = await vedette.api(`${LIST}${last.id}/events/`);
      assert.equal(events.length, 3);
      assert.deepEqual(events.map(({ dateCreated }) => dateCreated), events.map(({ dateCreated }) => dateCreated).sort().reverse());
      const event = async (name) => (await vedette.api(`${LIST}${last.id}/events/${name}/`)).body;
      const latest = await event('latest');
      assert.equal(latest.eventID, events[0].eventID);
      assert.equal(latest.nextEventID, null);
      assert.equal(latest.previousEventID, events[1].eventID);
      const oldest = await event('oldest');
      assert.equal(oldest.eventID, events[2].eventID);
      assert.equal(oldest.previousEventID, null);
      assert.equal(oldest.nextEventID, events[1].eventID);
      assert.equal((await event(events[1].eventID)).nextEventID, events[0].eventID);
      assert.equal((await vedette.api(`${LIST}${last.id}/events/${eventId()}/`)).status, 404);
    });

    test('tags sum to the events, and their values are counted', async () => {
      let last;
      for (const shade of ['dark', 'dark', 'light']) last = await send('tagged', { tags: { shade } });
      const tag = await until(async () => {
        const { status, body } = await vedette.api(`${LIST}${last.id}/tags/shade/`);
        return status === 200 && body.totalValues === 3 && body;
      });
      assert.deepEqual(tag.topValues.map(({ value, count }) => [value, count]), [['dark', 2], ['light', 1]]);
      const { body: values } = await vedette.api(`${LIST}${last.id}/tags/shade/values/`);
      assert.deepEqual(values.map(({ value }) => value).sort(), ['dark', 'light']);
      const keys = (await vedette.api(`${LIST}${last.id}/tags/`)).body.map(({ key }) => key);
      assert.ok(keys.includes('shade') && keys.includes('level'));
      const { body: suggested } = await vedette.api('/organizations/vedette/tags/shade/values/?query=da');
      assert.deepEqual(suggested.map(({ value }) => value), ['dark']);
    });
  });
});
