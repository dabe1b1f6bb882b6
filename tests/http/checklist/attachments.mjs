// Attachments: of events, alone, limited, uploaded in pieces.
import assert from 'node:assert/strict';
import { eventId } from '../../harness/instance.mjs';
import { form } from './bodies.mjs';
import { ANY } from './expect.mjs';

/** Posts a form whose parts become attachments of an event. */
const attach = (c, id, parts, project = c.main) => {
  const { headers, body } = form(parts);
  return c.ask(`/api/${project.id}/events/${id}/attachments/`, { headers: { ...c.auth(project), ...headers }, body });
};

const file = (name, bytes) => ({ name, filename: name, bytes });

/** The event's attachments as the web API lists them, once they are as expected: [name, size, type] each. */
const listed = (c, id, expected, project = c.main) =>
  c.untilApi(
    `events/${id}/attachments/`,
    (list) => {
      assert.deepEqual(list.map(({ name, size, type }) => [name, size, type]).sort(), [...expected].sort());
      return list;
    },
    { project },
  );

const sendEvent = async (c, id, items = [], project = c.main) => {
  const answer = await c.envelope({ event_id: id }, [[{ type: 'event' }, { message: 'with attachments' }], ...items], { project });
  assert.equal(answer.status, 200, answer.text);
};

const text = (filename, size = 4, rest = {}) => [{ type: 'attachment', filename, ...rest }, Buffer.alloc(size, 'a')];

export const attachments = [
  [
    82,
    'three attachments for an event: 201',
    async (c) => {
      const id = eventId();
      await sendEvent(c, id);
      const answer = await attach(c, id, [
        file('foo.txt', Buffer.alloc(200_000, 'f')),
        file('bar.txt', Buffer.from('hello')),
        file('foobar.txt', Buffer.alloc(0)),
      ]);
      assert.equal(answer.status, 201, answer.text);
      await listed(c, id, [
        ['foo.txt', 200_000, 'event.attachment'],
        ['bar.txt', 5, 'event.attachment'],
        ['foobar.txt', 0, 'event.attachment'],
      ]);
    },
  ],
  [
    83,
    'an event id that is none: 400',
    async (c) => {
      assert.equal((await attach(c, '123abc', [file('foo.txt', Buffer.from('x'))])).status, 400);
    },
  ],
  [
    87,
    'an event with an attachment: both, linked',
    async (c) => {
      const id = eventId();
      await sendEvent(c, id, [text('a.txt')]);
      await c.stored(id);
      await listed(c, id, [['a.txt', 4, 'event.attachment']]);
    },
  ],
  [
    88,
    'an attachment before its event: linked later',
    async (c) => {
      const id = eventId();
      assert.equal((await c.envelope({ event_id: id }, [text('early.txt')])).status, 200);
      await sendEvent(c, id);
      await c.stored(id);
      await listed(c, id, [['early.txt', 4, 'event.attachment']]);
    },
  ],
  [
    90,
    'an attachment goes with the event that is over its limit',
    async (c) => {
      const project = await c.withNewKey(await c.project(), { rateLimit: { count: 1, window: 3600 } });
      await sendEvent(c, eventId(), [], project);
      const id = eventId();
      const answer = await c.envelope({ event_id: id }, [[{ type: 'event' }, { message: 'too much' }], text('a.txt', 30)], { project });
      assert.equal(answer.status, 429, answer.text);
      await c.counted(project, [
        ['error', 'accepted', '-', 1],
        ['error', 'rate_limited', 'key_quota', 1],
        ['attachment', 'rate_limited', 'key_quota', 30],
        ['attachment_item', 'rate_limited', 'key_quota', 1],
      ]);
      await c.notStored(id);
    },
  ],
  [
    91,
    'a view hierarchy keeps its type',
    async (c) => {
      const id = eventId();
      const json = Buffer.from('{"rendering_system":"compose","windows":[]}');
      await sendEvent(c, id, [
        [{ type: 'attachment', filename: 'view.json', attachment_type: 'event.view_hierarchy', content_type: 'application/json' }, json],
      ]);
      await c.stored(id);
      await listed(c, id, [['view.json', json.length, 'event.view_hierarchy']]);
    },
  ],
  [
    92,
    'an empty attachment counts as one',
    async (c) => {
      const project = await c.project();
      const id = eventId();
      await sendEvent(c, id, [text('empty.txt', 0)], project);
      await c.countedOne(project, ['attachment', 'accepted', '-', 1]);
    },
  ],
  [
    95,
    'an upload without Tus-Resumable: 412',
    async (c) => {
      const answer = await c.ask(c.path('upload'), { headers: { ...c.auth(), 'upload-length': '4' } });
      assert.deepEqual([answer.status, answer.headers['tus-version']], [412, '1.0.0']);
    },
  ],
  [
    96,
    'an attachment uploaded before its item',
    async (c) => {
      const id = eventId();
      const uploaded = await upload(c, Buffer.from('data'));
      await sendEvent(c, id, [reference(uploaded, 4)]);
      await c.stored(id);
      await listed(c, id, [['big.txt', 4, 'event.attachment']]);
    },
  ],
  [
    97,
    'a reference whose signature was altered',
    async (c) => {
      const project = await c.project();
      const uploaded = await upload(c, Buffer.from('data'), project);
      await sendEvent(c, eventId(), [reference(uploaded.replace(/signature=./, 'signature=!'), 4)], project);
      await c.countedOne(project, ['attachment', 'invalid', 'invalid_placeholder_attachment', ANY]);
    },
  ],
];

const TUS = { 'tus-resumable': '1.0.0' };

/** Uploads bytes in the two steps of TUS; where they are. */
async function upload(c, bytes, project = c.main) {
  const made = await c.ask(c.path('upload', project), { headers: { ...c.auth(project), ...TUS, 'upload-length': String(bytes.length) } });
  assert.equal(made.status, 201, made.text);
  const sent = await c.ask(`${made.headers.location}&sentry_key=${project.key}`, {
    method: 'PATCH',
    headers: { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: bytes,
  });
  assert.equal(sent.status, 204, sent.text);
  return made.headers.location;
}

const reference = (location, size) => [
  { type: 'attachment', filename: 'big.txt', content_type: 'application/vnd.sentry.attachment-ref', attachment_length: size },
  { location, content_type: 'text/plain' },
];
