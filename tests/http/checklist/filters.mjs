// Inbound filters.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventId } from '../../harness/instance.mjs';
import { shared } from '../shared.mjs';

const CHROME_FRAME = { function: 'f', abs_path: 'chrome-extension://x/script.js' };
const error = (value, rest = {}) => ({ exception: { values: [{ type: 'Error', value, ...rest }] } });
const agent = (name) => ({ platform: 'javascript', request: { headers: { 'User-Agent': name } } });
const IE = (version) =>
  agent(
    version < 11
      ? `Mozilla/5.0 (compatible; MSIE ${version}.0; Windows NT 6.1; Trident/5.0)`
      : 'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko',
  );
const options = (values) => ({ settings: { options: values } });
const on = (filter, body = { active: true }) => ({ filters: { [filter]: body } });
const from = (address) => ({ headers: { 'x-forwarded-for': address } });

/** What a transaction counts as: it is a span, too. */
const TRANSACTION = ['transaction', 'transaction_indexed', 'span', 'span_indexed'];

/** A transaction of this name, as an item. */
function transaction(name) {
  const end = Date.now() / 1000;
  return {
    type: 'transaction',
    transaction: name,
    start_timestamp: end - 1,
    timestamp: end,
    contexts: { trace: { trace_id: eventId(), span_id: eventId().slice(0, 16), op: 'test' } },
  };
}

/** Sends each event, [event, how] or an event alone, as what it says it is. */
async function send(c, project, sent) {
  for (const each of sent) {
    const [event, { headers } = {}] = Array.isArray(each) ? each : [each];
    const answer = await c.envelope({ event_id: eventId() }, [[{ type: event.type ?? 'event' }, event]], { project, headers });
    assert.equal(answer.status, 200, answer.text);
  }
}

/**
 * An entry for a project with settings: what must be filtered with the reason, and what must be kept.  Both are counted
 * in the end, under each of the categories, and nothing else is.
 */
const filter = (id, words, reason, made, { drop = [], keep = [], categories = ['error'] }) => [
  id,
  words,
  async (c) => {
    const project = await c.project(made);
    await send(c, project, [...drop, ...keep]);
    const rows = categories.flatMap((category) => [
      [category, 'filtered', reason, drop.length],
      [category, 'accepted', '-', keep.length],
    ]);
    await c.counted(
      project,
      rows.filter(([, , , quantity]) => quantity > 0),
    );
  },
];

const EXTENSION = 'Extension context invalidated';
const extensions = on('browser-extensions');
const csp = (blocked) =>
  JSON.stringify({
    'csp-report': {
      'document-uri': 'https://example.com/',
      'violated-directive': 'script-src',
      'effective-directive': 'script-src',
      'blocked-uri': blocked,
    },
  });

