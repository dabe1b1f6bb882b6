import type { ReactNode } from 'react';
import c from './Segmented.module.css';

/** A few exclusive choices, all visible. */
export function Segmented<Id extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Id;
  options: readonly { id: Id; label: ReactNode }[];
  onChange: (id: Id) => void;
}) {
  return (
    <fieldset className={c.group} aria-label={label}>
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          aria-pressed={option.id === value}
          data-test-id={`segment-${option.id}`}
          onClick={() => onChange(option.id)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
