import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { common } from '@/lib/i18n/en.ts';
import { classes } from './classes.ts';
import { useFieldErrors } from './Form.tsx';
import c from './TextField.module.css';

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'size'> & {
  label: string;
  help?: ReactNode;
  /** A message of this page; the server's messages come from the form. */
  error?: string | undefined;
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
};

/** One line of text with its label, help and errors. Optional fields say so; required ones need no mark. */
export function TextField({ label, help, error, mono = false, className, id, ...input }: Props) {
  const own = useId();
  const inputId = id ?? own;
  const serverErrors = useFieldErrors(input.name);
  const errors = error ? [error, ...serverErrors] : serverErrors;
  const described = [help && `${inputId}-help`, errors.length > 0 && `${inputId}-error`].filter(Boolean).join(' ');
  return (
    <div className={classes(c.field, className)}>
      <label htmlFor={inputId} className={c.label}>
        {label}
        {input.required === false && <span className={c.optional}> {common('optional')}</span>}
      </label>
      <input
        {...input}
        id={inputId}
        className={classes(c.input, mono && c.mono)}
        aria-invalid={errors.length > 0 || undefined}
        aria-describedby={described || undefined}
      />
      {help && (
        <p id={`${inputId}-help`} className={c.help}>
          {help}
        </p>
      )}
      {errors.length > 0 && (
        <p id={`${inputId}-error`} className={c.error} role="alert">
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}
