import type { Ref } from 'react';
import type { Token } from '@/lib/query-language/lexer.ts';
import type { ParsedSearch } from '@/lib/query-language/parser.ts';
import c from './QueryInput.module.css';

const look = (token: Token, wrong: boolean, known: boolean) => {
  const problem = wrong ? 'wrong' : known ? undefined : 'unknown';
  if (token.kind !== 'filter') return { className: token.kind === 'operator' ? c.operator : undefined, problem };
  return { className: c.token, problem };
};

/** The same text as in the input, drawn behind it in colours. Pieces are told apart by place, so nothing shifts. */
export function Mirror({
  parsed,
  isKnown,
  ref,
}: {
  parsed: ParsedSearch;
  isKnown: (key: string) => boolean;
  ref: Ref<HTMLDivElement>;
}) {
  return (
    <div ref={ref} className={c.mirror} aria-hidden="true">
      {parsed.tokens.map((token) => {
        const wrong = parsed.errors.some(({ start }) => start === token.start);
        const { className, problem } = look(token, wrong, token.kind !== 'filter' || isKnown(token.key));
        const split = token.kind === 'filter' ? token.valueStart - token.start : 0;
        return (
          <span key={token.start} className={className} data-problem={problem}>
            {split > 0 && <span className={c.key}>{token.text.slice(0, split)}</span>}
            <span className={split > 0 ? c.value : undefined}>{token.text.slice(split)}</span>
          </span>
        );
      })}
    </div>
  );
}
