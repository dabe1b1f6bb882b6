// Relay's own cases of scrubbing, through the whole server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../shared.mjs';
import { checkout, eventId } from '../../harness/instance.mjs';
import { like } from './expect.mjs';
import { storedTransaction, transactionWith } from './scrubbing.mjs';
import { readYaml } from './yaml.mjs';

const readShared = (path) => readFileSync(join(shared, 'data/ingest', path), 'utf8');
const casesOf = (name) => JSON.parse(readShared(`pii/${name}.json`)).cases;

/** What follows the heading of a snapshot. */
const snapshot = (path) => readShared(`pii/${path}.snap`).split('\n---\n').slice(1).join('\n---\n');

const selectorCases = () => JSON.parse(readShared('pii/relay22_selector_cases.json'));

/** Where the rules are others than in 2022: an object under the name of a secret goes as a whole. */
const TODAY = { test_contexts: { 'contexts.secret': null } };

const isScalar = (value) => value === null || typeof value !== 'object';

const isPairs = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string');
const membersOf = (value) => (isPairs(value) ? value : Object.entries(value));

/** [path, scalar] of everything that an event says. */
const leaves = (value, path = []) =>
  isScalar(value) ? [[path, value]] : membersOf(value).flatMap(([key, member]) => leaves(member, [...path, key]));

/** The value at a path; lists of pairs are objects whose keys may be written in another case. */
function at(value, path) {
  for (const key of path) {
    if (isScalar(value)) return undefined;
    value = isPairs(value) ? value.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] : value[key];
  }
  return value;
}

/** What a case expects at a path, as the rules are today. */
function wanted({ name, expected }, path) {
  const text = path.join('.');
  const gone = Object.keys(TODAY[name] ?? {}).some((place) => text === place || text.startsWith(`${place}.`));
  return gone ? undefined : (at(expected, path) ?? undefined);
}

const isGone = (value) => value === undefined || value === null;

/**
 * Compares what scrubbing made of an event with what it would be without, member by member of what was sent; how many
 * could be compared, because normalisation left them as they were.
 */
function compare(each, plain, scrubbed) {
  let compared = 0;
  for (const [path, sent] of leaves(each.input)) {
    if (at(plain, path) !== sent) continue;
    compared++;
    const [want, got] = [wanted(each, path), at(scrubbed, path)];
    if (isGone(want)) assert.ok(isGone(got), `${each.name}: ${path.join('.')} is ${JSON.stringify(got)}`);
    else assert.equal(got, want, `${each.name}: ${path.join('.')}`);
  }
  return compared;
}

const settingsOf = ({ settings }) => ({
  dataScrubber: settings.scrub_data,
  dataScrubberDefaults: settings.scrub_defaults,
  scrubIPAddresses: settings.scrub_ip_addresses,
  sensitiveFields: settings.sensitive_fields,
  safeFields: settings.exclude_fields,
});

/** Of how many cases something can be compared: normalisation rewrites the rest. */
const COMPARABLE = 49;

const UNSCRUBBED = { dataScrubber: false, dataScrubberDefaults: false, scrubIPAddresses: false };

/** The rules of the second kind of case are made from their name: "@ip:replace" is {type: ip, redaction: replace}. */
function customRule(name) {
  const [type, method] = name.slice(1).split(':');
  return { type, ...(method ? { redaction: { method } } : {}) };
}

const encodings = { latin1: 'latin1', 'utf-16le': 'utf16le' };

/** An attachment of a project whose rule is the case's, as it can be downloaded again. */
async function attached(c, { filename, encoding, selector, rule, input }) {
  const project = await c.project({ settings: { ...UNSCRUBBED, relayPiiConfig: JSON.stringify({ applications: { [selector]: [rule] } }) } });
  const id = eventId();
  const items = [
    [{ type: 'event' }, { message: 'x' }],
    [{ type: 'attachment', filename }, Buffer.from(input, encodings[encoding])],
  ];
  assert.equal((await c.envelope({ event_id: id }, items, { project })).status, 200);
  await c.stored(id);
  const [{ id: attachment }] = await c.untilApi(`events/${id}/attachments/`, (list) => assert.equal(list.length, 1), { project });
  const path = `/api/0/projects/vedette/${project.slug}/events/${id}/attachments/${attachment}/?download=1`;
  const answer = await c.ask(path, { method: 'GET', headers: { authorization: `Bearer ${c.vedette.credentials.token}` } });
  return answer.bytes.toString(encodings[encoding]);
}

// ---- what simple settings stand for

