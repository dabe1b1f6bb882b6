import { defineMessages } from '@/lib/i18n/t.ts';
import { asList, isEmpty } from '@/lib/json.ts';
import type { EventPart } from './EventBar.tsx';
import { contextCards } from './model/contexts.ts';
import { type EventDetail, entryOf } from './model/event.ts';
import { readRequest } from './model/request.ts';
import type { Order } from './model/stack.ts';
import { BreadcrumbsSection } from './sections/BreadcrumbsSection.tsx';
import { ContextsSection } from './sections/ContextsSection.tsx';
import { ExceptionSection } from './sections/ExceptionSection.tsx';
import { ProcessingErrors } from './sections/ProcessingErrors.tsx';
import { RequestSection } from './sections/RequestSection.tsx';
import {
  ExtraSection,
  GroupingSection,
  MessageSection,
  PackagesSection,
  ReportSection,
  reportEntry,
  SdkSection,
  StackSection,
} from './sections/SmallSections.tsx';
import { TagsSection } from './sections/TagsSection.tsx';
import { ThreadsSection } from './sections/ThreadsSection.tsx';

const t = defineMessages({
  message: 'Message',
  exception: 'Stack trace',
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
});

type Part = { id: Parameters<typeof t>[0] | 'stacktrace'; has: (event: EventDetail) => boolean };

const values = (event: EventDetail, type: string): number => asList(entryOf(event, type)?.data.values).length;

/** The parts in reading order, and whether an event has them. */
const parts: readonly Part[] = [
  { id: 'report', has: (event) => reportEntry(event) !== undefined },
  {
    id: 'message',
    has: (event) => values(event, 'exception') === 0 && Boolean(entryOf(event, 'message') ?? event.message),
  },
  { id: 'exception', has: (event) => values(event, 'exception') > 0 },
  { id: 'stacktrace', has: (event) => entryOf(event, 'stacktrace') !== undefined },
  { id: 'threads', has: (event) => values(event, 'threads') > 0 },
  { id: 'breadcrumbs', has: (event) => values(event, 'breadcrumbs') > 0 },
  { id: 'request', has: (event) => readRequest(entryOf(event, 'request')) !== undefined },
  { id: 'tags', has: (event) => event.tags.length > 0 },
  { id: 'contexts', has: (event) => contextCards(event).length > 0 },
  { id: 'extra', has: (event) => !isEmpty(event.context) },
  { id: 'packages', has: (event) => !isEmpty(event.packages) },
  { id: 'sdk', has: () => true },
  { id: 'grouping', has: () => true },
];

const present = (event: EventDetail): ReadonlySet<string> =>
  new Set(parts.filter(({ has }) => has(event)).map(({ id }) => id));

/** What one can jump to in this event. */
export const partsOf = (event: EventDetail): EventPart[] =>
  parts.filter(({ has }) => has(event)).map(({ id }) => ({ id, title: t(id === 'stacktrace' ? 'exception' : id) }));

/** Everything one event holds, part by part. */
export function EventBody({
  event,
  place,
  order,
}: {
  event: EventDetail;
  place: { org: string; issue: string };
  order: Order;
}) {
  const has = present(event);
  // A new event starts with its own open frames, not with those of the one before.
  const key = event.eventID;
  return (
    <>
      <ProcessingErrors event={event} />
      {has.has('report') && <ReportSection event={event} />}
      {has.has('message') && <MessageSection event={event} />}
      {has.has('exception') && <ExceptionSection key={`exception-${key}`} event={event} order={order} />}
      {has.has('stacktrace') && <StackSection key={`stack-${key}`} event={event} order={order} />}
      {has.has('threads') && <ThreadsSection key={`threads-${key}`} event={event} order={order} />}
      {has.has('breadcrumbs') && <BreadcrumbsSection key={`breadcrumbs-${key}`} event={event} />}
      {has.has('request') && <RequestSection event={event} />}
      {has.has('tags') && <TagsSection event={event} />}
      {has.has('contexts') && <ContextsSection event={event} />}
      {has.has('extra') && <ExtraSection event={event} />}
      {has.has('packages') && <PackagesSection event={event} />}
      <SdkSection event={event} />
      <GroupingSection event={event} org={place.org} issue={place.issue} />
    </>
  );
}
