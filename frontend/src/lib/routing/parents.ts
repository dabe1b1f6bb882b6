import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import { writeStored } from '../storage.ts';
import { readGlobalSearch } from './globalSearch.schema.ts';

/** What a route says about itself beside its component. */
declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Shows project, environment and time in the top bar. */
    pageFilters?: boolean;
    /** Which entry of the rail is lit: its id. */
    nav?: string;
  }
}

/**
 * The parents every feature hangs its routes under. The application gives them their components, so that a feature needs
 * to know nothing of the shell.
 */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({});

/** Everything behind the sign-in, with rail and top bar. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell' });

/** Pages of one organization; they all carry the page filters. */
export const orgRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'organizations/$org',
  validateSearch: readGlobalSearch,
  /** Pages without an organization in their address show the one visited last. */
  beforeLoad: ({ params }) => writeStored('org', params.org),
});
