import type { EventDetail } from './model/event.ts';
import { presentParts } from './model/parts.ts';
import type { Order } from './model/stack.ts';
import { BreadcrumbsSection } from './sections/BreadcrumbsSection.tsx';
import { ContextsSection } from './sections/ContextsSection.tsx';
import { MessageSection } from './sections/MessageSection.tsx';
import { RequestSection } from './sections/RequestSection.tsx';
import {
  ExtraSection,
  GroupingSection,
  PackagesSection,
  ReportSection,
  SdkSection,
  StackSection,
} from './sections/SmallSections.tsx';
import { TagsSection } from './sections/TagsSection.tsx';
import { ThreadsSection } from './sections/ThreadsSection.tsx';

/** The parts of an event below its stack trace. */
export function EventRest({
  event,
  place,
  order,
}: {
  event: EventDetail;
  place: { org: string; issue: string };
  order: Order;
}) {
  const has = presentParts(event);
  // A new event starts with its own open frames and filters, not with those of the one before.
  const key = event.eventID;
  return (
    <>
      {has.has('message') && <MessageSection event={event} />}
      {has.has('report') && <ReportSection event={event} />}
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
