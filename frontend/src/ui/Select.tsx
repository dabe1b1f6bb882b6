import { ChevronsUpDown } from 'lucide-react';
import { type SelectHTMLAttributes, useId } from 'react';
import { classes } from './classes.ts';
import c from './Select.module.css';
import f from './TextField.module.css';

type Option = { id: string; label: string };

/** One of a list, as the platform shows it: it works on every device and needs no code. */
export function Select({
  label,
  options,
  help,
  className,
  ...select
}: Omit<SelectHTMLAttributes<HTMLSelectElement>, 'size'> & {
  label: string;
  options: readonly Option[];
  help?: string;
}) {
  const id = useId();
  return (
    <div className={classes(f.field, className)}>
      <label htmlFor={id} className={f.label}>
        {label}
      </label>
      <span className={c.box}>
        <select
          {...select}
          id={id}
          className={classes(f.input, c.select)}
          aria-describedby={help ? `${id}-help` : undefined}
        >
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronsUpDown size={13} aria-hidden="true" />
      </span>
      {help && (
        <p id={`${id}-help`} className={f.help}>
          {help}
        </p>
      )}
    </div>
  );
}
