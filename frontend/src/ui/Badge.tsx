import type { ReactNode } from 'react';
import c from './Badge.module.css';
import { classes } from './classes.ts';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'error' | 'fatal';

/** A word or two about a thing's state; the word says it, the colour repeats it. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={classes(c.badge, c[tone])}>{children}</span>;
}
