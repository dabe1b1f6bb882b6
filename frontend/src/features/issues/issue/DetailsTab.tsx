import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Archive, FoldVertical, RefreshCw, TextQuote } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { problemStatus } from '@/api/problem.ts';
import { meQuery } from '@/api/queries.ts';
import { useActions } from '@/lib/actions/useActions.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { preferences } from '@/lib/preferences.ts';
import { type GlobalSearch, globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { Button } from '@/ui/Button.tsx';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import c from './DetailsTab.module.css';
import { EventBar } from './EventBar.tsx';
import { EventBody } from './EventBody.tsx';
import { EventChart } from './EventChart.tsx';
import { partsOf } from './model/parts.ts';
import { orderOf } from './model/stack.ts';
import { eventQuery, type IssueDetail, issueQuery } from './queries.ts';

const SideColumn = lazy(() => import('./later.ts').then(({ SideColumn }) => ({ default: SideColumn })));
const ActivitySection = lazy(() => import('./later.ts').then(({ ActivitySection }) => ({ default: ActivitySection })));

const t = defineMessages({
  group: 'Event',
  facts: 'Issue facts',
  frames: 'In-app or all frames',
  raw: 'Frames or plain text',
  refresh: 'Refresh',
  goneTitle: 'This event is not kept any more',
  goneText: 'Its time of retention is over, or it never belonged to this issue. The counts of the issue are complete.',
  noneTitle: 'No event of this issue is kept',
  noneText:
    'Their time of retention is over, or the filters of the page leave none. The counts of the issue are complete.',
  latest: 'Show the latest event',
  clear: 'Clear the environment filter',
});

type Place = { org: string; issue: string };

const useEventActions = (refresh: () => void): void => {
  const group = t('group');
  const flip = (a: 'app' | 'raw') => {
    const { frameMode } = preferences.get();
    const other = a === 'raw' ? 'app' : 'all';
    preferences.change({ frameMode: frameMode === a ? other : a });
  };
  useActions([
    { id: 'frames-app', label: t('frames'), group, icon: FoldVertical, keys: 'f', run: () => flip('app') },
    { id: 'frames-raw', label: t('raw'), group, icon: TextQuote, keys: 's', run: () => flip('raw') },
    { id: 'event-refresh', label: t('refresh'), group, icon: RefreshCw, keys: 'r', run: refresh },
  ]);
};

function Gone({
  named,
  onLatest,
  onClear,
}: {
  named: boolean;
  onLatest: () => void;
  onClear: (() => void) | undefined;
}) {
  const action = named ? (
    <Button onPress={onLatest}>{t('latest')}</Button>
  ) : (
    onClear && <Button onPress={onClear}>{t('clear')}</Button>
  );
  return (
    <EmptyState icon={Archive} title={named ? t('goneTitle') : t('noneTitle')} action={action}>
      {named ? t('goneText') : t('noneText')}
    </EmptyState>
  );
}

function EventPane({ issue, place, eventId }: { issue: IssueDetail; place: Place; eventId: string }) {
  const search = globalPart(useSearch({ strict: false }) as GlobalSearch);
  const navigate = useNavigate();
  const changeSearch = useSearchChange();
  const query = useQuery(eventQuery({ ...place, event: eventId }, eventId.length === 32 ? [] : search.environment));
  const me = useQuery(meQuery());
  const open = (event: string) => {
    const to =
      event === 'latest'
        ? '/organizations/$org/issues/$issueId/'
        : '/organizations/$org/issues/$issueId/events/$eventId/';
    void navigate({ to, params: { org: place.org, issueId: place.issue, eventId: event }, search, resetScroll: false });
  };
  useEventActions(() => void query.refetch());
  if (query.data) {
    const order = orderOf(me.data?.options?.stacktraceOrder);
    return (
      <>
        <EventBar
          event={query.data}
          place={place}
          project={issue.project.slug}
          parts={partsOf(query.data)}
          onOpen={open}
        />
        <EventBody event={query.data} place={place} order={order} />
      </>
    );
  }
  if (problemStatus(query.error) === 404) {
    const clear = search.environment ? () => changeSearch({ environment: undefined }) : undefined;
    return <Gone named={eventId.length === 32} onLatest={() => open('latest')} onClear={clear} />;
  }
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={8} height={34} />;
}

/** One event of the issue in full, with the chart above and the facts beside it. */
export function DetailsTab() {
  const {
    org = '',
    issueId: issue = '',
    eventId = 'latest',
  } = useParams({ strict: false }) as Record<string, string | undefined>;
  const place = { org, issue };
  const query = useQuery(issueQuery(place));
  if (!query.data) return null;
  return (
    <div className={c.body}>
      <div className={c.main}>
        <EventChart org={org} issue={query.data} />
        <EventPane issue={query.data} place={place} eventId={eventId} />
        <Suspense>
          <ActivitySection issue={query.data} place={place} />
        </Suspense>
      </div>
      <aside className={c.side} aria-label={t('facts')}>
        <Suspense>
          <SideColumn issue={query.data} place={place} />
        </Suspense>
      </aside>
    </div>
  );
}
