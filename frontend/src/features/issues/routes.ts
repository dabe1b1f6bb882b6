import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as v from 'valibot';
import { type GlobalSearch, globalPart, readGlobalSearch, textOf } from '@/lib/routing/globalSearch.schema.ts';
import { orgRoute } from '@/lib/routing/parents.ts';

const sorts = ['date', 'new', 'freq', 'user', 'trends'] as const;
const StreamSearch = v.looseObject({
  /** Absent means the default query; an empty one means every issue. */
  query: v.fallback(v.optional(v.string()), undefined),
  sort: v.fallback(v.optional(v.picklist(sorts)), undefined),
  cursor: textOf,
});

export type IssueSort = (typeof sorts)[number];
export type IssuesSearch = GlobalSearch & {
  query?: string | undefined;
  sort?: IssueSort | undefined;
  cursor?: string | undefined;
};
export const defaultQuery = 'is:unresolved';

export const issuesRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'issues',
  staticData: { pageFilters: true, nav: 'issues' },
  validateSearch: (search: Record<string, unknown>): IssuesSearch => {
    const { query, sort, cursor } = v.parse(StreamSearch, search);
    return { ...globalPart(readGlobalSearch(search)), query, sort, cursor };
  },
  component: lazyRouteComponent(() => import('./IssuesPage.tsx'), 'IssuesPage'),
});

export const issueStreamRoutes = [issuesRoute] as const;
