import type { ReactNode } from 'react';
import { useId } from 'react';
import { classes } from '@/ui/classes.ts';
import c from './Panel.module.css';

/** One matter of a settings page, with its heading, what it means, and its controls. */
export function Panel({
  title,
  text,
  danger = false,
  aside,
  children,
}: {
  title: string;
  text?: ReactNode;
  danger?: boolean;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes(c.panel, danger && c.danger)}>
      <header className={c.head}>
        <div>
          <h2 id={id}>{title}</h2>
          {text && <p>{text}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  );
}
