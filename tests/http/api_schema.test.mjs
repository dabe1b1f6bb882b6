// Every operation that is served here and described by Sentry is called, and its live answer has the shape described.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { readOpenApi } from './openapi.mjs';
import { absent } from './shared.mjs';

const O = '/organizations/vedette/';
const P = '/projects/vedette/shop/';

/** An event with everything an event can show. */
const fullEvent = {
  platform: 'python',
  level: 'error',
  release: 'shop@1.4.2',
  environment: 'production',
  server_name: 'web-1',
  transaction: '/checkout',
  logger: 'shop.pay',
  sdk: { name: 'sentry.python', version: '2.0.0', packages: [{ name: 'pypi:sentry-sdk', version: '2.0.0' }], integrations: ['django'] },
  user: { id: '7', email: 'ada@example.com', ip_address: '203.0.113.7' },
  tags: { region: 'eu', 'payment.method': 'card' },
  contexts: { os: { name: 'Linux', version: '6.1' }, runtime: { name: 'CPython', version: '3.11' }, trace: { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) } },
  request: { url: 'https://shop.example/checkout?step=2', method: 'POST', headers: { 'User-Agent': 'curl/8', Host: 'shop.example' }, data: { card: '4111' } },
  breadcrumbs: { values: [{ timestamp: 1700000000, category: 'query', message: 'select 1', level: 'info' }] },
  modules: { django: '4.2' },
  extra: { basket: [1, 2, 3] },
  exception: {
    values: [
      {
        type: 'ValueError',
        value: 'no such card',
        module: 'shop.pay',
        mechanism: { type: 'django', handled: false },
        stacktrace: {
          frames: [
            { filename: 'django/core.py', function: 'get_response', lineno: 47, in_app: false },
            { filename: 'shop/pay.py', function: 'charge', lineno: 12, in_app: true, context_line: 'raise ValueError(card)', pre_context: ['def charge(card):'], post_context: [''], vars: { card: '4111' } },
          ],
        },
      },
    ],
  },
};

