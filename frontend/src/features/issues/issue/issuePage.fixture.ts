import type { MockApi, MockReply } from '../../../../e2e/mock-api.mjs';
import { event } from './model/event.fixture.ts';
import type { EventDetail } from './model/event.ts';
import type { IssueDetail } from './queries.ts';

const reply = (data: unknown, status = 200, headers: Record<string, string> = {}): MockReply => ({
  status,
  headers,
  body: JSON.stringify(data),
});

const issueParts = {
  count: '1284',
  userCount: 312,
  firstSeen: '2026-11-14T10:04:00Z',
  firstRelease: { version: 'web@2.14.0', shortVersion: '2.14.0', dateReleased: '2026-11-14T10:00:00Z' },
  lastRelease: { version: 'web@2.14.2', shortVersion: '2.14.2', dateReleased: null },
  activity: [
    {
      id: '5',
      type: 'note',
      user: { id: '1', name: 'Mira Lind' },
      data: { text: 'Mine' },
      dateCreated: '2026-11-20T10:00:00Z',
    },
    {
      id: '4',
      type: 'note',
      user: { id: '2', name: 'Jonas' },
      data: { text: 'Not mine' },
      dateCreated: '2026-11-20T09:00:00Z',
    },
  ],
  seenBy: [],
  participants: [],
};

const tags = [
  {
    key: 'browser',
    totalValues: 1284,
    uniqueValues: 2,
    topValues: [
      { value: 'Safari 18.1', name: 'Safari 18.1', count: 1168 },
      { value: 'Chrome 141', name: 'Chrome 141', count: 116 },
    ],
  },
  {
    key: 'app',
    totalValues: 1284,
    uniqueValues: 1,
    topValues: [{ value: 'checkout', name: 'checkout', count: 1284 }],
  },
];

type Given = { event?: EventDetail; issue?: Partial<IssueDetail>; eventReply?: MockReply };

/** Lets the stand-in API answer for one issue in full: its detail, events, tags and comments. */
export const serveIssue = (api: MockApi, given: Given = {}): void => {
  const plain = api.answer;
  const shown = given.event ?? event();
  api.answer = (method, url, body) => {
    const { pathname } = new URL(url, 'http://h');
    const [, id, rest] = /\/issues\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
    if (id === undefined || rest === undefined) return plain(method, url, body);
    if (rest === '' && method === 'GET') {
      const base = JSON.parse(plain(method, url).body) as object;
      return reply({ ...issueParts, ...base, ...issueParts, ...given.issue });
    }
    if (rest === '' && method === 'PUT') return plain('PUT', `/api/0/organizations/acme/issues/?id=${id}`, body);
    if (rest === 'tags/') return reply(tags);
    if (rest === 'hashes/') return reply([]);
    if (rest.startsWith('notes/')) return reply({}, method === 'DELETE' ? 204 : 201);
    const [, eventId] = /^events\/([^/]+)\/$/.exec(rest) ?? [];
    if (eventId === undefined) return reply([]);
    if (given.eventReply) return given.eventReply;
    if (eventId === 'latest' || eventId === shown.eventID) return reply(shown);
    return reply({ ...shown, eventID: eventId, nextEventID: shown.eventID, previousEventID: null });
  };
};

export const refusal = (status: number, detail: string): MockReply =>
  reply({ detail }, status, { 'X-Request-Id': 'req-17' });
