import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { fillPath, type Query } from '@/lib/url.ts';
import { get, send } from './client.ts';
import { type Page, toPage } from './page.ts';
import { STALE } from './stale.ts';

type Names<S extends string> = S extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;

type Options<P extends string> = {
  query?: Query;
  staleTime?: number;
  /** False for what anybody may read: its answer says nothing about being signed in. */
  signIn?: false;
} & ([Names<P>] extends [never] ? { path?: undefined } : { path: Record<Names<P>, string> });

/**
 * Query options from a path template: `apiOptions<Issue>()('/api/0/organizations/{org}/issues/{issue}/', { path: {…} })`.
 * The template, its values and the query are the key; invalidate with a prefix of it. Callers never write keys.
 */
export const apiOptions =
  <T>() =>
  <const P extends string>(template: P, options: Options<P>) => {
    const path = (options.path ?? {}) as Record<string, string>;
    const query = options.query ?? {};
    return queryOptions({
      queryKey: [template, path, query] as const,
      queryFn: ({ signal }) =>
        get<T>(fillPath(template, path), { query, signal, ...(options.signIn === false ? { signIn: false } : {}) }),
      staleTime: options.staleTime ?? STALE.shared,
    });
  };

/** The same for a list that is read page by page along its Link header. `from` is a cursor to start at. */
export const apiPages =
  <T>() =>
  <const P extends string>(template: P, options: Options<P> & { from?: string | undefined }) => {
    const path = (options.path ?? {}) as Record<string, string>;
    const query = options.query ?? {};
    return infiniteQueryOptions({
      queryKey: [template, path, query, { pages: options.from ?? '' }] as const,
      queryFn: async ({ signal, pageParam }): Promise<Page<T>> => {
        const reply = await send<T[]>(fillPath(template, path), { query: { ...query, cursor: pageParam }, signal });
        return toPage(reply.data, reply.headers);
      },
      initialPageParam: options.from,
      getNextPageParam: (page: Page<T>) => page.next,
      staleTime: options.staleTime ?? STALE.shared,
    });
  };