export const filters = [
  filter(245, 'a release', 'release-version', options({ 'filters:releases': '1*' }), {
    drop: [{ message: 'x', release: '1.2.3' }],
    keep: [{ message: 'x', release: '2.0' }],
  }),
  filter(246, "a browser extension's words", 'browser-extensions', extensions, { drop: [error(EXTENSION)], keep: [error('ordinary')] }),
  filter(247, "a browser extension's frame below an anonymous one", 'browser-extensions', extensions, {
    drop: [error('x', { stacktrace: { frames: [CHROME_FRAME, { function: 'g', abs_path: '<anonymous>' }] } })],
  }),
  filter(248, "a browser extension's words in the second exception", 'browser-extensions', extensions, {
    keep: [
      {
        exception: {
          values: [
            { type: 'E', value: 'first' },
            { type: 'E', value: EXTENSION },
          ],
        },
      },
    ],
    drop: [error(EXTENSION)],
  }),
  filter(249, 'crawlers', 'web-crawlers', on('web-crawlers'), {
    drop: [agent('BingBot')],
    keep: [agent('Slackbot 1.0 (+https://api.slack.com/robots)')],
  }),
  filter(250, 'crawlers that are welcome', 'web-crawlers', on('web-crawlers'), {
    drop: [agent('BingBot')],
    keep: [agent('ChatGPT-User/1.0'), agent('SentryUptimeBot/1.0')],
  }),
  filter(251, 'type and value of an exception', 'error-message', options({ 'filters:error_messages': 'Panic: originalCreateNotification' }), {
    drop: [{ exception: [{ type: 'Panic', value: 'originalCreateNotification' }] }],
    keep: [error('originalCreateNotification')],
  }),
  filter(252, 'a pattern in any case', 'error-message', options({ 'filters:error_messages': '*warning*' }), {
    drop: [{ message: 'WARNING: x' }],
    keep: [{ message: 'fine' }],
  }),
  filter(253, 'names of transactions', 'filtered-transaction', options({ 'filters:transactions': 'health*' }), {
    categories: TRANSACTION,
    drop: [transaction('health-check-1'), transaction('/healthz')],
    keep: [transaction('/health-check-1')],
  }),
  filter(
    254,
    'a health check, by default',
    'filtered-transaction',
    {},
    { categories: TRANSACTION, drop: [transaction('/healthz')], keep: [transaction('/shop')] },
  ),
  filter(255, 'addresses', 'ip-address', options({ 'filters:blacklisted_ips': '127.43.41.0/24' }), {
    drop: [[{ message: 'x' }, from('127.43.41.31')]],
    keep: [[{ message: 'x' }, from('127.43.42.1')]],
  }),
  filter(256, 'developers at home', 'localhost', on('localhost'), {
    drop: [{ user: { ip_address: '127.0.0.1' } }, { request: { url: 'http://foo.localhost/' } }, { request: { url: 'file:///x' } }],
    keep: [{ message: 'x' }],
  }),
  filter(257, 'a host that only ends alike', 'localhost', on('localhost'), {
    drop: [{ request: { url: 'http://localhost/' } }],
    keep: [{ request: { url: 'http://notlocalhost/' } }],
  }),
  filter(258, 'Internet Explorer', 'legacy-browsers', on('legacy-browsers', { subfilters: ['ie'] }), { drop: [IE(11)] }),
  filter(259, 'legacy browsers by default', 'legacy-browsers', on('legacy-browsers'), { drop: [IE(9)], keep: [IE(11)] }),
  [
    260,
    'a report that an extension caused',
    async (c) => {
      const project = await c.project();
      const answer = await c.ask(`${c.path('security', project)}?sentry_key=${project.key}`, {
        headers: { 'content-type': 'application/csp-report' },
        body: csp('chrome-extension://x'),
      });
      assert.equal(answer.status, 200, answer.text);
      await c.counted(project, [['security', 'filtered', 'invalid-csp', 1]]);
    },
  ],
  filter(
    261,
    'a condition of the project',
    'old-releases',
    options({
      'filters:generic': [
        { id: 'old-releases', isEnabled: true, condition: { op: 'glob', name: 'event.release', value: ['1.*'] } },
        { id: 'off', isEnabled: false, condition: { op: 'eq', name: 'event.release', value: '2.0' } },
      ],
    }),
    { drop: [{ message: 'x', release: '1.2' }], keep: [{ message: 'x', release: '2.0' }] },
  ),
  [
    262,
    'the profile of a filtered transaction',
    async (c) => {
      const project = await c.project();
      const event = transaction('/healthz');
      const profile = { ...JSON.parse(readFileSync(join(shared, 'data/ingest/profiles/sample/roundtrip.json'), 'utf8')), event_id: eventId() };
      const answer = await c.envelope(
        { event_id: eventId() },
        [
          [{ type: 'transaction' }, event],
          [{ type: 'profile' }, profile],
        ],
        { project },
      );
      assert.equal(answer.status, 200, answer.text);
      await c.counted(
        project,
        [...TRANSACTION, 'profile', 'profile_indexed'].map((category) => [category, 'filtered', 'filtered-transaction', 1]),
      );
    },
  ],
  [
    263,
    'the replay of a crawler',
    async (c) => {
      const project = await c.project(on('web-crawlers'));
      const id = eventId();
      const time = Date.now() / 1000;
      const replay = {
        type: 'replay_event',
        replay_id: id,
        segment_id: 0,
        timestamp: time,
        replay_start_timestamp: time - 5,
        urls: [],
        error_ids: [],
        trace_ids: [],
        ...agent('BingBot'),
      };
      const items = [
        [{ type: 'replay_event' }, replay],
        [{ type: 'replay_recording' }, Buffer.from('{"segment_id":0}\n[]')],
      ];
      const answer = await c.envelope({ event_id: id }, items, { project });
      assert.equal(answer.status, 200, answer.text);
      await c.counted(project, [['replay', 'filtered', 'web-crawlers', 2]]);
    },
  ],
];
