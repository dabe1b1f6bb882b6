import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useActions } from '@/lib/actions/useActions.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { parse } from '@/lib/query-language/parser.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { rememberSearch } from '../recentSearches.ts';
import { Mirror } from './Mirror.tsx';
import c from './QueryInput.module.css';
import { QueryProblem } from './QueryProblem.tsx';
import { SuggestionList } from './SuggestionList.tsx';
import { accept, type Suggestion, targetAt } from './suggest.ts';
import { useSuggestions } from './useSuggestions.ts';

const t = defineMessages({
  label: 'Search issues',
  placeholder: 'Search by text, or by key:value such as level:error',
  group: 'Issues',
  focus: 'Focus the search',
});

type Props = {
  org: string;
  search: GlobalSearch;
  value: string;
  /** What the server said about the search, if it refused it. */
  refusal?: string | undefined;
  onSubmit: (query: string) => void;
};

/**
 * A real text input with coloured tokens drawn behind it: copying, pasting, undo and input methods work as in any input.
 * Suggestions are help, never a mode: what is typed can always be sent.
 */
export function QueryInput({ org, search, value, refusal, onSubmit }: Props) {
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const listId = useId();
  useEffect(() => setText(value), [value]);
  useActions([
    {
      id: 'focus-search',
      label: t('focus'),
      group: t('group'),
      keys: '/',
      hidden: true,
      run: () => input.current?.select(),
    },
  ]);

  const parsed = useMemo(() => parse(text), [text]);
  const target = caret === undefined ? undefined : targetAt(text, caret);
  const { suggestions, isKnown } = useSuggestions(org, search, target, {
    active: caret !== undefined,
    keys: parsed.filters.map(({ key }) => key),
    blank: text.trim() === '',
  });
  const open = caret !== undefined && suggestions.length > 0;
  const error = parsed.errors[0];

  const close = () => {
    setCaret(undefined);
    setActive(-1);
  };
  const submit = (query: string) => {
    close();
    setText(query);
    rememberSearch(org, query);
    onSubmit(query.trim());
  };
  const take = (suggestion: Suggestion) => {
    if (!target) return;
    const next = accept(text, target, suggestion);
    setText(next.text);
    setCaret(next.caret);
    setActive(-1);
    // After the new text is in the input.
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = suggestions[active];
    if (event.key === 'ArrowDown' && open) setActive((active + 1) % suggestions.length);
    else if (event.key === 'ArrowUp' && open) setActive((active <= 0 ? suggestions.length : active) - 1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && open && chosen) take(chosen);
    else if (event.key === 'Escape' && open) close();
    else if (event.key === 'Escape') document.querySelector<HTMLElement>('[data-grid]')?.focus({ preventScroll: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const readCaret = () => setCaret(input.current?.selectionStart ?? undefined);

  return (
    <div className={c.field}>
      <form
        className={c.box}
        role="search"
        data-invalid={Boolean(error || refusal) || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          submit(text);
        }}
      >
        <Search size={14} className={c.lens} aria-hidden="true" />
        <div className={c.stack}>
          <Mirror ref={mirror} parsed={parsed} isKnown={isKnown} />
          <input
            ref={input}
            className={c.input}
            value={text}
            placeholder={t('placeholder')}
            role="combobox"
            aria-label={t('label')}
            aria-expanded={open}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={open && active >= 0 ? `${listId}-${active}` : undefined}
            aria-invalid={Boolean(error || refusal) || undefined}
            aria-describedby={error || refusal ? `${listId}-problem` : undefined}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            enterKeyHint="search"
            data-test-id="query"
            onChange={(event) => {
              setText(event.target.value);
              setCaret(event.target.selectionStart ?? undefined);
              setActive(-1);
            }}
            onKeyDown={onKeyDown}
            onClick={readCaret}
            onBlur={close}
            onScroll={(event) => {
              if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
            }}
          />
        </div>
        {text && (
          <button
            type="button"
            className={c.clear}
            aria-label={common('clear')}
            data-test-id="clear-query"
            onClick={() => submit('')}
          >
            <X size={14} aria-hidden="true" />
          </button>
        )}
      </form>
      {open && <SuggestionList id={listId} suggestions={suggestions} active={active} onTake={take} />}
      {(error || refusal) && !open && (
        <QueryProblem
          id={`${listId}-problem`}
          text={text}
          error={error}
          refusal={refusal}
          onFix={(fixed) => submit(fixed)}
        />
      )}
    </div>
  );
}
