import { CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import c from './Banner.module.css';
import { classes } from './classes.ts';

type Tone = 'info' | 'success' | 'warning' | 'error';
const icons: Record<Tone, LucideIcon> = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  error: TriangleAlert,
};

/** A message that belongs to the page and stays until its reason is gone. Errors are announced. */
export function Banner({ tone = 'info', children, action }: { tone?: Tone; children: ReactNode; action?: ReactNode }) {
  const Icon = icons[tone];
  return (
    <div className={classes(c.banner, c[tone])} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon size={15} aria-hidden="true" />
      <div className={c.text}>{children}</div>
      {action}
    </div>
  );
}
