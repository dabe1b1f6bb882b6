import { apiOptions, apiPages } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import type { EventsStats, Issue, TagValue, TeamSummary, User } from '@/api/types.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { interval, resolveRange } from '@/lib/time/range.ts';
import { scopeQuery } from '../queries.ts';
import type { Activity } from './model/activity.ts';
import type { EventDetail, EventRow } from './model/event.ts';
import type { ReleaseFact, TagSummary } from './model/facts.ts';
import type { IssueSearch } from './routes.ts';

export type Person = Pick<User, 'id' | 'name' | 'email' | 'username'>;

/** The issue with what only its own page shows. */
export type IssueDetail = Issue & {
  activity: Activity[];
  seenBy: (Person & { lastSeen?: string })[];
  participants: Person[];
  firstRelease: ReleaseFact | null;
  lastRelease: ReleaseFact | null;
};

export type EventHash = { id: string; latestEvent?: { eventID: string; dateCreated?: string } | null };

type Place = { org: string; issue: string };

export const issuePath = '/api/0/organizations/{org}/issues/{issue}/';
export const issueListPath = '/api/0/organizations/{org}/issues/';

export const issueQuery = (path: Place) => apiOptions<IssueDetail>()(issuePath, { path, staleTime: STALE.live });

export const eventQuery = (path: Place & { event: string }, environment: readonly string[] = []) =>
  apiOptions<EventDetail>()(`${issuePath}events/{event}/`, {
    path,
    query: { environment },
    // A named event never changes; "latest" is another one every minute.
    staleTime: path.event.length === 32 ? STALE.calm : STALE.live,
  });

export const eventPages = (path: Place, search: IssueSearch) =>
  apiPages<EventRow>()(`${issuePath}events/`, {
    path,
    query: {
      query: search.query,
      environment: search.environment,
      statsPeriod: search.statsPeriod,
      start: search.start,
      end: search.end,
      per_page: 50,
    },
    from: search.cursor,
  });

export const issueTagsQuery = (path: Place, environment: readonly string[] = []) =>
  apiOptions<TagSummary[]>()(`${issuePath}tags/`, { path, query: { environment } });

export const tagQuery = (path: Place & { key: string }) =>
  apiOptions<TagSummary>()(`${issuePath}tags/{key}/`, { path });

export const tagValuePages = (path: Place & { key: string }) =>
  apiPages<TagValue>()(`${issuePath}tags/{key}/values/`, { path, query: { sort: '-count' } });

export const hashesQuery = (path: Place) => apiOptions<EventHash[]>()(`${issuePath}hashes/`, { path });

export const teamsQuery = (org: string) =>
  apiOptions<TeamSummary[]>()('/api/0/organizations/{org}/teams/', { path: { org }, staleTime: STALE.calm });

/** How often the issue happened, in the range of the page. */
export const seriesQuery = (org: string, issue: Pick<Issue, 'shortId' | 'project'>, search: GlobalSearch) => {
  const { from, to } = resolveRange(search);
  return apiOptions<EventsStats>()('/api/0/organizations/{org}/events-stats/', {
    path: { org },
    query: {
      ...scopeQuery(search),
      project: issue.project.id,
      query: `issue:${issue.shortId}`,
      yAxis: 'count()',
      interval: interval(to - from).name,
    },
    staleTime: STALE.live,
  });
};
