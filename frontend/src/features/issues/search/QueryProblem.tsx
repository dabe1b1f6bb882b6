import { defineMessages } from '@/lib/i18n/t.ts';
import type { SearchError } from '@/lib/query-language/parser.ts';
import { Button } from '@/ui/Button.tsx';
import c from './QueryInput.module.css';

const t = defineMessages({ fix: 'Change to {text}' });

/** What is wrong with the search, and a button that puts it right where that is possible. */
export function QueryProblem({
  id,
  text,
  error,
  refusal,
  onFix,
}: {
  id: string;
  text: string;
  error: SearchError | undefined;
  refusal: string | undefined;
  onFix: (text: string) => void;
}) {
  const fix = error?.fix;
  return (
    <p id={id} className={c.problem} role="alert" data-test-id="query-problem">
      {error?.message ?? refusal}
      {error && fix && (
        <Button size="sm" onPress={() => onFix(text.slice(0, error.start) + fix.text + text.slice(error.end))}>
          {t('fix', { text: fix.text })}
        </Button>
      )}
    </p>
  );
}
