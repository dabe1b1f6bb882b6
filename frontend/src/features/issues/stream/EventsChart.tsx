import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ZoomOut } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { releasesQuery } from '@/api/queries.ts';
import type { Marker } from '@/charts/plot.ts';
import type { Series } from '@/charts/stack.ts';
import { type Level, levels, markToken } from '@/design/tokens.ts';
import { compact, full } from '@/lib/format/number.ts';
import { parse } from '@/lib/query-language/parser.ts';
import { withFilter, without } from '@/lib/query-language/print.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { interval, rangeLabel, resolveRange, toUrlTime } from '@/lib/time/range.ts';
import { Button } from '@/ui/Button.tsx';
import { LevelMark } from '@/ui/LevelMark.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { eventsQuery, queryOf } from '../queries.ts';
import type { IssuesSearch } from '../routes.ts';
import { type ChartData, changeText, fittingPeriod, splitStats } from './chartData.ts';
import c from './EventsChart.module.css';
import { t } from './strings.ts';

const TimeSeries = lazy(() => import('@/charts/TimeSeries.tsx').then((chart) => ({ default: chart.TimeSeries })));
const HEIGHT = 104;
const PLAIN = '--series-plain';

/** The level the query asks for, when it asks for one alone. */
const chosenLevel = (query: string): Level | undefined => {
  const filters = parse(query).filters.filter(({ key }) => key === 'level');
  return filters.length === 1 && !filters[0]?.negated ? levels.find((level) => level === filters[0]?.value) : undefined;
};

/** The level pointed at alone and in its colour, or everything in one calm colour. */
const seriesOf = (
  all: ChartData,
  part: ChartData | undefined,
  preview: Level | undefined,
  chosen: Level | undefined,
): Series[] => {
  if (preview && part) return [{ label: preview, token: markToken(preview), values: part.values }];
  const alarming = chosen === 'fatal' || chosen === 'error';
  return [{ label: chosen ?? t('series'), token: alarming ? markToken(chosen) : PLAIN, values: all.values }];
};

const useMarkers = (org: string, search: IssuesSearch): Marker[] => {
  const { data } = useQuery(releasesQuery(org, search.project));
  return useMemo(
    () =>
      (data ?? []).map((release) => ({
        at: Date.parse(release.dateCreated) / 1000,
        label: release.shortVersion ?? release.version,
      })),
    [data],
  );
};

function Legend({
  query,
  chosen,
  onPreview,
}: {
  query: string;
  chosen: Level | undefined;
  onPreview: (level: Level | undefined) => void;
}) {
  const change = useSearchChange();
  const toggle = (level: Level) =>
    change({
      query:
        level === chosen
          ? without(query, (token) => token.kind === 'filter' && token.key === 'level')
          : withFilter(query, 'level', level),
      cursor: undefined,
    });
  return (
    <fieldset className={c.legend} aria-label={t('levels')} onMouseLeave={() => onPreview(undefined)}>
      {levels.map((level) => (
        <button
          key={level}
          type="button"
          aria-pressed={level === chosen}
          title={t('level', { level })}
          onMouseEnter={() => onPreview(level)}
          onFocus={() => onPreview(level)}
          onBlur={() => onPreview(undefined)}
          onClick={() => toggle(level)}
          data-test-id={`level-${level}`}
        >
          <LevelMark level={level} size={10} />
          <span>{level}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Figures({
  data,
  search,
  note,
}: {
  data: ChartData | undefined;
  search: IssuesSearch;
  note: string | undefined;
}) {
  const change = data && changeText(data.sum, data.previous);
  const period = rangeLabel(search).replace(/^Last /, '');
  return (
    <div className={c.figures}>
      <span className={c.big} title={data && full(data.sum)}>
        {data ? compact(data.sum) : '\u00a0'}
      </span>
      <span className={c.unit}>{t('series')}</span>
      {note && <span className={c.change}>{note}</span>}
      {change && !search.start && <span className={c.change}>{t('previousPeriod', { change, period })}</span>}
    </div>
  );
}

/** The events of a search over time. */
const useChart = (org: string, search: IssuesSearch, level?: Level, enabled = true): ChartData | undefined => {
  const { data } = useQuery({ ...eventsQuery(org, search, level), enabled, placeholderData: keepPreviousData });
  const { from, to } = resolveRange(search);
  // Rounded to a bucket, so that the passing of time alone does not draw the chart anew.
  const width = interval(to - from).seconds;
  const start = search.start ? from : Math.ceil(from / width) * width;
  return useMemo(() => data && splitStats(data, { from: start }), [data, start]);
};

/** How many events there were, when, and compared with before. Dragging over it chooses a time for the whole page. */
export function EventsChart({ org, search }: { org: string; search: IssuesSearch }) {
  const change = useSearchChange();
  const [preview, setPreview] = useState<Level>();
  const query = queryOf(search);
  const chosen = chosenLevel(query);
  const asked = useChart(org, search);
  const period = asked && !search.start ? fittingPeriod(asked, Date.now() / 1000) : undefined;
  const shown = { ...search, statsPeriod: period ?? search.statsPeriod };
  const young = useChart(org, shown, undefined, period !== undefined);
  const all = period ? young : asked;
  const part = useChart(org, shown, preview, preview !== undefined);
  const markers = useMarkers(org, search);
  const series = useMemo(() => (all ? seriesOf(all, part, preview, chosen) : []), [all, part, preview, chosen]);
  const zoom = (zoomFrom: number, zoomTo: number) =>
    change({ start: toUrlTime(zoomFrom), end: toUrlTime(zoomTo), statsPeriod: undefined, cursor: undefined });
  return (
    <section className={c.chart} aria-label={t('chart')}>
      <div className={c.side}>
        <Figures
          data={asked}
          search={search}
          note={period && t('allIn', { period: rangeLabel(shown).toLowerCase() })}
        />
        <Legend query={query} chosen={chosen} onPreview={setPreview} />
      </div>
      <div className={c.plot}>
        {search.start && (
          <Button
            size="sm"
            className={c.reset}
            onPress={() => change({ start: undefined, end: undefined })}
            data-test-id="reset-zoom"
          >
            <ZoomOut size={13} aria-hidden="true" />
            {t('resetZoom')}
          </Button>
        )}
        {all && all.times.length > 0 ? (
          <Suspense fallback={<Skeleton rows={1} height={HEIGHT} />}>
            <TimeSeries
              label={t('chart')}
              times={all.times}
              series={series}
              height={HEIGHT}
              utc={search.utc === 'true'}
              partial={!search.end}
              markers={markers}
              onZoom={zoom}
            />
          </Suspense>
        ) : (
          <p className={c.empty}>{all && t('noEvents')}</p>
        )}
      </div>
    </section>
  );
}
