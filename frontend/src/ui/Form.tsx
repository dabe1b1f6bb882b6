import { createContext, type FormEvent, type ReactNode, useContext } from 'react';
import type { FieldErrors } from '@/api/problem.ts';
import { classes } from './classes.ts';
import c from './Form.module.css';

const Errors = createContext<FieldErrors>({});

/** The server's messages for one field. */
export const useFieldErrors = (name: string | undefined): string[] => useContext(Errors)[name ?? ''] ?? [];

/** A form that hands over its values and shows the server's `{field: [message]}` beside the fields. */
export function Form({
  errors = {},
  onSubmit,
  className,
  children,
  ...rest
}: {
  errors?: FieldErrors;
  onSubmit: (values: FormData) => void;
  className?: string | undefined;
  children: ReactNode;
  'aria-label'?: string;
  'data-test-id'?: string;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Errors value={errors}>
      <form {...rest} className={classes(c.form, className)} onSubmit={submit}>
        {children}
      </form>
    </Errors>
  );
}
