import { useQuery } from '@tanstack/react-query';
import { ArrowDownWideNarrow, ChevronDown, Rows3 } from 'lucide-react';
import { compact } from '@/lib/format/number.ts';
import { preferences, usePreferences } from '@/lib/preferences.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { IconButton } from '@/ui/IconButton.tsx';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import { issueCountsQuery, queryOf } from '../queries.ts';
import { defaultQuery, type IssueSort, type IssuesSearch } from '../routes.ts';
import { QueryInput } from '../search/QueryInput.tsx';
import { type IssueView, issueViews, viewQueries } from '../views.ts';
import c from './StreamHead.module.css';
import { t } from './strings.ts';

const sorts: readonly { id: IssueSort; label: string }[] = [
  { id: 'date', label: t('sortDate') },
  { id: 'new', label: t('sortNew') },
  { id: 'freq', label: t('sortFreq') },
  { id: 'user', label: t('sortUser') },
  { id: 'trends', label: t('sortTrends') },
];

const submitted = (query: string) => ({ query: query === defaultQuery ? undefined : query, cursor: undefined });
function ViewTab({
  view,
  count,
  current,
  onPick,
}: {
  view: IssueView;
  count: number | undefined;
  current: boolean;
  onPick: () => void;
}) {
  const Icon = view.icon;
  return (
    <button type="button" className={c.tab} aria-pressed={current} onClick={onPick} data-test-id={`view-${view.query}`}>
      {Icon && <Icon size={13} aria-hidden="true" />}
      {view.label}
      {count !== undefined && <span className="num">{compact(count)}</span>}
    </button>
  );
}

/** What the list shows and in which order. */
export function StreamHead({
  org,
  search,
  refusal,
}: {
  org: string;
  search: IssuesSearch;
  refusal: string | undefined;
}) {
  const change = useSearchChange();
  const { density } = usePreferences();
  const counts = useQuery(issueCountsQuery(org, search, viewQueries));
  const query = queryOf(search);
  const sort = sorts.find(({ id }) => id === search.sort) ?? sorts[0];
  return (
    <header className={c.head}>
      <div className={c.title}>
        <h1>{t('title')}</h1>
        <fieldset className={c.tabs} aria-label={t('views')}>
          {issueViews.map((view) => (
            <ViewTab
              key={view.query}
              view={view}
              count={counts.data?.[view.query]}
              current={query === view.query}
              onPick={() => change(submitted(view.query))}
            />
          ))}
        </fieldset>
      </div>
      <div className={c.bar}>
        <QueryInput
          org={org}
          search={search}
          value={query}
          refusal={refusal}
          onSubmit={(text) => change(submitted(text))}
        />
        <LazyMenu
          label={t('sort')}
          items={sorts}
          value={sort?.id ?? 'date'}
          onPick={(id) => change({ sort: id === 'date' ? undefined : id, cursor: undefined })}
          className={c.sort}
          data-test-id="sort"
        >
          <ArrowDownWideNarrow size={14} aria-hidden="true" />
          <span>{sort?.label}</span>
          <ChevronDown size={13} aria-hidden="true" />
        </LazyMenu>
        <span className={c.density}>
          <IconButton
            label={t('density')}
            keys="d"
            icon={Rows3}
            variant="default"
            aria-pressed={density === 'compact'}
            onPress={() => preferences.change({ density: density === 'compact' ? 'comfortable' : 'compact' })}
            data-test-id="density"
          />
        </span>
      </div>
    </header>
  );
}