describe('answers have the shape Sentry describes', { skip: absent }, () => {
  let vedette;
  let api;
  /** Values of the paths' parameters. */
  const at = {};
  const called = new Set();

  before(async () => {
    api = readOpenApi();
    vedette = await startInstance();
    const team = (await vedette.api(`${O}teams/`)).body[0].slug;
    await vedette.api(`/teams/vedette/${team}/projects/`, { method: 'POST', body: { name: 'Shop', slug: 'shop', platform: 'python' } });
    const [key] = (await vedette.api(`${P}keys/`)).body;
    const { pathname, username } = new URL(key.dsn.public);
    const target = { project: pathname.slice(1), key: username };
    at.event = eventId();
    for (const event of [{ event_id: eventId() }, { event_id: at.event }]) await vedette.store({ ...fullEvent, ...event }, target);
    const found = await until(async () => {
      const answer = await vedette.api(`${O}eventids/${at.event}/`);
      return answer.status === 200 && answer.body;
    });
    Object.assign(at, { team, issue: found.groupId, key: key.id });
    at.shortId = (await vedette.api(`/organizations/vedette/issues/${at.issue}/`)).body.shortId;
    await until(async () => (await vedette.api(`/issues/${at.issue}/tags/region/`)).status === 200);
    await sendCompany(target);
  });
  after(() => vedette?.stop());

  /** Sends what else belongs to a project: a file and a report of the event, a replay, profiles. */
  async function sendCompany(target) {
    const seconds = Date.now() / 1000;
    const trace = { trace_id: eventId(), span_id: eventId().slice(0, 16), op: 'test' };
    Object.assign(at, { replay: eventId(), profile: eventId(), profiler: eventId(), trace: trace.trace_id });
    const profile = {
      frames: [{ function: 'f' }],
      stacks: [[0]],
      samples: [0, 1].map((at) => ({ elapsed_since_start_ns: `${at}`, timestamp: seconds + at, stack_id: 0, thread_id: '1' })),
    };
    const about = { platform: 'python', profile };
    const transaction = { type: 'transaction', start_timestamp: seconds - 1, timestamp: seconds, contexts: { trace } };
    const of = { id: eventId(), name: 'test', trace_id: trace.trace_id };
    const replay = { replay_id: at.replay, segment_id: 0, timestamp: seconds, error_ids: [at.event], trace_ids: [], urls: ['/'] };
    await vedette.envelope([[{ type: 'attachment', filename: 'a.txt' }, Buffer.from('a')]], { ...target, id: at.event });
    await vedette.envelope([[{ type: 'user_report' }, { event_id: at.event, name: 'A', email: 'a@b.example', comments: 'c' }]], target);
    await vedette.envelope([[{ type: 'replay_event' }, replay], [{ type: 'replay_recording' }, Buffer.from('{"segment_id":0}\n[{"type":4}]')]], target);
    await vedette.envelope([[{ type: 'transaction' }, transaction], [{ type: 'profile' }, { event_id: at.profile, version: '1', transaction: of, ...about }]], target);
    await vedette.envelope([[{ type: 'profile_chunk' }, { version: '2', profiler_id: at.profiler, chunk_id: eventId(), ...about }]], target);
    const found = (path, query = '') => until(async () => (await vedette.api(`${path}${query}`)).status === 200, { what: path });
    await found(`${O}replays/${at.replay}/`);
    await found(`${P}profiling/profiles/${at.profile}/`);
    await found(`${O}profiling/chunks/`, `?profiler_id=${at.profiler}`);
    at.file = (await vedette.api(`${P}events/${at.event}/attachments/`)).body[0].id;
  }

  /** Calls an operation and judges its answer, by the description of another method where `as` says so. */
  async function judged(method, path, { body, status = 200, query = '', as = method } = {}) {
    const answer = await vedette.api(`${path}${query}`, { method, body });
    const where = `${method} ${path}${query}`;
    assert.equal(answer.status, status, `${where}: ${JSON.stringify(answer.body)}`);
    if (api.documents(method, `/api/0${path}`)) {
      called.add(`${method} ${path}`);
      assert.deepEqual(api.problems(as, `/api/0${path}`, status, answer.body), [], where);
    }
    return answer.body;
  }

  const reading = [
    ['/organizations/'],
    [O],
    [`${O}projects/`],
    ['/projects/'],
    [P],
    [`${P}keys/`],
    [`${P}filters/`],
    [() => `${P}keys/${at.key}/`],
    [`${O}teams/`],
    [() => `/teams/vedette/${at.team}/`],
    [() => `/teams/vedette/${at.team}/projects/`],
    [`${O}members/`],
    [`${O}users/`],
    [`${P}members/`],
    [`${O}environments/`],
    [`${P}environments/`],
    [`${O}releases/`],
    [`${P}releases/`],
    [`${O}issues/`],
    [`${O}issues/`, '?query=region:eu&groupStatsPeriod=14d&expand=inbox&expand=owners'],
    [`${P}issues/`, '?query='],
    [() => `${O}issues/${at.issue}/`],
    [() => `${O}issues/${at.shortId}/`],
    [() => `${O}issues/${at.issue}/events/`],
    [() => `${O}issues/${at.issue}/events/`, '?full=true'],
    [() => `${O}issues/${at.issue}/events/latest/`],
    [() => `${O}issues/${at.issue}/events/oldest/`],
    [() => `${O}issues/${at.issue}/events/recommended/`],
    [() => `${O}issues/${at.issue}/events/${at.event}/`],
    [() => `${O}issues/${at.issue}/tags/`],
    [() => `${O}issues/${at.issue}/tags/region/`],
    [() => `${O}issues/${at.issue}/tags/region/values/`],
    [() => `${O}issues/${at.issue}/hashes/`],
    [`${P}events/`],
    [() => `${P}events/${at.event}/`],
    [`${O}tags/`],
    [`${P}tags/region/values/`],
    [() => `${O}eventids/${at.event}/`],
    [() => `${O}shortids/${at.shortId}/`],
    [() => `${P}events/${at.event}/attachments/`],
    [() => `${P}events/${at.event}/attachments/${at.file}/`],
    [`${P}user-feedback/`],
    [`${O}replays/`],
    [`${O}replays/`, '?query=!platform:java+count_errors:>=1&sort=-duration'],
    [() => `${O}replays/${at.replay}/`],
    [() => `${P}replays/${at.replay}/clicks/`],
    [() => `${P}replays/${at.replay}/recording-segments/`, '?download=true'],
    [() => `${P}replays/${at.replay}/recording-segments/0/`],
    [() => `${P}replays/${at.replay}/viewed-by/`],
    [`${O}replay-selectors/`],
    [() => `${O}trace/${at.trace}/`],
    [() => `${O}trace-meta/${at.trace}/`],
    [`${O}replay-count/`, '?query=issue.id:[1,2]'],
    [() => `${P}profiling/profiles/${at.profile}/`],
    [`${O}events-stats/`, '?yAxis=count()&interval=1h&statsPeriod=24h'],
    [`${O}releases/`, '?health=1'],
    [`${O}sessions/`, '?field=sum(session)&field=crash_free_rate(user)&groupBy=session.status&groupBy=release&interval=1d&statsPeriod=7d'],
    [`${O}events/`, '?dataset=logs&field=message&field=timestamp'],
    [`${O}stats_v2/`, '?groupBy=category&groupBy=outcome&field=sum(quantity)&statsPeriod=1d'],
    [`${O}stats-summary/`, '?field=sum(quantity)&statsPeriod=1d'],
    [`${P}stats/`, '?stat=received&resolution=1h'],
  ];
  for (const [path, query] of reading) {
    const name = typeof path === 'function' ? path.toString().replace(/^\(\) => `\$\{([OP])\}/, '$1 ') : path;
    test(`GET ${name}${query ?? ''}`, () => judged('GET', typeof path === 'function' ? path() : path, { query }));
  }

  test('a project is made, changed and deleted', async () => {
    await judged('POST', `/teams/vedette/${at.team}/projects/`, { body: { name: 'Made', platform: 'go' }, status: 201 });
    await judged('POST', `${O}projects/`, { body: { name: 'Another', platform: 'node' }, status: 201 });
    await judged('PUT', '/projects/vedette/made/', { body: { name: 'Remade' } });
    await judged('DELETE', '/projects/vedette/made/', { status: 204 });
  });

  test('a key is made, changed and deleted', async () => {
    const key = await judged('POST', `${P}keys/`, { body: { name: 'second', rateLimit: { window: 60, count: 100 } }, status: 201 });
    await judged('PUT', `${P}keys/${key.id}/`, { body: { name: 'renamed', isActive: false } });
    await judged('DELETE', `${P}keys/${key.id}/`, { status: 204 });
  });

  test('filters are switched', async () => {
    await judged('PUT', `${P}filters/localhost/`, { body: { active: true }, status: 204 });
    await judged('PUT', `${P}filters/legacy-browsers/`, { body: { subfilters: ['ie', 'safari'] }, status: 204 });
    await judged('GET', `${P}filters/`);
  });

  test('a monitor is made, read, changed and deleted', async () => {
    const config = { schedule_type: 'crontab', schedule: '@daily', timezone: 'Europe/Berlin', checkin_margin: 5 };
    const { slug } = await judged('POST', `${O}monitors/`, { body: { project: 'shop', name: 'Backup', config }, status: 201 });
    await judged('GET', `${O}monitors/`);
    for (const path of [`${O}monitors/${slug}/`, `${P}monitors/${slug}/`]) {
      await judged('GET', path);
      await judged('GET', `${path}checkins/`);
      const changed = await judged('PUT', path, { body: { status: 'disabled', config: { schedule_type: 'interval', schedule: [2, 'hour'] } } });
      assert.deepEqual([changed.status, changed.config.schedule, changed.config.checkin_margin], ['disabled', [2, 'hour'], 5]);
      await judged('DELETE', path, { status: 202 });
      await judged('POST', `${O}monitors/`, { body: { project: 'shop', name: 'Backup', config }, status: 201 });
    }
  });

  test('feedback is written, profiles are put together, a replay is deleted', async () => {
    await judged('POST', `${P}user-feedback/`, { body: { event_id: at.event, name: 'B', email: 'b@b.example', comments: 'again' } });
    await judged('GET', `${O}profiling/chunks/`, { query: `?profiler_id=${at.profiler}` });
    await judged('DELETE', `${P}replays/${at.replay}/`, { status: 204 });
  });

  test('issues are changed one by one and together', async () => {
    await judged('PUT', `${O}issues/${at.issue}/`, { body: { status: 'resolved', statusDetails: { inNextRelease: true } } });
    await judged('GET', `${O}issues/${at.issue}/`);
    await judged('GET', `${O}issues/`, { query: '?query=is:resolved' });
    await judged('PUT', `${O}issues/`, { query: `?id=${at.issue}`, body: { status: 'ignored', statusDetails: { ignoreCount: 10 } } });
    await judged('PUT', `${P}issues/`, { query: `?id=${at.issue}`, body: { status: 'unresolved' } });
    await judged('PUT', `${O}issues/${at.issue}/`, { body: { assignedTo: vedette.credentials.email, isBookmarked: true, priority: 'high' } });
    await judged('GET', `${O}issues/`, { query: '?query=assigned:me' });
  });

  // Changing it answers with what reading it does: the settings described there are of parts that come later.
  test('the organization is changed', () => judged('PUT', O, { body: { name: 'Vedette & Co' }, as: 'GET' }));

  test('issues are deleted', async () => {
    const doomed = async (name) => {
      const { id } = await vedette.store({ message: name, fingerprint: [name] });
      const answer = await until(async () => {
        const asked = await vedette.api(`${O}eventids/${id}/`);
        return asked.status === 200 && asked;
      });
      return answer.body.groupId;
    };
    await judged('DELETE', `${O}issues/${await doomed('one')}/`, { status: 202 });
    await judged('DELETE', `${O}issues/`, { query: `?id=${await doomed('two')}`, status: 204 });
    await judged('DELETE', `/projects/vedette/${vedette.credentials.project}/issues/`, { query: `?id=${await doomed('three')}`, status: 204 });
  });

  test('no operation that is described and served was left out', async () => {
    const served = (await vedette.vedette('routes')).trim().split('\n').map((line) => line.split(/\s+/));
    const matches = (route, path) => new RegExp(`^${route.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(`/api/0${path}`);
    const left = served
      .filter(([method, route]) => api.documents(method, route.replace(/\{([^}]+)\}/g, 'x')))
      .filter(([method, route]) => ![...called].some((call) => call.startsWith(`${method} `) && matches(route, call.slice(method.length + 1))))
      .map(([method, route]) => `${method} ${route}`);
    assert.deepEqual(left, []);
  });
});
