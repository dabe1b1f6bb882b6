// Relay's own cases of scrubbing, through the whole server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shared } from '../shared.mjs';
import { eventId } from '../../harness/instance.mjs';
import { like } from './expect.mjs';

const casesOf = (name) => JSON.parse(readFileSync(join(shared, `data/ingest/pii/${name}.json`), 'utf8')).cases;

const selectorCases = () => JSON.parse(readFileSync(join(shared, 'data/ingest/pii/relay22_selector_cases.json'), 'utf8'));

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
