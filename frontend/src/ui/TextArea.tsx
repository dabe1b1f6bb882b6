import { type ReactNode, type TextareaHTMLAttributes, useId } from 'react';
import { classes } from './classes.ts';
import { useFieldErrors } from './Form.tsx';
import c from './TextArea.module.css';
import f from './TextField.module.css';

/** Several lines of text with label, help and the server's errors; the sister of TextField. */
export function TextArea({
  label,
  help,
  ...area
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { label: string; help?: ReactNode }) {
  const id = useId();
  const errors = useFieldErrors(area.name);
  const described = [help && `${id}-help`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={f.field}>
      <label htmlFor={id} className={f.label}>
        {label}
      </label>
      <textarea
        {...area}
        id={id}
        className={classes(f.input, f.mono, c.area)}
        aria-invalid={errors.length > 0 || undefined}
        aria-describedby={described || undefined}
      />
      {help && (
        <p id={`${id}-help`} className={f.help}>
          {help}
        </p>
      )}
      {errors.length > 0 && (
        <p id={`${id}-error`} className={f.error} role="alert">
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}
