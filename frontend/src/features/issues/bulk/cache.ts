import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Page } from '@/api/page.ts';
import type { Issue, IssueChange, Member } from '@/api/types.ts';
import type { Query } from '@/lib/url.ts';
import { ISSUES_PATH, type NewestIssues } from '../queries.ts';
import { changed, reinserted, staysIn } from './effects.ts';

type Cached = InfiniteData<Page<Issue>> | NewestIssues | undefined;
type MapRows = (rows: Issue[]) => Issue[];

const mapPages = (data: InfiniteData<Page<Issue>>, map: MapRows): InfiniteData<Page<Issue>> => {
  const pages = data.pages.map((page) => ({ ...page, rows: map(page.rows) }));
  const size = (all: readonly Page<Issue>[]) => all.reduce((sum, page) => sum + page.rows.length, 0);
  const gone = size(data.pages) - size(pages);
  return {
    ...data,
    pages: pages.map((page) => ({ ...page, hits: page.hits === undefined ? undefined : page.hits - gone })),
  };
};

const mapRows = (cached: Cached, map: MapRows): Cached => {
  if (!cached) return cached;
  return 'pages' in cached ? mapPages(cached, map) : { rows: map(cached.rows), etag: null };
};

const rowsOf = (cached: Cached): Issue[][] => {
  if (!cached) return [];
  return 'pages' in cached ? cached.pages.map(({ rows }) => rows) : [cached.rows];
};

/**
 * Shows a change in every list at once; rows that no longer belong in their list leave it. Returns the way back, which
 * touches these issues only: what has happened to others in the meantime stays.
 */
export const applyNow = (
  client: QueryClient,
  ids: ReadonlySet<string>,
  change: IssueChange,
  members: readonly Member[],
): (() => void) => {
  const before = client.getQueriesData<Cached>({ queryKey: [ISSUES_PATH] });
  for (const [key, cached] of before) {
    const query = String((key[2] as Query | undefined)?.query ?? '');
    const apply: MapRows = (rows) =>
      rows.flatMap((row) => {
        if (!ids.has(row.id)) return [row];
        const next = changed(row, change, members);
        return staysIn(next, query) ? [next] : [];
      });
    client.setQueryData(key, mapRows(cached, apply));
  }
  return () => {
    for (const [key, earlier] of before) {
      const pages = rowsOf(earlier);
      let at = 0;
      client.setQueryData<Cached>(key, (cached) => mapRows(cached, (rows) => reinserted(rows, pages[at++] ?? [], ids)));
    }
  };
};
