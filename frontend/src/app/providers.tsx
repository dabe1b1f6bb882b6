import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { isPassing, waitOf } from '@/api/outage.ts';
import { Problem } from '@/api/problem.ts';
import { STALE } from '@/api/stale.ts';
import { ToastHost } from '@/ui/ToastHost.tsx';
import type { AppRouter } from './router.ts';

/** Only what may pass by itself is asked again, for as long as it takes. */
const waitAfter = (error: unknown): number | false =>
  error instanceof Problem && isPassing(error) ? waitOf(error) : false;

export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE.shared,
        retry: false,
        refetchInterval: (query) => waitAfter(query.state.error),
      },
    },
  });

/** The whole application for one browser page. */
export function Application({ queryClient, router }: { queryClient: QueryClient; router: AppRouter }) {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <ToastHost />
    </QueryClientProvider>
  );
}