const COOKIES = [
  ...['sentrysid', 'sudo', 'su', 'session', '__session', 'sessionid', 'user_session', 'symfony', 'phpsessid', 'fasthttpsessionid'],
  ...['mysession', 'irissessionid', 'csrf', 'xsrf', '_xsrf', '_csrf', 'csrf-token', 'csrf_token', 'xsrf-token', 'xsrf_token'],
  ...['fastcsrf', '_iris_csrf'],
];
const EVERYTHING =
  '($string || $number || $array || $object) && !(debug_meta.** || $frame.filename || $frame.abs_path || ' +
  '$logentry.formatted || $error.value || $request.headers.user-agent)';

/** A selector of 2022 as it would be generated today. */
const selectorToday = (selector) =>
  selector
    .replace('$array)', '$array || $object)')
    .replace('$error.value)', '$error.value || $request.headers.user-agent)')
    .replace('$http.env.', '$request.env.')
    .replace('$sdk.client_ip', "$sdk.client_ip || $span.sentry_tags.'user.ip'")
    .replace("!'http.request.url'", '!http.request.url');

/** The configuration that a case expects, with what has changed since 2022 (ingest.md 4.1). */
function configToday({ settings, expected }) {
  const rulesToday = (rules) => rules.flatMap((rule) => (rule === '@common:filter' ? [rule, '@ip:replace'] : [rule]));
  const applications = Object.entries(expected.applications).map(([selector, rules]) => [selectorToday(selector), rulesToday(rules)]);
  const more =
    settings.scrub_data && settings.scrub_defaults
      ? [
          [COOKIES.map((name) => `*.cookies.${name}`).join(' || '), ['@anything:filter']],
          ['$logentry.formatted', ['@bearer']],
        ]
      : [[EVERYTHING, ['@ip:replace']]];
  return { ...expected, applications: Object.fromEntries([...applications, ...more]) };
}

const CARD = '4571234567890111';
const NUMBER = '123-45-6789';
const FROM = 'from 1.2.3.4';

/** An event with something for every selector and every rule of the cases. */
const probe = () => ({
  timestamp: Math.floor(Date.now() / 1000) - 600,
  logentry: { message: 'template', formatted: `Bearer abc, ${CARD}, ${FROM}, fieldy_field` },
  user: { id: '7', ip_address: '1.2.3.4', data: { fieldy_field: 'x', note: NUMBER } },
  request: {
    url: 'https://example.com/page',
    headers: [
      ['Authorization', 'x'],
      ['User-Agent', `auth-bot ${FROM}`],
      ['X-Note', CARD],
    ],
    cookies: { sessionid: 'x', CSRF: 'y', other: 'z' },
    env: { REMOTE_ADDR: '1.2.3.4', SERVER_NAME: 'secret' },
    data: { moar_other_field: [1, 2], fine: 'fine' },
  },
  sdk: { name: 'probe', version: '1', client_ip: '1.2.3.4' },
  exception: [
    {
      type: 'E',
      value: `${CARD} ${FROM}`,
      stacktrace: {
        frames: [{ filename: '/secret/a.py', abs_path: '/password/a.py', function: 'token', vars: { foobar: NUMBER, password: 'x', count: 5 } }],
      },
    },
  ],
  breadcrumbs: [{ timestamp: Math.floor(Date.now() / 1000) - 700, message: `${CARD} ${FROM}`, data: { password: 'x', url: NUMBER } }],
  extra: {
    ...Object.fromEntries(['foobar', 'url', 'message', 'http.request.url', '*url*', '*message*', '*http.request.url*'].map((key) => [key, NUMBER])),
    http: { request: { url: NUMBER } },
    fieldy_field: 'x',
    moar_other_field: 3,
    text: 'a fieldy_field is in it',
    password: { deep: { x: 1 } },
    api_key: [1, 2],
    a_password_number: 42,
    place: FROM,
    fine: 'fine',
  },
  contexts: { secret: { a: 1 }, device: { name: 'my secret phone' } },
  tags: { server_name: 'secret', card: CARD },
  debug_meta: { images: [{ type: 'symbolic', debug_id: '971f98e5-ce60-41ff-b2d7-235bbeb34578', code_file: '/secret/lib', image_addr: '0x0' }] },
});

/** What settings do to an event and to a transaction, without what differs from one project and request to the next. */
async function scrubbedProbe(c, settings) {
  const project = await c.project({ settings });
  const span = transactionWith({ password: 'x', note: NUMBER });
  const stored = [await c.normalized(probe(), { project }), await storedTransaction(c, project, span)];
  const { data, sentry_tags: tags } = stored[1].spans[0];
  const { event_id: _id, project: _project, key_id: _key, received: _received, timestamp: _timestamp, breadcrumbs, ...rest } = stored[0];
  const crumbs = breadcrumbs.values.map(({ timestamp: _at, ...crumb }) => crumb);
  // Custom rules of a project are named after where they stand.
  return JSON.parse(JSON.stringify({ rest, crumbs, data, tags }).replaceAll('"project:', '"'));
}

