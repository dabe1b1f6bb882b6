import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ListX } from 'lucide-react';
import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { Button } from '@/ui/Button.tsx';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import { type EventRow, tagOf, userLabel } from '../model/event.ts';
import { FilterInput } from '../parts/FilterInput.tsx';
import { eventPages } from '../queries.ts';
import type { IssueSearch } from '../routes.ts';
import c from './EventsTab.module.css';

const t = defineMessages({
  label: 'Events of this issue',
  filter: 'Filter by tag or text',
  apply: 'Filter',
  time: 'Time',
  event: 'Event',
  user: 'User',
  release: 'Release',
  environment: 'Environment',
  where: 'Browser or server',
  more: 'Load older events',
  end: 'These are all events that are kept.',
  noneTitle: 'No event fits',
  noneText: 'Nothing in this issue matches the filters of the page and of the list.',
  clear: 'Clear the filters',
  ago: ' ago',
  none: '–',
});

/** One line where there is room, as many as it takes on a phone; never out of reach. */
const Cut = ({ text }: { text: string | undefined }) => (
  <span className={c.cut} title={text}>
    {text ?? t('none')}
  </span>
);

const columnsFor = (org: string, issueId: string): TableColumn<EventRow>[] => [
  {
    id: 'event',
    header: t('event'),
    cell: (row) => (
      <Link
        to="/organizations/$org/issues/$issueId/events/$eventId/"
        params={{ org, issueId, eventId: row.eventID }}
        search={(previous: IssueSearch) => ({ ...previous, query: undefined, cursor: undefined })}
        className={c.event}
      >
        <code>{row.eventID.slice(0, 8)}</code>
        <span className={c.title} title={row.title}>
          {row.title}
        </span>
      </Link>
    ),
  },
  { id: 'user', header: t('user'), cell: (row) => <Cut text={userLabel(row.user)} /> },
  {
    id: 'release',
    header: t('release'),
    optional: true,
    cell: (row) => <Cut text={tagOf(row, 'release')} />,
  },
  {
    id: 'environment',
    header: t('environment'),
    optional: true,
    cell: (row) => tagOf(row, 'environment') ?? t('none'),
  },
  {
    id: 'where',
    header: t('where'),
    optional: true,
    cell: (row) => <Cut text={tagOf(row, 'browser') ?? tagOf(row, 'server_name') ?? tagOf(row, 'device')} />,
  },
  {
    id: 'time',
    header: t('time'),
    align: 'end',
    cell: (row) => (
      <span className={c.time}>
        <TimeAgo iso={row.dateCreated} suffix={t('ago')} />
      </span>
    ),
  },
];

function Filter({ value, onApply }: { value: string; onApply: (query: string | undefined) => void }) {
  const [text, setText] = useState(value);
  return (
    <search>
      <form
        className={c.filter}
        onSubmit={(event) => {
          event.preventDefault();
          onApply(text.trim() || undefined);
        }}
      >
        <FilterInput label={t('filter')} value={text} onChange={setText} />
        <Button type="submit" size="sm">
          {t('apply')}
        </Button>
      </form>
    </search>
  );
}

/** Every event of the issue that is kept, the newest first. */
export function EventsTab() {
  const { org = '', issueId = '' } = useParams({ strict: false }) as Record<string, string | undefined>;
  const search = useSearch({ strict: false }) as IssueSearch;
  const change = useSearchChange();
  const query = useInfiniteQuery(eventPages({ org, issue: issueId }, search));
  const apply = (text: string | undefined) => change({ query: text, cursor: undefined });
  const clear = () =>
    change({
      query: undefined,
      cursor: undefined,
      environment: undefined,
      statsPeriod: undefined,
      start: undefined,
      end: undefined,
    });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <div className={c.tab}>
      <Filter key={search.query ?? ''} value={search.query ?? ''} onApply={apply} />
      {query.error && rows.length === 0 && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && !query.error && <Skeleton rows={8} height={44} />}
      {query.data && rows.length === 0 && (
        <EmptyState icon={ListX} title={t('noneTitle')} action={<Button onPress={clear}>{t('clear')}</Button>}>
          {t('noneText')}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <>
          <Table label={t('label')} columns={columnsFor(org, issueId)} rows={rows} rowKey={(row) => row.eventID} />
          {query.hasNextPage ? (
            <Button
              busy={query.isFetchingNextPage}
              onPress={() => void query.fetchNextPage()}
              data-test-id="more-events"
            >
              {t('more')}
            </Button>
          ) : (
            <p className={c.end}>{t('end')}</p>
          )}
        </>
      )}
    </div>
  );
}
