import { useId } from 'react';
import { Checkbox } from '@/ui/Checkbox.tsx';
import c from './CheckField.module.css';

/** A box of a form with its label and what it does. */
export function CheckField({
  name,
  label,
  help,
  value,
  defaultChecked,
  disabled = false,
}: {
  name: string;
  label: string;
  help?: string;
  value?: string;
  defaultChecked: boolean;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className={c.check}>
      <Checkbox
        id={id}
        name={name}
        value={value}
        defaultChecked={defaultChecked}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
      />
      <label htmlFor={id}>{label}</label>
      {help && (
        <p id={`${id}-help`} className={c.help}>
          {help}
        </p>
      )}
    </div>
  );
}
