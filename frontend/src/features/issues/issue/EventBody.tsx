import { lazy, Suspense } from 'react';
import c from './EventBody.module.css';
import type { EventDetail } from './model/event.ts';
import { presentParts } from './model/parts.ts';
import type { Order } from './model/stack.ts';
import { ExceptionSection } from './sections/ExceptionSection.tsx';

// What one looks for first is drawn first; the code of the rest arrives while one reads.
const EventRest = lazy(() => import('./later.ts').then(({ EventRest }) => ({ default: EventRest })));
const ProcessingErrors = lazy(() =>
  import('./later.ts').then(({ ProcessingErrors }) => ({ default: ProcessingErrors })),
);

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
  const has = presentParts(event);
  return (
    <>
      {event.errors.length > 0 && (
        <div className={c.errors}>
          <Suspense>
            <ProcessingErrors event={event} />
          </Suspense>
        </div>
      )}
      {has.has('exception') && <ExceptionSection key={event.eventID} event={event} order={order} />}
      <Suspense>
        <EventRest event={event} place={place} order={order} />
      </Suspense>
    </>
  );
}
