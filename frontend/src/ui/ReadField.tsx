import type { ReactNode } from 'react';
import c from './TextField.module.css';

/** What a form shows and does not change: text with a label, not a box one would try to write in. */
export function ReadField({ label, help, children }: { label: string; help?: ReactNode; children: ReactNode }) {
  return (
    <dl className={c.field}>
      <dt className={c.label}>{label}</dt>
      <dd className={c.read}>{children}</dd>
      {help && <dd className={c.help}>{help}</dd>}
    </dl>
  );
}
