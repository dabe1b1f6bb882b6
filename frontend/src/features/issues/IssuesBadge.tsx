import { useQuery } from '@tanstack/react-query';
import { useOrg } from '@/api/useOrg.ts';
import { compact } from '@/lib/format/number.ts';
import { rememberedFilters } from '@/lib/routing/filters.ts';
import { issueCountsQuery } from './queries.ts';
import { defaultQuery } from './routes.ts';
import { viewQueries } from './views.ts';

/** How many unresolved issues there are, for the rail. */
export function IssuesBadge({ className }: { className: string | undefined }) {
  const org = useOrg();
  const { data } = useQuery({ ...issueCountsQuery(org, rememberedFilters(org), viewQueries), enabled: org !== '' });
  const count = data?.[defaultQuery];
  return count ? <span className={className}>{compact(count)}</span> : null;
}
