import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { inline } from '@/lib/json.ts';
import { metaAt, redactionOf } from '../model/redaction.ts';
import { ExternalText } from './ExternalText.tsx';
import { RedactedText } from './RedactedText.tsx';
import c from './ValueTree.module.css';

const t = defineMessages({
  more: { one: 'Show {n} more', other: 'Show {n} more' },
  empty: 'empty text',
  open: 'Show the parts',
});

const PREVIEW = 160;
const FIRST = 50;

/** Any value an SDK sent: short ones on a line, nested ones open level by level, so depth costs nothing. */
export function ValueTree({
  value,
  meta,
  startsOpen = false,
}: {
  value: unknown;
  meta?: unknown;
  startsOpen?: boolean;
}) {
  if (typeof value === 'string') {
    if (value === '' && !redactionOf(meta)) return <span className={c.nothing}>{t('empty')}</span>;
    return (
      <span className={c.text}>
        <RedactedText text={value} meta={meta} />
        <ExternalText text={value} />
      </span>
    );
  }
  if (value === null || value === undefined) {
    return redactionOf(meta) ? <RedactedText text="" meta={meta} /> : <span className={c.nothing}>null</span>;
  }
  if (typeof value !== 'object') return <span className={c.literal}>{String(value)}</span>;
  const entries = Object.entries(value);
  if (entries.length === 0) return <span className={c.nothing}>{Array.isArray(value) ? '[]' : '{}'}</span>;
  return <Branch value={value} entries={entries} meta={meta} startsOpen={startsOpen} />;
}

function Branch({
  value,
  entries,
  meta,
  startsOpen,
}: {
  value: object;
  entries: [string, unknown][];
  meta: unknown;
  startsOpen: boolean;
}) {
  const [open, setOpen] = useState(startsOpen);
  const [limit, setLimit] = useState(FIRST);
  return (
    <div className={c.branch}>
      <button type="button" className={c.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={12} aria-hidden="true" className={c.chevron} />
        <span className={c.preview}>{inline(value, PREVIEW)}</span>
      </button>
      {open && (
        <dl className={c.parts}>
          {entries.slice(0, limit).map(([name, item]) => (
            <div key={name} className={c.part}>
              <dt>{name}</dt>
              <dd>
                <ValueTree value={item} meta={metaAt(meta, name)} />
              </dd>
            </div>
          ))}
          {entries.length > limit && (
            <button type="button" className={c.toggle} onClick={() => setLimit(limit * 4)}>
              {t('more', { n: entries.length - limit })}
            </button>
          )}
        </dl>
      )}
    </div>
  );
}
