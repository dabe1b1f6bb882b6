import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import c from './EmptyState.module.css';

/** Nothing here, why, and exactly one next step. */
export function EmptyState({
  icon: Icon,
  title,
  level: Heading = 'h2',
  children,
  action,
}: {
  icon?: LucideIcon;
  title: string;
  /** h1 where this is the whole page. */
  level?: 'h1' | 'h2';
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={c.empty}>
      {Icon && <Icon size={28} strokeWidth={1.5} aria-hidden="true" />}
      <Heading>{title}</Heading>
      {children && <div className={c.text}>{children}</div>}
      {action && <div className={c.action}>{action}</div>}
    </div>
  );
}
