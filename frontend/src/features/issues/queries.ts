import { queryOptions } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { apiOptions, apiPages } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import type { EventsStats, Issue, TagKey, TagValue } from '@/api/types.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { interval, resolveRange, toUrlTime } from '@/lib/time/range.ts';
import { fillPath } from '@/lib/url.ts';
import { defaultQuery, type IssuesSearch } from './routes.ts';

export const ISSUES_PATH = '/api/0/organizations/{org}/issues/';
const PAGE = 100;
const NEWEST = 25;

/** The page filters as the API takes them; either a period or both ends. */
export const scopeQuery = (search: GlobalSearch) => ({
  project: search.project,
  environment: search.environment,
  ...(search.start && search.end
    ? { start: search.start, end: search.end }
    : { statsPeriod: search.statsPeriod ?? '14d' }),
});

export const queryOf = (search: IssuesSearch): string => search.query ?? defaultQuery;

const streamQuery = (search: IssuesSearch) => ({
  ...scopeQuery(search),
  query: queryOf(search),
  sort: search.sort ?? 'date',
  groupStatsPeriod: 'auto',
});

/** The list, a page at a time along the cursor. An empty query is sent as such: absent would mean unresolved. */
export const issuesQuery = (org: string, search: IssuesSearch) =>
  apiPages<Issue>()(ISSUES_PATH, {
    path: { org },
    query: { ...streamQuery(search), limit: PAGE },
    from: search.cursor,
    staleTime: STALE.live,
  });

export type NewestIssues = { rows: Issue[]; etag: string | null };

/** The head of the list, asked again and again to see what is new; an unchanged one costs an empty answer. */
export const newestIssuesQuery = (org: string, search: IssuesSearch) => {
  const query = { ...streamQuery(search), limit: NEWEST };
  return queryOptions({
    queryKey: [ISSUES_PATH, { org }, query, { newest: true }] as const,
    queryFn: async ({ signal, client, queryKey }): Promise<NewestIssues> => {
      const last = client.getQueryData<NewestIssues>(queryKey);
      const headers: Record<string, string> = last?.etag ? { 'If-None-Match': last.etag } : {};
      const reply = await send<Issue[]>(fillPath(ISSUES_PATH, { org }), { query, signal, headers });
      return reply.status === 304 && last ? last : { rows: reply.data, etag: reply.headers.get('ETag') };
    },
    staleTime: 0,
  });
};

/** How many issues each query of the tabs matches. */
export const issueCountsQuery = (org: string, search: GlobalSearch, queries: readonly string[]) =>
  apiOptions<Record<string, number>>()('/api/0/organizations/{org}/issues-count/', {
    path: { org },
    query: { ...scopeQuery(search), query: queries },
  });

/** Events over time: the chosen range and as long a one before it, in one answer, so that the two can be compared. */
export const eventsQuery = (org: string, search: IssuesSearch, level?: string) => {
  const { from, to } = resolveRange(search);
  const absolute = Boolean(search.start && search.end);
  const length = to - from;
  const width = interval(length);
  return apiOptions<EventsStats>()('/api/0/organizations/{org}/events-stats/', {
    path: { org },
    query: {
      project: search.project,
      environment: search.environment,
      ...(absolute ? { start: toUrlTime(from - length), end: toUrlTime(to) } : { statsPeriod: `${length * 2}s` }),
      yAxis: 'count()',
      interval: width.name,
      query: level ? `${queryOf(search)} level:${level}`.trim() : queryOf(search),
    },
    staleTime: STALE.shared,
  });
};

export const tagKeysQuery = (org: string, search: GlobalSearch) =>
  apiOptions<TagKey[]>()('/api/0/organizations/{org}/tags/', {
    path: { org },
    query: scopeQuery(search),
    staleTime: STALE.calm,
  });

export const tagValuesQuery = (org: string, search: GlobalSearch, key: string, query: string) =>
  apiOptions<TagValue[]>()('/api/0/organizations/{org}/tags/{key}/values/', {
    path: { org, key },
    query: { ...scopeQuery(search), query },
    staleTime: STALE.calm,
  });
