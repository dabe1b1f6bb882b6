// Replays and profiles.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { eventId } from '../../harness/instance.mjs';
import { shared } from '../shared.mjs';
import { packed } from './bodies.mjs';
import { like } from './expect.mjs';

const sample = (path) => JSON.parse(readFileSync(join(shared, 'data/ingest', path), 'utf8'));
const now = () => Date.now() / 1000;

const replayEvent = (replay_id, fields = {}) => ({
  type: 'replay_event',
  replay_id,
  segment_id: 0,
  timestamp: now(),
  replay_start_timestamp: now() - 10,
  urls: ['https://shop.example/'],
  error_ids: [],
  trace_ids: [],
  platform: 'javascript',
  replay_type: 'session',
  ...fields,
});

const RRWEB = [{ type: 4, timestamp: Date.now(), data: { href: 'https://shop.example/' } }];
const recording = (events = RRWEB, pack = (bytes) => bytes) =>
  Buffer.concat([Buffer.from('{"segment_id":0}\n'), pack(Buffer.from(JSON.stringify(events)))]);

async function send(c, replay_id, event, bytes, { project = c.main, headers } = {}) {
  const items = [[{ type: 'replay_event' }, event], ...(bytes ? [[{ type: 'replay_recording' }, bytes]] : [])];
  const answer = await c.envelope({ event_id: replay_id }, items, { project, headers });
  assert.equal(answer.status, 200, answer.text);
}

const untilReplay = (c, id, check) => c.untilApi(`replays/${id}/`, ({ data }) => check(data), { mayComeLater: true });
const untilSegments = (c, id, check) => c.untilApi(`replays/${id}/recording-segments/?download=true`, check, { project: c.main, mayComeLater: true });
const untilClicks = (c, id, check) => c.untilApi(`replays/${id}/clicks/`, ({ data }) => check(data), { project: c.main, mayComeLater: true });

/** An entry whose recording is stored as it was meant. */
const recorded = (id, words, pack) => [
  id,
  words,
  async (c) => {
    const replay = eventId();
    await send(c, replay, replayEvent(replay), recording(RRWEB, pack));
    await untilReplay(c, replay, (data) => like(data, { count_segments: 1 }));
    await untilSegments(c, replay, (segments) => assert.deepEqual(segments, [RRWEB]));
  },
];

/** An entry whose replays are all invalid: event and recording of each are counted. */
const invalid = (id, words, reason, ...events) => [
  id,
  words,
  async (c) => {
    const project = await c.project();
    for (const event of events) await send(c, eventId(), event, recording(), { project });
    await c.counted(project, [['replay', 'invalid', reason, 2 * events.length]]);
  },
];

const click = (fields = {}, node = {}) => ({
  type: 5,
  timestamp: Date.now(),
  data: {
    tag: 'breadcrumb',
    payload: {
      type: 'default',
      category: 'ui.click',
      timestamp: now(),
      message: 'body > button#buy.big.red',
      data: { node: { id: 217, tagName: 'button', attributes: { id: 'buy', class: 'big red' }, textContent: 'Buy', ...node }, nodeId: 217 },
      ...fields,
    },
  },
});
const slowClick = (clickCount) => {
  const event = click({ category: 'ui.slowClickDetected' });
  Object.assign(event.data.payload.data, { endReason: 'timeout', timeAfterClickMs: 7000, clickCount, url: 'https://shop.example/' });
  return event;
};

/** An entry for a segment of these events, and a check of its click rows. */
const clicks = (id, words, events, check) => [
  id,
  words,
  async (c) => {
    const replay = eventId();
    await send(c, replay, replayEvent(replay), recording(events, deflateSync));
    await untilClicks(c, replay, check);
  },
];

