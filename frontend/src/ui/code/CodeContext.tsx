import { useEffect, useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import c from './CodeContext.module.css';
import type { Span } from './highlight.ts';

const t = defineMessages({ label: 'Source context', current: 'Line {line}, where it happened' });

export type SourceLine = readonly [number: number, text: string | null];

/** The lines around a frame: plain at once, coloured when the highlighter has arrived. */
export function CodeContext({
  lines,
  language,
  active,
}: {
  lines: readonly SourceLine[];
  language: string;
  active: number;
}) {
  const [coloured, setColoured] = useState<Span[][] | null>(null);
  useEffect(() => {
    let live = true;
    import('./highlight.ts')
      .then(({ highlightLines }) => highlightLines(lines.map(([, text]) => text ?? '').join('\n'), language))
      .then((spans) => live && setColoured(spans));
    return () => {
      live = false;
    };
  }, [lines, language]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group and not a landmark, as a page of chained errors has many.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, so the keyboard must get there.
    <div role="group" className={c.source} tabIndex={0} aria-label={t('label')}>
      <code className={c.lines}>
        {lines.map(([number, text], at) => (
          <span key={number} className={c.line} data-active={number === active || undefined}>
            <span className={c.number} aria-hidden="true">
              {number}
            </span>
            <span className={c.text}>
              {number === active && <span className="sr-only">{t('current', { line: number })} </span>}
              <Line spans={coloured?.[at]} text={text ?? ''} />
              {'\n'}
            </span>
          </span>
        ))}
      </code>
    </div>
  );
}

function Line({ spans, text }: { spans: Span[] | undefined; text: string }) {
  if (!spans) return text;
  return spans.map((span, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move.
    <span key={at} className={c[span.kind]}>
      {span.text}
    </span>
  ));
}
