import { ChevronRight } from 'lucide-react';
import { Children, type ReactNode } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import c from './Breadcrumbs.module.css';

const t = defineMessages({ label: 'Breadcrumbs' });

/** The way up: links, then the current place as plain text. */
export function Breadcrumbs({ children }: { children: ReactNode }) {
  return (
    <nav aria-label={t('label')} className={c.crumbs}>
      <ol>
        {Children.toArray(children).map((crumb, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the path is the identity.
          <li key={at}>
            {at > 0 && <ChevronRight size={12} aria-hidden="true" />}
            {crumb}
          </li>
        ))}
      </ol>
    </nav>
  );
}
