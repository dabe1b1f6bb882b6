import { type Category, categories } from '@/api/categories.ts';
import type { UsageGroup, UsageStats } from '@/api/types.ts';
import type { Series } from '@/charts/stack.ts';

export const outcomes = ['accepted', 'filtered', 'rate_limited', 'invalid', 'client_discard'] as const;
export type Outcome = (typeof outcomes)[number];

const outcomeTokens: Record<Outcome, string> = {
  accepted: '--series-1',
  filtered: '--series-8',
  rate_limited: '--series-2',
  invalid: '--series-4',
  client_discard: '--series-6',
};

export const quantity = ({ totals }: UsageGroup): number => totals['sum(quantity)'];

export type CategoryRow = { category: Category; counts: Record<Outcome, number> };

/** One row for each category of which anything came, with its outcomes side by side. */
export const categoryRows = ({ groups }: UsageStats): CategoryRow[] =>
  categories.flatMap((category) => {
    const counts = { accepted: 0, filtered: 0, rate_limited: 0, invalid: 0, client_discard: 0 };
    const own = groups.filter(({ by }) => by.category === category);
    for (const group of own) {
      const outcome = outcomes.find((each) => each === group.by.outcome);
      if (outcome) counts[outcome] += quantity(group);
    }
    return own.length > 0 ? [{ category, counts }] : [];
  });

export type UsageChart = { times: number[]; series: Series[] };

/** The outcomes of one category over time; those that never happened have no bars. */
export const chartOf = (
  { intervals, groups }: UsageStats,
  category: Category,
  labels: Record<Outcome, string>,
): UsageChart => ({
  times: intervals.map((iso) => Date.parse(iso) / 1000),
  series: outcomes.flatMap((outcome) => {
    const group = groups.find(({ by }) => by.category === category && by.outcome === outcome);
    return group
      ? [{ label: labels[outcome], token: outcomeTokens[outcome], values: group.series['sum(quantity)'] }]
      : [];
  }),
});

/** Hours or parts of a day, so that a chart has at most about a hundred bars. */
export const barWidth = (seconds: number): string => {
  const hours = seconds / 3600;
  if (hours <= 100) return '1h';
  if (hours <= 600) return '6h';
  return '1d';
};
