import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Problem } from '@/api/problem.ts';
import { STALE } from '@/api/stale.ts';
import { ToastHost } from '@/ui/ToastHost.tsx';
import { makeRouter } from './router.ts';

const MAX_RETRIES = 2;
const LONGEST_WAIT = 10_000;

/** Only what may pass by itself is tried again: no connection, a busy server, a server that says when. */
const passes = (error: unknown): boolean =>
  error instanceof Problem && (error.status === 0 || error.status === 502 || error.status === 503);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE.shared,
      retry: (failures, error) => failures < MAX_RETRIES && passes(error),
      retryDelay: (attempt, error) =>
        Math.min(
          error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : 500 * 2 ** attempt,
          LONGEST_WAIT,
        ),
    },
  },
});

const router = makeRouter(queryClient);

export function Application() {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <ToastHost />
    </QueryClientProvider>
  );
}
