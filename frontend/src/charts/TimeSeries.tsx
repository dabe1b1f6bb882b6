import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { full } from '@/lib/format/number.ts';
import { momentLabel } from './axis.ts';
import { type Marker, type PlotOptions, plotOptions } from './plot.ts';
import { type Series, stack, total } from './stack.ts';
import c from './TimeSeries.module.css';
import { onThemeChange, readTheme } from './theme.ts';

type Props = {
  /** What the chart shows, in one sentence; also the caption of its table. */
  label: string;
  /** Starts of the buckets, unix seconds. */
  times: readonly number[];
  series: readonly Series[];
  height?: number;
  utc?: boolean;
  partial?: boolean;
  markers?: readonly Marker[];
  onZoom?: (from: number, to: number) => void;
};

const TIP_WIDTH = 190;
const NO_MARKERS: readonly Marker[] = [];

/** Stacked bars over time on a canvas, with a table of the same figures for those who cannot see it. */
export function TimeSeries({
  label,
  times,
  series,
  height = 108,
  utc = false,
  partial = false,
  markers = NO_MARKERS,
  onZoom,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  const [cursor, setCursor] = useState<{ bucket: number; left: number }>();
  const zoomable = Boolean(onZoom);
  useEffect(() => {
    zoom.current = onZoom;
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const bucket = (times[1] ?? 0) - (times[0] ?? 0) || 1;
    const data: uPlot.AlignedData = [[...times], ...stack(series).reverse()];
    const options = (): PlotOptions => ({
      width: element.clientWidth,
      height,
      series,
      theme: readTheme(element),
      utc,
      partial,
      bucket,
      markers,
      onZoom: zoomable ? (from, to) => zoom.current?.(from, to) : undefined,
      onCursor: (at, left) => setCursor(at === undefined ? undefined : { bucket: at, left }),
    });
    let plot = new uPlot(plotOptions(options()), data, element);
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    const stop = onThemeChange(() => {
      plot.destroy();
      plot = new uPlot(plotOptions(options()), data, element);
    });
    return () => {
      resize.disconnect();
      stop();
      plot.destroy();
    };
  }, [times, series, height, utc, partial, markers, zoomable]);
  return (
    <figure className={c.figure} aria-label={label} style={{ minHeight: height }}>
      <div ref={host} className={c.host} aria-hidden="true" />
      {cursor && (
        <Tip
          {...cursor}
          width={host.current?.clientWidth ?? 0}
          times={times}
          series={series}
          markers={markers}
          utc={utc}
        />
      )}
      <SeriesTable label={label} times={times} series={series} utc={utc} />
    </figure>
  );
}

type TipProps = Required<Pick<Props, 'times' | 'series' | 'markers' | 'utc'>> & {
  bucket: number;
  left: number;
  width: number;
};

function Tip({ bucket, left, width, times, series, markers, utc }: TipProps) {
  const start = times[bucket] ?? 0;
  const end = times[bucket + 1] ?? Number.POSITIVE_INFINITY;
  const beside = left + 12 + TIP_WIDTH > width ? left - 12 - TIP_WIDTH : left + 12;
  return (
    <div className={c.tip} style={{ transform: `translate(${Math.max(0, beside)}px, 4px)` }} aria-hidden="true">
      <b>{momentLabel(start, utc)}</b>
      {series.map((one) => (
        <span key={one.label}>
          <i style={{ background: `var(${one.token})` }} />
          {one.label}
          <em className="num">{full(one.values[bucket] ?? 0)}</em>
        </span>
      ))}
      {markers
        .filter(({ at }) => at >= start && at < end)
        .map((marker) => (
          <span key={marker.label}>{marker.label}</span>
        ))}
    </div>
  );
}

function SeriesTable({ label, times, series, utc }: Required<Pick<Props, 'label' | 'times' | 'series' | 'utc'>>) {
  return (
    <table className="sr-only">
      <caption>{label}</caption>
      <thead>
        <tr>
          <td />
          {series.map((one) => (
            <th key={one.label} scope="col">
              {one.label} {full(total(one.values))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((time, bucket) => (
          <tr key={time}>
            <th scope="row">{momentLabel(time, utc)}</th>
            {series.map((one) => (
              <td key={one.label}>{full(one.values[bucket] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
