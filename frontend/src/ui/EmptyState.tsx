import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import c from './EmptyState.module.css';

/** Nothing here, why, and exactly one next step. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={c.empty}>
      {Icon && <Icon size={28} strokeWidth={1.5} aria-hidden="true" />}
      <h2>{title}</h2>
      {children && <div className={c.text}>{children}</div>}
      {action && <div className={c.action}>{action}</div>}
    </div>
  );
}
