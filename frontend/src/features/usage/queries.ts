import type { Category } from '@/api/categories.ts';
import { apiOptions } from '@/api/options.ts';
import type { DiskUsage, UsageStats, UsageSummary } from '@/api/types.ts';
import { defaultPeriod, resolveRange } from '@/lib/time/range.ts';
import { barWidth } from './figures.ts';
import type { UsageSearch } from './routes.ts';

const FIELD = 'sum(quantity)';

const periodOf = (search: UsageSearch) => {
  const { from, to } = resolveRange(search);
  const period = search.start
    ? { start: search.start, end: search.end }
    : { statsPeriod: search.statsPeriod ?? defaultPeriod };
  return { field: FIELD, project: search.project, interval: barWidth(to - from), ...period };
};

/** Every category's outcomes over time. */
export const outcomesQuery = (org: string, search: UsageSearch) =>
  apiOptions<UsageStats>()('/api/0/organizations/{org}/stats_v2/', {
    path: { org },
    query: { ...periodOf(search), groupBy: ['category', 'outcome'] },
  });

/** Why things of a category were not taken. */
export const reasonsQuery = (org: string, search: UsageSearch, category: Category) =>
  apiOptions<UsageStats>()('/api/0/organizations/{org}/stats_v2/', {
    path: { org },
    query: { ...periodOf(search), interval: '1d', category, groupBy: ['outcome', 'reason'] },
  });

export const summaryQuery = (org: string, search: UsageSearch, category: Category) =>
  apiOptions<UsageSummary>()('/api/0/organizations/{org}/stats-summary/', {
    path: { org },
    query: { ...periodOf(search), category },
  });

export const diskQuery = (org: string) =>
  apiOptions<DiskUsage>()('/api/0/organizations/{org}/disk-usage/', { path: { org } });
