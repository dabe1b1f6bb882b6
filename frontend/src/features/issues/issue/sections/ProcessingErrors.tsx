import { defineMessages } from '@/lib/i18n/t.ts';
import { isEmpty } from '@/lib/json.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Disclosure } from '@/ui/Disclosure.tsx';
import type { EventDetail, ProcessingError } from '../model/event.ts';
import { ValueTree } from '../parts/ValueTree.tsx';
import c from './ProcessingErrors.module.css';

const t = defineMessages({
  title: {
    one: '{n} problem came up while this event was processed',
    other: '{n} problems came up while this event was processed',
  },
  rest: 'The rest of the event is complete.',
});

function Line({ error }: { error: ProcessingError }) {
  return (
    <li>
      <b>{error.message || error.type}</b> <code>{error.type}</code>
      {!isEmpty(error.data) && <ValueTree value={error.data} />}
    </li>
  );
}

/** Nothing is dropped in silence: what could not be read or mapped is told above the event. */
export function ProcessingErrors({ event }: { event: EventDetail }) {
  return (
    <Banner tone="warning">
      <Disclosure title={t('title', { n: event.errors.length })}>
        <ul className={c.errors}>
          {event.errors.map((error, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may be there twice.
            <Line key={at} error={error} />
          ))}
        </ul>
        <p>{t('rest')}</p>
      </Disclosure>
    </Banner>
  );
}
