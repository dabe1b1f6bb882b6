import { defineMessages } from '@/lib/i18n/t.ts';
import { asList, isEmpty } from '@/lib/json.ts';
import { type EventDetail, entryOf } from './event.ts';

const t = defineMessages({
  message: 'Message',
  exception: 'Stack trace',
  stacktrace: 'Stack trace',
  threads: 'Threads',
  breadcrumbs: 'Breadcrumbs',
  request: 'Request',
  tags: 'Tags',
  contexts: 'Contexts',
  extra: 'Additional data',
  packages: 'Packages',
  report: 'Report',
  sdk: 'SDK and receipt',
  grouping: 'Grouping',
  activity: 'Activity',
});

type PartId = Parameters<typeof t>[0];
type Part = { id: PartId; has: (event: EventDetail) => boolean };
export type EventPart = { id: string; title: string };

const values = (event: EventDetail, type: string): number => asList(entryOf(event, type)?.data.values).length;
const always = (): boolean => true;

const reportTypes = ['csp', 'hpkp', 'expectct', 'expectstaple', 'nel', 'template', 'generic'];

/** The kind of report an event is, if it is one. */
export const reportTypeOf = (event: EventDetail): string | undefined =>
  reportTypes.find((name) => !isEmpty(entryOf(event, name)?.data));

/** The parts in reading order, and whether an event has them. */
const parts: readonly Part[] = [
  {
    id: 'message',
    has: (event) => values(event, 'exception') === 0 && Boolean(entryOf(event, 'message') ?? event.message),
  },
  { id: 'exception', has: (event) => values(event, 'exception') > 0 },
  { id: 'report', has: (event) => reportTypeOf(event) !== undefined },
  { id: 'stacktrace', has: (event) => entryOf(event, 'stacktrace') !== undefined },
  { id: 'threads', has: (event) => values(event, 'threads') > 0 },
  { id: 'breadcrumbs', has: (event) => values(event, 'breadcrumbs') > 0 },
  { id: 'request', has: (event) => !isEmpty(entryOf(event, 'request')?.data) },
  { id: 'tags', has: (event) => event.tags.length > 0 },
  { id: 'contexts', has: (event) => !isEmpty(event.contexts) || !isEmpty(event.user) },
  { id: 'extra', has: (event) => !isEmpty(event.context) },
  { id: 'packages', has: (event) => !isEmpty(event.packages) },
  { id: 'sdk', has: always },
  { id: 'grouping', has: always },
  { id: 'activity', has: always },
];

export const presentParts = (event: EventDetail): ReadonlySet<string> =>
  new Set(parts.filter(({ has }) => has(event)).map(({ id }) => id));

/** What one can jump to in this event. */
export const partsOf = (event: EventDetail): EventPart[] =>
  parts.filter(({ has }) => has(event)).map(({ id }) => ({ id, title: t(id) }));
