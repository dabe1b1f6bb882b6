import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { looksRedacted, type Redaction, type Remark, redactionOf, stretches } from '../model/redaction.ts';
import c from './RedactedText.module.css';

const t = defineMessages({
  removed: 'Removed by the rule {rule} before the event was stored',
  substituted: 'Replaced by the rule {rule} before the event was stored',
  masked: 'Masked by the rule {rule} before the event was stored',
  pseudonymised: 'Replaced by a pseudonym by the rule {rule} before the event was stored',
  shortened: 'Cut because it was longer than allowed',
  annotated: 'Noted by the rule {rule}',
  scrubbed: 'Replaced before the event was stored',
  gone: 'removed',
  all: 'Show all {n} characters',
  length: '{n} characters were sent',
});

const LONG = 1200;

const explain = ({ kind, rule }: Remark): string => (kind === 'shortened' ? t('shortened') : t(kind, { rule }));

const titleOf = (redaction: Redaction): string =>
  [
    ...redaction.remarks.map(explain),
    ...redaction.errors,
    redaction.originalLength === undefined ? '' : t('length', { n: redaction.originalLength }),
  ]
    .filter(Boolean)
    .join('. ');

function Mark({ text, title }: { text: string; title: string }) {
  return (
    <mark className={c.redacted} title={title}>
      {text}
      <span className="sr-only"> ({title})</span>
    </mark>
  );
}

/**
 * Text from an event with what was taken out of it made visible. Very long text is cut until somebody asks for it.
 */
export function RedactedText({ text, meta }: { text: string | null | undefined; meta?: unknown }) {
  const [all, showAll] = useState(false);
  const redaction = redactionOf(meta);
  if (text === null || text === undefined || text === '') {
    return redaction ? <Mark text={t('gone')} title={titleOf(redaction)} /> : null;
  }
  if (!redaction && looksRedacted(text)) return <Mark text={text} title={t('scrubbed')} />;
  const shown = all || text.length <= LONG ? text : text.slice(0, LONG);
  return (
    <>
      {stretches(shown, redaction).map(({ text: piece, remark }, at) =>
        remark ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move.
          <Mark key={at} text={piece} title={explain(remark)} />
        ) : (
          piece
        ),
      )}
      {shown.length < text.length && (
        <button type="button" className={c.more} onClick={() => showAll(true)}>
          {t('all', { n: text.length })}
        </button>
      )}
    </>
  );
}
