import { Search } from 'lucide-react';
import c from './FilterInput.module.css';

/** A small field that narrows the list below it while one types. */
export function FilterInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <span className={c.box}>
      <Search size={12} aria-hidden="true" />
      <input
        type="search"
        className={c.input}
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </span>
  );
}
