// Envelope framing and items.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { envelopeBytes, eventId } from '../../harness/instance.mjs';
import { ANY, like, matches } from './expect.mjs';

const MIB = 1024 * 1024;
const head = (id = eventId()) => JSON.stringify({ event_id: id });

function answersId(answer, id) {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json, { id });
}

/** An entry that sends bytes which cannot be split. */
const broken = (id, words, body, cause) => [
  id,
  `${words}: 400`,
  async (c) => {
    const answer = await c.envelope(body);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.detail, 'invalid event envelope');
    if (cause) assert.match(answer.json.causes.join(), cause);
  },
];

/** Sends the bytes that `make` gives for an id; the event's message must be what was sent. */
async function arrives(c, make, message = 'a') {
  const id = eventId();
  answersId(await c.envelope(make(id)), id);
  assert.equal((await c.event(id)).logentry.formatted, message);
}

const grammar = [
  [
    53,
    'an event with and without length',
    async (c) => {
      await arrives(c, (id) => `${head(id)}\n{"type":"event"}\n{"message":"a"}\n`);
      await arrives(c, (id) => `${head(id)}\n{"type":"event","length":15}\n{"message":"a"}\n`);
    },
  ],
  [
    54,
    'the id of the header wins',
    async (c) => {
      const [a, b] = [eventId(), eventId()];
      answersId(await c.envelope({ event_id: a }, [[{ type: 'event' }, { event_id: b, message: 'x' }]]), a);
      assert.equal((await c.event(a)).event_id, a);
      await c.notStored(b);
    },
  ],
  [
    55,
    'no id anywhere: a fresh one',
    async (c) => {
      const answer = await c.envelope({}, [[{ type: 'event' }, { message: 'x' }]]);
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.json.id, /^[0-9a-f]{32}$/);
      await c.stored(answer.json.id);
    },
  ],
  [
    56,
    'a header alone: 200 without id, nothing stored',
    async (c) => {
      const project = await c.project();
      const answer = await c.envelope('{}\n', undefined, { project });
      assert.deepEqual([answer.status, answer.json], [200, {}]);
      await c.nothingStored(project);
    },
  ],
  broken(57, 'an empty body', '', /missing envelope header/),
  broken(58, 'a length past the end', `${head()}\n{"type":"event","length":99}\n{}\n`, /unexpected end of file/),
  broken(59, 'a length before the end', `${head()}\n{"type":"event","length":2}\n{}x\n`, /missing newline/),
  [60, 'line ends inside a payload of known length', (c) => arrives(c, (id) => `${head(id)}\n{"type":"event","length":18}\n{\n"message":\n"a"\n}\n`)],
  [
    61,
    'CR LF inside a payload of known length',
    (c) => arrives(c, (id) => `${head(id)}\n{"type":"event","length":21}\n{\r\n"message":"a"\r\n}\r\n\n`),
  ],
  [62, 'no line end after the last payload', (c) => arrives(c, (id) => `${head(id)}\n{"type":"event"}\n{"message":"a"}`)],
  [
    63,
    'an empty item, then another',
    (c) => arrives(c, (id) => `${head(id)}\n{"type":"attachment","length":0}\n\n{"type":"event"}\n{"message":"a"}\n`),
  ],
  broken(64, 'an item without type', `${head()}\n{"length":2}\n{}\n`, /invalid item header/),
  [
    65,
    'unknown keys in both headers',
    (c) => arrives(c, (id) => `{"event_id":"${id}","new":{"a":[1]}}\n{"type":"event","new":1}\n{"message":"a"}\n`),
  ],
];

/** Names of an event's attachments, as the web API lists them. */
const attachmentNames = (c, id, check) => c.untilApi(`events/${id}/attachments/`, (list) => check(list), { project: c.main });

const kinds = [
  [
    66,
    'an unknown item alone: 200, nothing stored or counted',
    async (c) => {
      const project = await c.project();
      const answer = await c.envelope({ event_id: eventId() }, [[{ type: 'invalid_unknown' }, 'something']], { project });
      assert.equal(answer.status, 200, answer.text);
      await c.nothingStored(project);
      await c.nothingCounted(project);
    },
  ],
  [
    67,
    'unknown items and attachment types are dropped',
    async (c) => {
      const id = eventId();
      const answer = await c.envelope({ event_id: id }, [
        [{ type: 'attachment', filename: 'plain.txt' }, Buffer.from('text')],
        [{ type: 'invalid_unknown' }, Buffer.from('something')],
        [{ type: 'attachment', filename: 'unknown.txt', attachment_type: 'attachment_unknown' }, Buffer.from('text')],
      ]);
      assert.equal(answer.status, 200, answer.text);
      await c.envelope({ event_id: id }, [[{ type: 'event' }, { message: 'theirs' }]]);
      await c.stored(id);
      await attachmentNames(c, id, (list) =>
        assert.deepEqual(
          list.map(({ name }) => name),
          ['plain.txt'],
        ),
      );
    },
  ],
  [
    68,
    'two events: none is stored',
    async (c) => {
      const project = await c.project();
      const answer = await c.envelope(
        { event_id: eventId() },
        [
          [{ type: 'event' }, {}],
          [{ type: 'event' }, {}],
        ],
        { project },
      );
      assert.ok([200, 413].includes(answer.status), answer.text);
      await c.countedOne(project, ['error', 'invalid', matches(/^(too_large(:event)?|duplicate_item)$/), ANY]);
      await c.nothingStored(project);
    },
  ],
  [
    69,
    'event, session, client report and check-in: all four',
    async (c) => {
      const project = await c.project();
      const id = eventId();
      const answer = await c.envelope(
        { event_id: id },
        [
          [{ type: 'event' }, { message: 'with company' }],
          [
            { type: 'session' },
            { sid: eventId(), init: true, started: new Date().toISOString(), status: 'exited', attrs: { release: 'company@1.0' } },
          ],
          [{ type: 'client_report' }, { discarded_events: [{ reason: 'queue_overflow', category: 'error', quantity: 3 }] }],
          [
            { type: 'check_in' },
            { check_in_id: eventId(), status: 'ok', monitor_slug: `m-${id}`, monitor_config: { schedule: { type: 'crontab', value: '0 * * * *' } } },
          ],
        ],
        { project },
      );
      assert.equal(answer.status, 200, answer.text);
      await c.stored(id);
      await c.countedOne(project, ['error', 'client_discard', 'queue_overflow', 3]);
      await c.untilApi(`monitors/m-${id}/checkins/?project=${project.id}`, (list) => assert.equal(list.length, 1));
      await c.untilApi(`sessions/?project=${project.id}&field=sum(session)&statsPeriod=1d`, ({ groups }) =>
        assert.equal(groups[0].totals['sum(session)'], 1),
      );
    },
  ],
  [
    70,
    'a broken payload: 200, counted',
    async (c) => {
      const project = await c.project();
      const answer = await c.envelope(`${head()}\n{"type":"event"}\n{"oops":\n`, undefined, { project });
      assert.equal(answer.status, 200, answer.text);
      await c.counted(project, [['error', 'invalid', 'invalid_json', 1]]);
    },
  ],
  [
    71,
    'an error that calls itself a transaction is an error',
    async (c) => {
      like(await c.normalized({ type: 'transaction', exception: [{ type: 'E', value: 'x' }] }), { type: 'error' });
    },
  ],
  [
    72,
    'feature flags without exception: not a transaction',
    async (c) => {
      const event = { type: 'transaction', contexts: { flags: { values: [{ flag: 'new', result: true }] } } };
      like(await c.normalized(event), { type: 'default' });
    },
  ],
];

