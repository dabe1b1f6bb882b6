import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { full } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { defaultPeriod, rangeLabel, toUrlTime } from '@/lib/time/range.ts';
import { Button } from '@/ui/Button.tsx';
import { Segmented } from '@/ui/Segmented.tsx';
import c from './EventChart.module.css';
import { type IssueDetail, seriesQuery } from './queries.ts';

const TimeSeries = lazy(() => import('@/charts/TimeSeries.tsx').then(({ TimeSeries }) => ({ default: TimeSeries })));

const t = defineMessages({
  label: 'Events of this issue, {range}',
  events: { one: '{count} event · ', other: '{count} events · ' },
  series: 'events',
  range: 'Range of the chart',
  day: '24 h',
  fortnight: '14 d',
  reset: 'Reset zoom',
  failed: 'The chart could not be loaded.',
  retry: 'Try again',
});

const HEIGHT = 96;
const DAY = 86_400_000;

/** How often it happened, above everything else: an issue of today over the day, an older one over 14. Dragging over it narrows the time of the page. */
export function EventChart({ org, issue }: { org: string; issue: IssueDetail }) {
  const search = useSearch({ strict: false }) as GlobalSearch;
  const change = useSearchChange();
  const zoomed = Boolean(search.start && search.end);
  const usual = Date.now() - Date.parse(issue.firstSeen) < DAY ? '24h' : defaultPeriod;
  const shown = zoomed ? search : { ...search, statsPeriod: search.statsPeriod ?? usual };
  const stats = useQuery(seriesQuery(org, issue, shown));
  const data = stats.data?.data;
  const times = useMemo(() => (data ?? []).map(([at]) => at), [data]);
  const values = useMemo(() => (data ?? []).map(([, [point]]) => point?.count ?? 0), [data]);
  const series = useMemo(() => [{ label: t('series'), token: '--series-plain', values }], [values]);
  const sum = values.reduce((all, value) => all + value, 0);
  const show = (statsPeriod: string | undefined) => change({ statsPeriod, start: undefined, end: undefined });
  const zoom = (from: number, to: number) =>
    change({ statsPeriod: undefined, start: toUrlTime(from), end: toUrlTime(to) });
  return (
    <div className={c.chart} data-test-id="event-chart">
      <div className={c.head}>
        <p>
          {data && t.rich('events', { n: sum, count: <b key="count">{full(sum)}</b> })}
          {rangeLabel(shown)}
        </p>
        {zoomed && (
          <Button size="sm" variant="ghost" onPress={() => show(undefined)}>
            {t('reset')}
          </Button>
        )}
        <Segmented
          label={t('range')}
          value={zoomed ? '' : (shown.statsPeriod ?? '')}
          options={[
            { id: '24h', label: t('day') },
            { id: '14d', label: t('fortnight') },
          ]}
          onChange={(period) => show(period === usual ? undefined : period)}
        />
      </div>
      <div className={c.plot} style={{ height: HEIGHT }}>
        {stats.error && !data ? (
          <p className={c.failed}>
            {t('failed')}{' '}
            <Button size="sm" onPress={() => void stats.refetch()}>
              {t('retry')}
            </Button>
          </p>
        ) : (
          data && (
            <Suspense>
              <TimeSeries
                label={t('label', { range: rangeLabel(shown) })}
                times={times}
                series={series}
                height={HEIGHT}
                utc={search.utc === 'true'}
                partial={!zoomed}
                onZoom={zoom}
              />
            </Suspense>
          )
        )}
      </div>
    </div>
  );
}
