import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Issue } from '@/api/types.ts';
import { issuesQuery, newestIssuesQuery } from '../queries.ts';
import type { IssuesSearch } from '../routes.ts';

const POLL = 10_000;

const isNewer = (fresh: Issue, shown: Issue): boolean =>
  fresh.count !== shown.count || fresh.lastSeen !== shown.lastSeen;

/** Rows with the counts of the latest poll; an unchanged row stays the same object, so that it is not drawn again. */
const withFreshCounts = (rows: readonly Issue[], newest: readonly Issue[]): Issue[] => {
  const byId = new Map(newest.map((issue) => [issue.id, issue]));
  return rows.map((row) => {
    const fresh = byId.get(row.id);
    if (!fresh || !isNewer(fresh, row)) return row;
    const { count, userCount, lastSeen, stats } = fresh;
    return { ...row, count, userCount, lastSeen, ...(stats ? { stats } : {}) };
  });
};

/**
 * The list: pages along the cursor, and the newest head polled beside it. New issues are counted and wait until somebody
 * asks for them; the order on screen never moves by itself.
 */
export const useIssueStream = (org: string, search: IssuesSearch) => {
  const client = useQueryClient();
  const list = useInfiniteQuery({
    ...issuesQuery(org, search),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const live = !search.cursor && !search.end && !list.isPlaceholderData && list.isSuccess;
  const poll = useQuery({ ...newestIssuesQuery(org, search), enabled: live, refetchInterval: POLL });
  const newest = live ? poll.data?.rows : undefined;
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const rows = useMemo(() => (newest ? withFreshCounts(loaded, newest) : loaded), [loaded, newest]);
  const fresh = useMemo(() => {
    if (!newest || (search.sort ?? 'date') !== 'date') return 0;
    const known = new Set(loaded.map(({ id }) => id));
    // Beyond the last loaded row everything is unknown; only what stands above it is new.
    const oldest = loaded.at(-1)?.lastSeen ?? '';
    return newest.filter((issue) => !known.has(issue.id) && issue.lastSeen > oldest).length;
  }, [newest, loaded, search.sort]);
  const refresh = useCallback(
    () => client.resetQueries({ queryKey: issuesQuery(org, search).queryKey }),
    [client, org, search],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    rows,
    fresh,
    total: list.data?.pages[0]?.hits ?? rows.length,
    /** There are more than `total`. */
    uncounted: list.data?.pages[0]?.uncounted ?? false,
    error: list.error,
    isPending: list.isPending,
    isStale: list.isPlaceholderData,
    isLoadingMore: isFetchingNextPage,
    retry: list.refetch,
    refresh,
    loadMore,
  };
};

export type IssueStreamState = ReturnType<typeof useIssueStream>;
