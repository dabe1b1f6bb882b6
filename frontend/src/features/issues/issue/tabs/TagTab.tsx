import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Tags } from 'lucide-react';
import type { TagValue } from '@/api/types.ts';
import { full, percent } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { type GlobalSearch, globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { Breadcrumbs } from '@/ui/Breadcrumbs.tsx';
import { Button } from '@/ui/Button.tsx';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import { tagFilter } from '../model/tagFilter.ts';
import { ExternalText } from '../parts/ExternalText.tsx';
import { tagQuery, tagValuePages } from '../queries.ts';
import c from './TagTab.module.css';

const t = defineMessages({
  all: 'All tags',
  label: 'Values of {key}',
  value: 'Value',
  share: 'Share',
  events: 'Events',
  first: 'First seen',
  last: 'Last seen',
  ago: ' ago',
  more: 'Load more values',
  search: 'Show the events with this value',
  noneTitle: 'No values',
  noneText: 'No event of this issue carries this tag.',
  empty: '(empty)',
});

const age = (iso: string | undefined) => iso && <TimeAgo iso={iso} suffix={t('ago')} />;

const columnsFor = (
  org: string,
  issueId: string,
  key: string,
  total: number,
  search: GlobalSearch,
): TableColumn<TagValue>[] => [
  {
    id: 'value',
    header: t('value'),
    cell: ({ value, name }) => (
      <>
        <Link
          to="/organizations/$org/issues/$issueId/events/"
          params={{ org, issueId }}
          search={{ ...search, query: tagFilter(key, value) }}
          title={t('search')}
          className={c.value}
        >
          {value || name || t('empty')}
        </Link>
        <ExternalText text={value} />
      </>
    ),
  },
  { id: 'share', header: t('share'), align: 'end', cell: ({ count }) => percent(count / Math.max(total, 1)) },
  { id: 'events', header: t('events'), align: 'end', cell: ({ count }) => full(count) },
  { id: 'first', header: t('first'), align: 'end', optional: true, cell: ({ firstSeen }) => age(firstSeen) },
  { id: 'last', header: t('last'), align: 'end', optional: true, cell: ({ lastSeen }) => age(lastSeen) },
];

/** Every value of one tag. */
export function TagTab() {
  const {
    org = '',
    issueId = '',
    tagKey: key = '',
  } = useParams({ strict: false }) as Record<string, string | undefined>;
  const search = globalPart(useSearch({ strict: false }) as GlobalSearch);
  const tag = useQuery(tagQuery({ org, issue: issueId, key }));
  const values = useInfiniteQuery(tagValuePages({ org, issue: issueId, key }));
  const rows = values.data?.pages.flatMap((page) => page.rows) ?? [];
  const failed = values.error ?? tag.error;
  return (
    <div className={c.tab}>
      <Breadcrumbs>
        <Link to="/organizations/$org/issues/$issueId/distributions/" params={{ org, issueId }} search={search}>
          {t('all')}
        </Link>
        <h2>{key}</h2>
      </Breadcrumbs>
      {failed && rows.length === 0 && (
        <ErrorState
          error={failed}
          onRetry={() => {
            void tag.refetch();
            void values.refetch();
          }}
        />
      )}
      {values.isPending && !failed && <Skeleton rows={6} height={44} />}
      {values.data && rows.length === 0 && (
        <EmptyState icon={Tags} title={t('noneTitle')}>
          {t('noneText')}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Table
          label={t('label', { key })}
          columns={columnsFor(org, issueId, key, tag.data?.totalValues ?? 0, search)}
          rows={rows}
          rowKey={({ value, name }) => value || name}
        />
      )}
      {values.hasNextPage && (
        <Button busy={values.isFetchingNextPage} onPress={() => void values.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}
