import { Search } from 'lucide-react';
import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from '@/ui/Button.tsx';
import { PlatformMark } from '@/ui/PlatformMark.tsx';
import c from './PlatformPicker.module.css';
import { findPlatforms } from './platforms/all.ts';

const t = defineMessages({
  label: 'Platform',
  search: 'Find a language or framework',
  all: 'Show all {n} platforms',
  none: 'None of the guides fits “{text}”. Anything that speaks HTTP can send events:',
});

/** So many stand on a phone before one asks for the others: what follows the list stays in reach. */
const FIRST = 6;

/** Every platform with a guide, as tiles; typing narrows them. */
export function PlatformPicker({ value, onPick }: { value: string | undefined; onPick: (id: string) => void }) {
  const [text, setText] = useState('');
  const [all, showAll] = useState(false);
  const found = findPlatforms(text);
  const shown = found.length > 0 ? found : findPlatforms('curl');
  const folded = !all && text === '' && shown.length > FIRST;
  return (
    <div className={c.picker}>
      <span className={c.search}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-test-id="platform-search"
        />
      </span>
      {found.length === 0 && (
        <p className={c.none} role="status">
          {t('none', { text })}
        </p>
      )}
      <ul className={c.grid} aria-label={t('label')}>
        {shown.map(({ id, name }, at) => (
          <li key={id} data-later={folded && at >= FIRST && id !== value ? '' : undefined}>
            <button
              type="button"
              className={c.tile}
              aria-pressed={id === value}
              onClick={() => onPick(id)}
              data-test-id={`platform-${id}`}
            >
              <PlatformMark platform={id} />
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ul>
      {folded && (
        <Button className={c.more} onPress={() => showAll(true)} data-test-id="all-platforms">
          {t('all', { n: shown.length })}
        </Button>
      )}
    </div>
  );
}
