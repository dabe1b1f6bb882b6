import { classes } from '@/ui/classes.ts';
import m from '@/ui/menu.module.css';
import c from './QueryInput.module.css';
import type { Suggestion } from './suggest.ts';

/** The list under the input. The focus stays in the input; it names the active entry. */
export function SuggestionList({
  id,
  suggestions,
  active,
  onTake,
}: {
  id: string;
  suggestions: readonly Suggestion[];
  active: number;
  onTake: (suggestion: Suggestion) => void;
}) {
  return (
    <div id={id} role="listbox" tabIndex={-1} className={classes(m.popover, c.list)} data-test-id="suggestions">
      {suggestions.map((suggestion, at) => (
        <div
          key={suggestion.text}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          data-focused={at === active || undefined}
          className={classes(m.item, c.option)}
          // Before the input loses the focus and closes the list.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(suggestion)}
        >
          <span className={m.label}>{suggestion.label}</span>
          {suggestion.detail && <span className={m.detail}>{suggestion.detail}</span>}
        </div>
      ))}
    </div>
  );
}
