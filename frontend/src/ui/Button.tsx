import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';
import c from './Button.module.css';
import { classes } from './classes.ts';

export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick' | 'disabled'> & {
  /** `primary` at most once per view. */
  variant?: 'primary' | 'default' | 'ghost' | 'danger';
  size?: 'sm' | 'md' | 'lg';
  /** Square, for a single icon; needs an aria-label. */
  icon?: boolean;
  /** Working on it: keeps the width, cannot be pressed, announced as busy. */
  busy?: boolean;
  isDisabled?: boolean | undefined;
  onPress?: (event: MouseEvent<HTMLButtonElement>) => void;
  ref?: Ref<HTMLButtonElement>;
  children?: ReactNode;
};

export function Button({
  variant = 'default',
  size = 'md',
  icon = false,
  busy = false,
  isDisabled = false,
  onPress,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classes(c.button, c[variant], c[size], icon && c.icon, busy && c.busy, className)}
      disabled={isDisabled}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onPress}
    >
      {busy ? <span className={c.label}>{children}</span> : children}
      {busy && <span className={c.spinner} aria-hidden="true" />}
    </button>
  );
}
