import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import * as v from 'valibot';
import { type GlobalSearch, globalPart, readGlobalSearch, textOf } from '@/lib/routing/globalSearch.schema.ts';
import { orgRoute } from '@/lib/routing/parents.ts';

const ownEntries = v.looseObject({ query: textOf, cursor: textOf });
export type IssueSearch = GlobalSearch & { query?: string | undefined; cursor?: string | undefined };

const staticData = { pageFilters: true, nav: 'issues' };

/** One issue: its head stays while the tabs below it change. */
export const issueRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'issues/$issueId',
  staticData,
  validateSearch: (search: Record<string, unknown>): IssueSearch => {
    const { query, cursor } = v.parse(ownEntries, search);
    return { ...globalPart(readGlobalSearch(search)), query, cursor };
  },
  component: lazyRouteComponent(() => import('./IssuePage.tsx'), 'IssuePage'),
});

const details = () => import('./DetailsTab.tsx');
const tables = () => import('./tabs/TablesTab.tsx');

const recommendedRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: '/',
  staticData,
  component: lazyRouteComponent(details, 'DetailsTab'),
});

const eventRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: 'events/$eventId',
  staticData,
  component: lazyRouteComponent(details, 'DetailsTab'),
});

const eventsRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: 'events',
  staticData,
  component: lazyRouteComponent(tables, 'EventsTab'),
});

const distributionsRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: 'distributions',
  staticData,
  component: lazyRouteComponent(tables, 'TagsTab'),
});

const distributionRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: 'distributions/$tagKey',
  staticData,
  component: lazyRouteComponent(tables, 'TagTab'),
});

/** Addresses of older versions and of other tools. */
const oldTagsRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: 'tags',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/organizations/$org/issues/$issueId/distributions/', params, replace: true });
  },
});

const activityRoute = createRoute({
  getParentRoute: () => issueRoute,
  path: 'activity',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/organizations/$org/issues/$issueId/', params, hash: 'activity', replace: true });
  },
});

const tabs = [
  recommendedRoute,
  eventsRoute,
  eventRoute,
  distributionsRoute,
  distributionRoute,
  oldTagsRoute,
  activityRoute,
] as const;

export const issueRoutes = [issueRoute.addChildren(tabs)] as const;
