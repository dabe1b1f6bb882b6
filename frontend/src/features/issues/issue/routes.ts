import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { orgRoute } from '@/lib/routing/parents.ts';

const page = () => import('./IssuePage.tsx');

export const issueRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'issues/$issueId',
  staticData: { pageFilters: true, nav: 'issues' },
  component: lazyRouteComponent(page, 'IssuePage'),
});

export const issueEventRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'issues/$issueId/events/$eventId',
  staticData: { pageFilters: true, nav: 'issues' },
  component: lazyRouteComponent(page, 'IssuePage'),
});

export const issueRoutes = [issueRoute, issueEventRoute] as const;
