import type { QueryClient } from '@tanstack/react-query';
import { createRouter, type RouterHistory } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '@/lib/routing/search.ts';
import { routeTree } from './routes.ts';

/** The router of one page; a test brings its own history. */
export const makeRouter = (queryClient: QueryClient, history?: RouterHistory) =>
  createRouter({
    routeTree,
    ...(history ? { history } : {}),
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    trailingSlash: 'always',
    // The page scrolls inside <main>: a new page starts at its top, going back finds the place again.
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
  });

export type AppRouter = ReturnType<typeof makeRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
