import { type InputHTMLAttributes, useEffect, useRef } from 'react';
import c from './Checkbox.module.css';
import { classes } from './classes.ts';

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & { indeterminate?: boolean };

/** The browser's own checkbox in our colours; give it a label or an aria-label. */
export function Checkbox({ indeterminate = false, className, ...rest }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return <input {...rest} ref={input} type="checkbox" className={classes(c.box, className)} />;
}
