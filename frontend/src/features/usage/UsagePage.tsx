import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { type Category, categories, categoryNames } from '@/api/categories.ts';
import type { UsageStats } from '@/api/types.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { toUrlTime } from '@/lib/time/range.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { DiskPart } from './DiskPart.tsx';
import { categoryRows, chartOf } from './figures.ts';
import { outcomesQuery } from './queries.ts';
import type { UsageSearch } from './routes.ts';
import { outcomeNames, t } from './strings.ts';
import c from './UsagePage.module.css';
import { CategoryTable, ProjectTable, ReasonTable } from './UsageTables.tsx';

const TimeSeries = lazy(() => import('@/charts/TimeSeries.tsx').then((chart) => ({ default: chart.TimeSeries })));
const HEIGHT = 160;

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={c.part} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Chart({ stats, search, category }: { stats: UsageStats; search: UsageSearch; category: Category }) {
  const change = useSearchChange();
  const { times, series } = useMemo(() => chartOf(stats, category, outcomeNames), [stats, category]);
  if (series.length === 0) return <p className={c.quiet}>{t('nothing')}</p>;
  return (
    <Suspense fallback={<Skeleton rows={1} height={HEIGHT} />}>
      <TimeSeries
        label={t('chart', { category: categoryNames[category] })}
        times={times}
        series={series}
        height={HEIGHT}
        utc={search.utc === 'true'}
        partial={!search.end}
        onZoom={(from, to) => change({ start: toUrlTime(from), end: toUrlTime(to), statsPeriod: undefined })}
      />
      <ul className={c.legend}>
        {series.map(({ label, token }) => (
          <li key={label}>
            <span className={c.mark} style={{ background: `var(${token})` }} aria-hidden="true" />
            {label}
          </li>
        ))}
      </ul>
    </Suspense>
  );
}

/** What arrived and what became of it; how much of the disk it takes. */
export function UsagePage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const search = useSearch({ strict: false }) as UsageSearch;
  const query = useQuery({ ...outcomesQuery(org, search), placeholderData: keepPreviousData });
  const rows = useMemo(() => (query.data ? categoryRows(query.data) : []), [query.data]);
  const category = search.category ?? rows[0]?.category ?? categories[0];
  useTitle(t('title'));
  return (
    <div className={c.page}>
      <header className={c.head}>
        <h1>{t('title')}</h1>
        <Link to="/settings/$org/limits/" params={{ org }} search={{}} className={c.limits}>
          {t('limits')}
        </Link>
      </header>
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && !query.error && <Skeleton rows={3} height={HEIGHT} />}
      {query.data && (
        <>
          <Part id="usage-chart" title={categoryNames[category]}>
            <Chart stats={query.data} search={search} category={category} />
          </Part>
          <Part id="usage-categories" title={t('byCategory')}>
            {rows.length > 0 ? <CategoryTable rows={rows} chosen={category} /> : <p className={c.quiet}>{t('none')}</p>}
          </Part>
          <Part id="usage-reasons" title={t('byReason')}>
            <ReasonTable org={org} search={search} category={category} />
          </Part>
          <Part id="usage-projects" title={t('byProject')}>
            <ProjectTable org={org} search={search} category={category} />
          </Part>
          <Part id="usage-disk" title={t('disk')}>
            <DiskPart org={org} />
          </Part>
        </>
      )}
    </div>
  );
}
