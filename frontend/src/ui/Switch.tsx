import type { ReactNode } from 'react';
import c from './Switch.module.css';

/** Something that is on or off at once, without a Save button. */
export function Switch({
  checked,
  onChange,
  disabled = false,
  children,
  ...rest
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
  'data-test-id'?: string;
}) {
  return (
    <label className={c.switch}>
      <input
        {...rest}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
