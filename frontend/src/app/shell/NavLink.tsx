import { Link, useMatches } from '@tanstack/react-router';
import { useOrg } from '@/api/useOrg.ts';
import { rememberedFilters } from '@/lib/routing/filters.ts';
import type { NavEntry } from './nav.ts';

/** The rail entry of the current page. */
export const useCurrentNav = (): string | undefined =>
  useMatches().findLast((match) => match.staticData.nav)?.staticData.nav;

/** A link of the rail or the bottom bar. It leads to the place as it was left: with the filters last used. */
export function NavLink({
  entry,
  className,
  children,
}: {
  entry: NavEntry;
  className: string | undefined;
  children: React.ReactNode;
}) {
  const org = useOrg();
  const current = useCurrentNav() === entry.id;
  return (
    <Link
      to={entry.to}
      params={{ org }}
      search={entry.id === 'issues' ? rememberedFilters(org) : {}}
      className={className}
      activeProps={{}}
      aria-current={current ? 'page' : undefined}
      data-test-id={`nav-${entry.id}`}
    >
      {children}
    </Link>
  );
}
