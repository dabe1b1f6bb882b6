import { useEffect, useState } from 'react';
import { CopyButton } from '../CopyButton.tsx';
import c from './CodeBlock.module.css';
import kinds from './CodeContext.module.css';
import type { Span } from './highlight.ts';

/** Code to be copied: plain at once, coloured when the highlighter has arrived. */
export function CodeBlock({
  code,
  language = '',
  label,
  file,
}: {
  code: string;
  language?: string;
  label: string;
  /** Where the code belongs, shown above it. */
  file?: string | undefined;
}) {
  const [coloured, setColoured] = useState<{ code: string; lines: Span[][] }>();
  useEffect(() => {
    let live = true;
    import('./highlight.ts')
      .then(({ highlightLines }) => highlightLines(code, language))
      .then((lines) => live && setColoured({ code, lines }));
    return () => {
      live = false;
    };
  }, [code, language]);
  const lines = coloured?.code === code ? coloured.lines : undefined;
  return (
    <div className={c.block}>
      {file && <p className={c.file}>{file}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, so the keyboard must get there. */}
      <section className={c.scroller} tabIndex={0} aria-label={label}>
        <pre>
          <code>
            {lines
              ? lines.map((spans, line) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text never move.
                  <span key={line}>
                    {spans.map((span, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move.
                      <span key={at} className={kinds[span.kind]}>
                        {span.text}
                      </span>
                    ))}
                    {'\n'}
                  </span>
                ))
              : `${code}\n`}
          </code>
        </pre>
      </section>
      <CopyButton text={code} className={c.copy} data-test-id="copy-code" />
    </div>
  );
}