// ---- redactions, as remarks tell them

/** [path, remarks] of what rules have changed, of which trimming is none. */
const remarksOf = (meta, path = []) =>
  Object.entries(meta ?? {}).flatMap(([key, member]) => {
    if (key !== '') return remarksOf(member, [...path, key]);
    const remarks = (member?.rem ?? []).map((rem) => rem.map((part) => String(part).replace(/^project:/, '')));
    return remarks.length > 0 && !remarks[0][0].startsWith('!') ? [[path, remarks]] : [];
  });

/**
 * {path: remarks and what the value became} of an event.  Tags go by their names, because the server puts others between
 * them, and one that is empty is no tag.
 */
function redactions({ _meta: meta, ...event }) {
  const valueAt = (path) => String(path.reduce((value, key) => value?.[key], event) ?? null);
  const nameOf = ([head, index, ...rest]) => (head === 'tags' ? ['tags', event.tags[index][0], ...rest] : [head, index, ...rest]).join('.');
  const all = remarksOf(meta).map(([path, remarks]) => [nameOf(path), [remarks, valueAt(path)]]);
  return Object.fromEntries(all.filter(([name, [, value]]) => !name.startsWith('tags.') || value !== 'null'));
}

export const scrubbingCases = [
  [
    221,
    'the cases of simple settings',
    async (c) => {
      const cases = casesOf('relay22_datascrubbing_cases').filter(({ kind }) => kind === 'scrub');
      const off = await c.project({ settings: UNSCRUBBED });
      const projects = new Map();
      for (const each of cases) {
        const key = JSON.stringify(each.settings);
        if (!projects.has(key)) projects.set(key, await c.project({ settings: settingsOf(each) }));
      }
      const compared = await Promise.all(
        cases.map(async (each) => {
          const on = projects.get(JSON.stringify(each.settings));
          const [plain, scrubbed] = await Promise.all([off, on].map((project) => c.normalized(each.input, { project })));
          return compare(each, plain, scrubbed);
        }),
      );
      assert.ok(compared.filter((count) => count > 0).length >= COMPARABLE, `${compared}`);
    },
  ],
  [
    222,
    'simple settings do what the configuration does that they stand for',
    async (c) => {
      const cases = casesOf('relay22_datascrubbing_cases').filter(({ kind }) => kind === 'config_conversion');
      assert.equal(cases.length, 6);
      const plain = await scrubbedProbe(c, UNSCRUBBED);
      for (const each of cases) {
        const simple = await scrubbedProbe(c, settingsOf(each));
        const advanced = await scrubbedProbe(c, { ...UNSCRUBBED, relayPiiConfig: JSON.stringify(configToday(each)) });
        assert.deepEqual(simple, advanced, each.name);
        assert.notDeepEqual(simple, plain, each.name);
      }
    },
  ],
  [
    224,
    'the cases of the processor: eleven of seventeen, of the others nothing is known',
    async (c) => {
      const cases = JSON.parse(readFileSync(join(checkout, 'tests/fixtures/scrub_processor_cases.json'), 'utf8'));
      const off = await c.project({ settings: UNSCRUBBED });
      await Promise.all(
        cases.map(async ({ name, config, event }) => {
          const expected = JSON.parse(snapshot(`snapshots/relay_general__pii__processor__tests__${name}`));
          const project = await c.project({ settings: { ...UNSCRUBBED, relayPiiConfig: JSON.stringify(config) } });
          const [plain, scrubbed] = await Promise.all([off, project].map((of) => c.normalized(event, { project: of })));
          assert.ok(compare({ name, input: event, expected }, plain, scrubbed) > 0, name);
          const found = new Map(remarksOf(scrubbed._meta).map(([path, remarks]) => [path.join('.'), remarks]));
          // A header of cookies is no header any more when it is stored: the places of the others differ.
          const wantedRemarks = remarksOf(expected._meta).filter(([path]) => path[1] !== 'headers');
          for (const [path, remarks] of wantedRemarks) assert.deepEqual(found.get(path.join('.')), remarks, `${name}: ${path.join('.')}`);
        }),
      );
    },
  ],
  [
    223,
    'the cases of built-in rules, a member of extra each',
    async (c) => {
      const cases = casesOf('relay22_builtin_rules');
      const name = (index) => `case${index}`;
      const custom = cases.map(({ kind }) => kind === 'custom');
      const rules = Object.fromEntries(cases.map(({ rule }, index) => [name(index), customRule(rule)]).filter((_, index) => custom[index]));
      const applications = Object.fromEntries(cases.map(({ rule }, index) => [`extra.${name(index)}`, [custom[index] ? name(index) : rule]]));
      const project = await c.project({ settings: { ...UNSCRUBBED, relayPiiConfig: JSON.stringify({ rules, applications }) } });
      const event = await c.normalized({ extra: Object.fromEntries(cases.map(({ input }, index) => [name(index), input])) }, { project });
      for (const [index, { rule, output, remarks }] of cases.entries()) {
        assert.equal(event.extra[name(index)] ?? '', output ?? '', `${rule}: ${cases[index].input}`);
        const rem = remarks.map(({ type, range }) => [custom[index] ? `project:${name(index)}` : rule, type, ...(range ?? [])]);
        if (rem.length) like(event._meta.extra[name(index)][''].rem, rem, `${rule}: ${cases[index].input}`);
      }
    },
  ],
  [
    225,
    'the cases of attachments',
    async (c) => {
      const cases = casesOf('relay22_attachment_cases').filter(({ encoding }) => encodings[encoding]);
      assert.equal(cases.length, 13);
      await Promise.all(cases.map(async (each) => assert.equal(await attached(c, each), each.output, `${each.test}, ${each.encoding}`)));
      const bytes = Buffer.from(Array.from({ length: 255 }, (_, byte) => byte)).toString('latin1');
      assert.equal(
        await attached(c, { filename: 'foo.txt', encoding: 'latin1', selector: '$binary', rule: '@anything:remove', input: bytes }),
        '*'.repeat(255),
      );
    },
  ],
  [
    228,
    'whole events of eleven SDKs, against the snapshots of what is left of them',
    async (c) => {
      const { pii_config: config } = JSON.parse(readShared('pii/event_snapshots/pii_config.json'));
      const project = await c.project({ settings: { ...UNSCRUBBED, relayPiiConfig: JSON.stringify(config) } });
      const names = [
        ...['android', 'cocoa', 'cordova', 'dotnet', 'legacy_node_exception', 'legacy_python'],
        ...['unity_android', 'unity_ios', 'unity_linux', 'unity_macos', 'unity_windows'],
      ];
      await Promise.all(
        names.map(async (name) => {
          const text = readShared(`events/${name}.json`);
          const event = JSON.parse(text);
          // In the snapshots nobody knew an address that was not asked for.
          if (!text.includes('{{auto}}')) event.sdk = { ...event.sdk, settings: { infer_ip: 'never' } };
          const stored = await c.normalized(event, { project, headers: { 'x-forwarded-for': '203.0.113.7' } });
          const expected = redactions(readYaml(snapshot(`event_snapshots/test_fixtures__${name}__pii_stripping`)));
          assert.ok(Object.keys(expected).length > 0, name);
          assert.deepEqual(redactions(stored), expected, name);
        }),
      );
    },
  ],
  [
    226,
    'selectors that are read, and the two that are refused',
    async (c) => {
      const { roundtrip, invalid } = selectorCases();
      const project = await c.project();
      const put = (selector) =>
        c.api('', { project, method: 'PUT', body: { relayPiiConfig: JSON.stringify({ applications: { [selector]: ['@ip'] } }) } });
      for (const selector of roundtrip) {
        await put(selector);
        const { body } = await c.api('', { project });
        assert.deepEqual(Object.keys(JSON.parse(body.relayPiiConfig).applications), [selector]);
      }
      for (const { selector, error } of invalid) {
        const answer = await put(selector);
        assert.equal(answer.status, 400, selector);
        assert.ok(JSON.stringify(answer.body).includes(error), JSON.stringify(answer.body));
      }
    },
  ],
  [
    227,
    'selectors suggested for an event',
    async (c) => {
      const { suggestions_input: input, suggestions_expected: expected } = selectorCases();
      const project = await c.project({ settings: UNSCRUBBED });
      const event_id = eventId();
      assert.equal((await c.store({ event_id, ...input }, { project })).status, 200);
      await c.stored(event_id);
      await c.untilApi(`data-scrubbing-selector-suggestions/?eventId=${event_id}&project=${project.id}`, ({ suggestions }) => {
        const found = suggestions.flatMap(({ value, examples }) =>
          (examples.length > 0 ? examples : [null]).map((example) => [value.replace('$request', '$http'), example]),
        );
        assert.deepEqual(
          found.filter(([value]) => expected.some(([name]) => name === value)),
          expected,
        );
      });
    },
  ],
];
