import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { compact } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { type GlobalSearch, globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import tabs from '@/ui/tabs.module.css';
import { IssueHead } from './IssueHead.tsx';
import c from './IssuePage.module.css';
import { eventQuery, type IssueDetail, issueQuery, issueTagsQuery } from './queries.ts';
import { useIssueChange } from './useIssueChange.ts';
import { useIssueTrail } from './useIssueTrail.ts';

const t = defineMessages({
  tabs: 'Parts of the issue',
  details: 'Details',
  events: 'Events',
  tags: 'Tags',
});
const REFRESH = 15_000;

/** An issue that was opened is not unread any more; nothing to tell if that fails. */
const useMarkSeen = (place: { org: string; issue: string }, issue: IssueDetail | undefined): void => {
  const change = useIssueChange(place);
  const unread = issue !== undefined && !issue.hasSeen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each unread issue, not for each render.
  useEffect(() => {
    if (unread) void change({ hasSeen: true });
  }, [unread, place.issue]);
};

/** Asks for the event while the issue is still on its way: the details would have to wait for one after the other. */
const useEarlyEvent = (place: { org: string; issue: string }): void => {
  const { eventId } = useParams({ strict: false }) as { eventId?: string };
  const { environment } = useSearch({ strict: false }) as GlobalSearch;
  const { pathname } = useLocation();
  const event = eventId ?? (pathname.endsWith(`/${place.issue}/`) ? 'latest' : undefined);
  const query = eventQuery({ ...place, event: event ?? '' }, eventId?.length === 32 ? [] : environment);
  useQuery({ ...query, enabled: event !== undefined, notifyOnChangeProps: [] });
};

/** For how long the page waits for the end of its opening sentence. */
const PATIENCE = 400;

/** The end of the opening sentence comes with the tags: the page is drawn once with both, so that nothing moves. */
const useTags = (place: { org: string; issue: string }): boolean => {
  const { isPending, failureCount } = useQuery(issueTagsQuery(place));
  const { issue } = place;
  const [late, setLate] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setLate(issue), PATIENCE);
    return () => clearTimeout(timer);
  }, [issue]);
  return late === issue || !isPending || failureCount > 0;
};

function Tabs({ issue, place }: { issue: IssueDetail; place: { org: string; issue: string } }) {
  const params = { org: place.org, issueId: place.issue };
  const search = globalPart(useSearch({ strict: false }));
  const { eventId } = useParams({ strict: false }) as { eventId?: string };
  const common = { params, search, className: tabs.tab ?? '', activeOptions: { includeSearch: false } };
  return (
    <nav className={`${tabs.tabs} ${c.tabs}`} aria-label={t('tabs')}>
      <Link
        {...common}
        to="/organizations/$org/issues/$issueId/"
        activeOptions={{ exact: true, includeSearch: false }}
        {...(eventId ? { 'aria-current': 'page' } : {})}
      >
        {t('details')}
      </Link>
      <Link
        {...common}
        to="/organizations/$org/issues/$issueId/events/"
        activeOptions={{ exact: true, includeSearch: false }}
      >
        {t('events')}
        <span className={c.count}>{compact(Number(issue.count))}</span>
      </Link>
      <Link {...common} to="/organizations/$org/issues/$issueId/distributions/">
        {t('tags')}
      </Link>
    </nav>
  );
}

/** One issue: what it is and what to do about it; the tabs below go into its events. */
export function IssuePage() {
  const { org = '', issueId: issue = '' } = useParams({ strict: false }) as { org?: string; issueId?: string };
  const place = { org, issue };
  const query = useQuery({ ...issueQuery(place), refetchInterval: REFRESH });
  const complete = useTags(place);
  useEarlyEvent(place);
  useMarkSeen(place, query.data);
  useIssueTrail(org, query.data?.id ?? issue);
  useTitle(query.data?.metadata.type ?? query.data?.title, query.data?.project.slug);
  if (query.data && complete) {
    return (
      <div className={c.page}>
        <IssueHead issue={query.data} place={place} />
        <Tabs issue={query.data} place={place} />
        <Outlet />
      </div>
    );
  }
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={c.loading}>
      <Skeleton rows={3} height={28} />
      <Skeleton rows={8} height={32} />
    </div>
  );
}
