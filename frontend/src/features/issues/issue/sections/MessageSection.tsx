import { defineMessages } from '@/lib/i18n/t.ts';
import { asText, isEmpty } from '@/lib/json.ts';
import { type EventDetail, entryOf } from '../model/event.ts';
import { metaAt } from '../model/redaction.ts';
import { type Pair, Pairs } from '../parts/Pairs.tsx';
import { RedactedText } from '../parts/RedactedText.tsx';
import { Section } from '../parts/Section.tsx';
import c from './MessageSection.module.css';

const t = defineMessages({ message: 'Message', template: 'Template', parameters: 'Parameters' });

/** What the event says in words, when that is not an exception. */
export function MessageSection({ event }: { event: EventDetail }) {
  const entry = entryOf(event, 'message');
  const text = asText(entry?.data.formatted) ?? asText(entry?.data.message) ?? asText(event.message);
  if (!text) return null;
  const template = asText(entry?.data.message);
  const rows: Pair[] = [
    { name: t('template'), value: template === text ? undefined : template },
    { name: t('parameters'), value: entry?.data.params },
  ].filter(({ value }) => !isEmpty(value));
  return (
    <Section id="message" title={t('message')}>
      <p className={c.message}>
        <RedactedText text={text} meta={metaAt(entry?.meta, 'formatted') ?? event._meta?.message} />
      </p>
      {rows.length > 0 && <Pairs rows={rows} />}
    </Section>
  );
}
