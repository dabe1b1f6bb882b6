import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as v from 'valibot';
import { type Category, categories } from '@/api/categories.ts';
import { type GlobalSearch, globalPart, readGlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { orgRoute } from '@/lib/routing/parents.ts';

const UsageSearchSchema = v.looseObject({
  category: v.fallback(v.optional(v.picklist(categories)), undefined),
});

export type UsageSearch = GlobalSearch & {
  /** Whose outcomes the chart and the lists below it show. */
  category?: Category | undefined;
};

export const usageRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'stats',
  staticData: { pageFilters: true, nav: 'usage' },
  validateSearch: (search: Record<string, unknown>): UsageSearch => ({
    ...globalPart(readGlobalSearch(search)),
    category: v.parse(UsageSearchSchema, search).category,
  }),
  component: lazyRouteComponent(() => import('./UsagePage.tsx'), 'UsagePage'),
});

export const usageRoutes = [usageRoute] as const;