const replayEntries = [
  recorded(342, 'a replay and its recording, packed', deflateSync),
  recorded(343, 'a recording that is not packed', (bytes) => bytes),
  invalid(
    344,
    'replays that lack something',
    'invalid_replay',
    replayEvent(undefined),
    replayEvent(eventId(), { segment_id: undefined }),
    replayEvent(eventId(), { error_ids: ['x'] }),
  ),
  [
    345,
    'what a replay tells of its user',
    async (c) => {
      const replay = eventId();
      await send(c, replay, { ...sample('replays/replay.json'), ...replayEvent(replay), platform: 'python' }, recording());
      await untilReplay(c, replay, (data) =>
        like(data, {
          platform: 'python',
          user: { id: '123', username: 'user', email: 'user@site.com' },
          browser: { name: 'Safari' },
          device: { brand: 'Apple' },
        }),
      );
    },
  ],
  [
    346,
    '100 of 101 addresses',
    async (c) => {
      const replay = eventId();
      await send(c, replay, replayEvent(replay, { urls: Array.from({ length: 101 }, (_, at) => `https://shop.example/${at}`) }), recording());
      await untilReplay(c, replay, (data) => assert.equal(data.urls.length, 100));
    },
  ],
  [
    347,
    'a replay without user',
    async (c) => {
      const replay = eventId();
      await send(c, replay, { ...sample('replays/replay_missing_user.json'), ...replayEvent(replay) }, recording(), {
        headers: { 'x-forwarded-for': '127.0.0.1' },
      });
      await untilReplay(c, replay, (data) => like(data, { user: { ip: '127.0.0.1' } }));
    },
  ],
  [
    348,
    'a recording without its first line',
    async (c) => {
      const project = await c.project();
      const replay = eventId();
      await send(c, replay, replayEvent(replay), Buffer.from('no line end'), { project });
      await c.counted(project, [['replay', 'invalid', 'invalid_replay_recording', 2]]);
    },
  ],
  [
    349,
    'a video that is empty',
    async (c) => {
      const project = await c.project();
      const replay = eventId();
      const video = packed({
        replay_event: Buffer.from(JSON.stringify(replayEvent(replay))),
        replay_recording: recording(),
        replay_video: Buffer.alloc(0),
      });
      const answer = await c.envelope({ event_id: replay }, [[{ type: 'replay_video' }, video]], { project });
      assert.equal(answer.status, 200, answer.text);
      await c.countedOne(project, ['replay', 'invalid', 'invalid_replay_video', 1]);
    },
  ],
  clicks(351, 'a click', [click()], (rows) => {
    assert.equal(rows.length, 1);
    like(rows[0], { node_id: 217 });
  }),
  [
    352,
    'slow clicks: dead, and rage',
    async (c) => {
      for (const [count, expected] of [
        [2, { count_dead_clicks: 1, count_rage_clicks: 0 }],
        [5, { count_dead_clicks: 1, count_rage_clicks: 1 }],
      ]) {
        const replay = eventId();
        await send(c, replay, replayEvent(replay), recording([slowClick(count)], deflateSync));
        await untilReplay(c, replay, (data) => like(data, expected));
      }
    },
  ],
  clicks(
    353,
    '20 of 21 clicks of a segment',
    Array.from({ length: 21 }, () => click()),
    (rows) => assert.equal(rows.length, 20),
  ),
];

/** A transaction item and its id. */
function transaction() {
  const id = eventId();
  const end = now();
  return {
    id,
    item: [
      { type: 'transaction' },
      {
        event_id: id,
        type: 'transaction',
        transaction: 'test',
        platform: 'python',
        start_timestamp: end - 1,
        timestamp: end,
        contexts: { trace: { trace_id: eventId(), span_id: eventId().slice(0, 16), op: 'test' } },
      },
    ],
  };
}

const profile = (change = (each) => each) =>
  change({ ...sample('profiles/sample/roundtrip.json'), event_id: eventId(), timestamp: new Date().toISOString() });
const withSamples = (samples) => profile((each) => ({ ...each, profile: { ...each.profile, samples } }));

/** Sends profiles with a transaction; the project whose outcomes they are, and the transaction's id. */
async function sendProfiles(c, profiles, { withTransaction = true } = {}) {
  const project = await c.project();
  const { id, item } = transaction();
  const items = profiles.map((each) => [{ type: 'profile' }, each]);
  const answer = await c.envelope({ event_id: id }, withTransaction ? [item, ...items] : items, { project });
  assert.equal(answer.status, 200, answer.text);
  return { project, id };
}

