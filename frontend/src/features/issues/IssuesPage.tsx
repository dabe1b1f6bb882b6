import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { problemStatus } from '@/api/problem.ts';
import { ingestHealthQuery, projectsQuery } from '@/api/queries.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Banner } from '@/ui/Banner.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { GridSkeleton } from '@/ui/GridHeader.tsx';
import c from './IssuesPage.module.css';
import type { IssuesSearch } from './routes.ts';
import { issuesRoute } from './routes.ts';
import { EventsChart } from './stream/EventsChart.tsx';
import { IssueStream } from './stream/IssueStream.tsx';
import { StreamHead } from './stream/StreamHead.tsx';
import { t } from './stream/strings.ts';
import { type IssueStreamState, useIssueStream } from './stream/useIssueStream.ts';

const StreamEmpty = lazy(() => import('./stream/StreamEmpty.tsx'));

/** Says so when what is on screen may be old. */
function DelayBanner({ org }: { org: string }) {
  const { data } = useQuery(ingestHealthQuery(org));
  if (!data || data.status === 'healthy') return null;
  return (
    <div className={c.banner}>
      <Banner tone="warning">{t(data.status, { n: Math.round(data.lagSeconds) })}</Banner>
    </div>
  );
}

/** No project has ever sent an event: the page is the onboarding. */
const useFirstRun = (org: string): boolean => {
  const { data } = useQuery(projectsQuery(org));
  return data?.every((project) => project.firstEvent === null) ?? false;
};

function Content({ org, search, stream }: { org: string; search: IssuesSearch; stream: IssueStreamState }) {
  if (stream.isPending) return <GridSkeleton />;
  if (stream.error && stream.rows.length === 0)
    return <ErrorState error={stream.error} onRetry={() => void stream.retry()} />;
  if (stream.rows.length === 0) {
    return (
      <Suspense>
        <StreamEmpty search={search} />
      </Suspense>
    );
  }
  return <IssueStream org={org} search={search} stream={stream} />;
}

/** The issue stream: the queue one triages. */
export function IssuesPage() {
  const { org } = issuesRoute.useParams();
  const search = issuesRoute.useSearch();
  const stream = useIssueStream(org, search);
  const firstRun = useFirstRun(org);
  useTitle(t('title'), org);
  if (firstRun && stream.rows.length === 0 && !stream.isPending)
    return <Navigate to="/onboarding/$org/" params={{ org }} replace />;
  const refusal = problemStatus(stream.error) === 400 ? stream.error?.message : undefined;
  return (
    <div className={c.page}>
      <StreamHead org={org} search={search} refusal={refusal} />
      <DelayBanner org={org} />
      <EventsChart org={org} search={search} />
      <Content org={org} search={search} stream={stream} />
    </div>
  );
}
