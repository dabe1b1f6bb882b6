import type { ReactNode } from 'react';
import c from './Fields.module.css';

/** Fields of a form side by side, as far as there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={c.fields}>{children}</div>;
}