/** An entry whose profile is dropped for the reason; its transaction is stored all the same. */
const profileDropped = (id, words, reason, make) => [
  id,
  words,
  async (c) => {
    const { project } = await sendProfiles(c, [make()]);
    await c.countedOne(project, ['profile', 'invalid', reason, 1]);
    await c.countedOne(project, ['transaction', 'accepted', '-', 1]);
  },
];

const at = (seconds, fields = {}) => ({ stack_id: 0, thread_id: '1', elapsed_since_start_ns: String(seconds * 1e9), ...fields });

const chunk = (c, payload) =>
  c.project().then(async (project) => {
    const answer = await c.envelope({}, [[{ type: 'profile_chunk', platform: 'python' }, payload]], { project });
    assert.equal(answer.status, 200, answer.text);
    return project;
  });

const profiles = [
  [
    354,
    'a profile with its transaction',
    async (c) => {
      const { project, id } = await sendProfiles(c, [profile()]);
      await c.countedOne(project, ['profile', 'accepted', '-', 1]);
      const event = await c.untilApi(`events/${id}/json/`, undefined, { project, mayComeLater: true });
      assert.match(event.contexts.profile.profile_id, /^[0-9a-f]{32}$/);
    },
  ],
  [
    355,
    'a profile without transaction: nothing at all',
    async (c) => {
      const { project } = await sendProfiles(c, [profile()], { withTransaction: false });
      await c.nothingCounted(project);
    },
  ],
  profileDropped(356, 'a profile of one sample', 'profiling_not_enough_samples', () => withSamples([at(0)])),
  [
    357,
    'one of two profiles',
    async (c) => {
      const { project } = await sendProfiles(c, [profile(), profile()]);
      await c.countedOne(project, ['profile', 'accepted', '-', 1]);
      await c.countedOne(project, ['profile', 'invalid', 'profiling_too_many_profiles', 1]);
    },
  ],
  profileDropped(358, 'a profile that is not JSON', 'profiling_invalid_json', () => Buffer.from('foobar')),
  profileDropped(359, 'a profile of 31 seconds', 'profiling_duration_is_too_long', () => withSamples([at(0), at(1), at(31)])),
  profileDropped(360, 'a profile whose samples have no stack', 'profiling_malformed_samples', () =>
    withSamples([at(0, { stack_id: 9999 }), at(1, { stack_id: 9999 })]),
  ),
  profileDropped(361, 'an Apple device without model', 'profiling_invalid_profile_metadata', () =>
    profile((each) => ({ ...each, platform: 'cocoa', device: { ...each.device, model: undefined } })),
  ),
  [
    362,
    'a chunk of a profile',
    async (c) => {
      const profiler_id = eventId();
      const time = now();
      const project = await chunk(c, {
        version: '2',
        profiler_id,
        chunk_id: eventId(),
        platform: 'python',
        release: 'a@1',
        client_sdk: { name: 'sentry.python', version: '2' },
        profile: {
          frames: [{ function: 'f', filename: 'a.py', lineno: 1 }],
          stacks: [[0]],
          thread_metadata: { 1: { name: 'main' } },
          samples: [0, 0.01].map((later) => ({ timestamp: time + later, stack_id: 0, thread_id: '1' })),
        },
      });
      const range = `start=${new Date(1000 * time - 60000).toISOString()}&end=${new Date(1000 * time + 60000).toISOString()}`;
      const path = `profiling/chunks/?project=${project.id}&profiler_id=${profiler_id}&${range}`;
      const expected = { chunk: { profiler_id, profile: { frames: [{ function: 'f' }] } } };
      await c.untilApi(path, (answer) => like(answer, expected), { mayComeLater: true });
    },
  ],
  [
    363,
    'a chunk of nothing',
    async (c) => {
      await c.countedOne(await chunk(c, Buffer.alloc(0)), ['profile_chunk', 'invalid', 'profiling_invalid_json', 1]);
    },
  ],
];

export const replays = [...replayEntries, ...profiles];