const ceilings = [
  [
    73,
    'an event over 1 MiB: refused, counted',
    async (c) => {
      const project = await c.project();
      const event = Buffer.from(`{"message":"${'x'.repeat(MIB + 1 - 14)}"}`);
      const answer = await c.envelope({ event_id: eventId() }, [[{ type: 'event' }, event]], { project });
      assert.ok([400, 413].includes(answer.status), answer.text);
      assert.match(answer.json.detail, /^envelope exceeded size limits for type 'event' /);
      await c.countedOne(project, ['error', 'invalid', matches(/^too_large(:event)?$/), 1]);
    },
  ],
  [
    74,
    'an attachment that is too large takes its event along',
    async (c) => {
      const id = eventId();
      const bytes = gzipSync(
        envelopeBytes({ event_id: id }, [
          [{ type: 'event' }, { message: 'small' }],
          [{ type: 'attachment' }, Buffer.alloc(200 * MIB + 1)],
        ]),
      );
      const answer = await c.askLarge(c.path('envelope'), { headers: { ...c.auth(), 'content-encoding': 'gzip' }, body: bytes });
      assert.ok([400, 413].includes(answer.status), answer.text);
      await c.notStored(id);
    },
  ],
  [
    75,
    '101 sessions: refused',
    async (c) => {
      const session = () => [{ type: 'session' }, { sid: eventId(), status: 'ok', started: new Date().toISOString(), attrs: { release: 'a@1' } }];
      const answer = await c.envelope({}, Array.from({ length: 101 }, session));
      assert.ok([400, 413].includes(answer.status), answer.text);
      assert.match(answer.json.detail, /for type 'session'/);
    },
  ],
  broken(76, 'sent_at that is no date', '{"sent_at":"yesterday"}\n'),
  [
    77,
    'a trace header that is garbage is ignored',
    (c) => arrives(c, (id) => `{"event_id":"${id}","trace":"garbage"}\n{"type":"event"}\n{"message":"a"}\n`),
  ],
  [
    78,
    'content types of forms: an envelope all the same',
    async (c) => {
      for (const type of ['multipart/form-data', 'application/x-www-form-urlencoded']) {
        const id = eventId();
        answersId(await c.envelope({ event_id: id }, [[{ type: 'event' }, { message: 'a' }]], { headers: { 'content-type': type } }), id);
        await c.stored(id);
      }
    },
  ],
  [
    79,
    'a sender who hangs up: stored',
    async (c) => {
      const id = eventId();
      const body = envelopeBytes({ event_id: id, dsn: `http://${c.main.key}@host/${c.main.id}` }, [[{ type: 'event' }, { message: 'gone' }]]);
      const request = `POST ${c.path('envelope')} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
      const socket = connect(c.vedette.port, '127.0.0.1').on('error', () => {});
      socket.write(Buffer.concat([Buffer.from(request), body]), () => socket.destroy());
      await c.stored(id);
    },
  ],
  [
    80,
    'the same id twice: the second is ignored',
    async (c) => {
      const project = await c.project();
      const id = eventId();
      const send = (message) => c.envelope({ event_id: id }, [[{ type: 'event' }, { message }]], { project });
      assert.equal((await send('first')).status, 200);
      await c.stored(id);
      assert.equal((await send('second')).status, 200);
      await c.digested();
      assert.deepEqual(await c.vedette.sql(`select title from event where event_id = '${id}'`), [{ title: 'first' }]);
      assert.equal((await c.event(id, project)).logentry.formatted, 'first');
    },
  ],
  [
    81,
    'an item of the server alone: 400',
    async (c) => {
      const answer = await c.envelope({}, [[{ type: 'integration' }, {}]]);
      assert.deepEqual([answer.status, answer.json.detail], [400, 'envelope contains internal items']);
    },
  ],
];

export const envelopes = [...grammar, ...kinds, ...ceilings];
