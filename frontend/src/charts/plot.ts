import uPlot from 'uplot';
import { countLabels, countTicks, timeLabels } from './axis.ts';
import type { Series } from './stack.ts';
import type { ChartTheme } from './theme.ts';

export type Marker = { at: number; label: string };

export type PlotOptions = {
  width: number;
  height: number;
  series: readonly Series[];
  theme: ChartTheme;
  utc: boolean;
  /** The last bucket is still filling: drawn hatched. */
  partial: boolean;
  /** Seconds of one bucket: a brushed range covers whole ones. */
  bucket: number;
  markers: readonly Marker[];
  onZoom: ((from: number, to: number) => void) | undefined;
  onCursor: (bucket: number | undefined, left: number) => void;
};

const SMALLEST_BRUSH = 4;
const Y_AXIS = 40;
const HALF_LABEL = 18;
const bars = uPlot.paths.bars?.({ size: [0.78, 40], radius: 0.08, align: 1 });

const hatch = (plot: uPlot, { theme, bucket }: PlotOptions): void => {
  const { ctx, bbox } = plot;
  const last = plot.data[0].at(-1);
  if (last === undefined) return;
  const left = plot.valToPos(last, 'x', true);
  const right = Math.min(plot.valToPos(last + bucket, 'x', true), bbox.left + bbox.width);
  const highest = Math.max(...plot.data.slice(1).map((values) => values.at(-1) ?? 0));
  const top = plot.valToPos(highest, 'y', true);
  const step = 4 * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bbox.top + bbox.height - top);
  ctx.clip();
  ctx.strokeStyle = theme.surface;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  for (let x = left - bbox.height; x < right; x += step) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
};

const drawMarkers = (plot: uPlot, { markers, theme }: PlotOptions): void => {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = theme.marker;
  ctx.fillStyle = theme.marker;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of markers) {
    const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillRect(x - 2.5 * devicePixelRatio, bbox.top, 5 * devicePixelRatio, 3 * devicePixelRatio);
  }
  ctx.restore();
};

const brushed = (plot: uPlot, { bucket, onZoom }: PlotOptions): void => {
  const { left, width } = plot.select;
  if (width <= SMALLEST_BRUSH) return;
  const from = Math.floor(plot.posToVal(left, 'x') / bucket) * bucket;
  const to = Math.ceil(plot.posToVal(left + width, 'x') / bucket) * bucket;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom?.(from, to);
};

/** Labels without those that would be cut at the right edge. */
const uncut = ({ scales, width }: uPlot, ticks: readonly number[], labels: readonly string[]): string[] => {
  const { min = 0, max = 1 } = scales.x ?? {};
  const last = (max ?? 1) - (((max ?? 1) - (min ?? 0)) * HALF_LABEL) / Math.max(1, width - Y_AXIS);
  return labels.map((label, at) => ((ticks[at] ?? 0) > last ? '' : label));
};

const seriesOptions = ({ series, theme }: PlotOptions): uPlot.Series[] =>
  // The tallest stack is drawn first, so that the lower ones paint over it.
  [...series].reverse().map(({ label, token }) => ({
    label,
    fill: theme.colour(token),
    width: 0,
    points: { show: false },
    ...(bars ? { paths: bars } : {}),
  }));

/** The options of a stacked bar chart over time. A brush is reported, not applied: the URL decides what is shown. */
export const plotOptions = (options: PlotOptions): uPlot.Options => {
  const { width, height, theme, utc, partial, bucket, onCursor } = options;
  const axis = { stroke: theme.text, font: theme.font, ticks: { show: false } };
  return {
    width,
    height,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: Boolean(options.onZoom), y: false, setScale: false },
    },
    scales: {
      x: { time: true, range: (_plot, low, high) => [low, high + bucket] },
      y: { range: (_plot, _low, high) => [0, countTicks(high ?? 0).at(-1) ?? 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 90,
        values: (plot, ticks) => uncut(plot, ticks, timeLabels(ticks, utc)),
      },
      {
        ...axis,
        splits: (_plot, _axis, _low, high) => countTicks(high),
        grid: { stroke: theme.grid, width: 1 },
        size: Y_AXIS,
        gap: 6,
        space: 34,
        values: (_plot, ticks) => countLabels(ticks),
      },
    ],
    series: [{}, ...seriesOptions(options)],
    hooks: {
      setSelect: [(plot) => brushed(plot, options)],
      setCursor: [
        (plot) => {
          const inside = (plot.cursor.left ?? -1) >= 0;
          onCursor(
            inside ? (plot.cursor.idx ?? undefined) : undefined,
            (plot.cursor.left ?? 0) + plot.bbox.left / devicePixelRatio,
          );
        },
      ],
      draw: [(plot) => partial && hatch(plot, options), (plot) => drawMarkers(plot, options)],
    },
  };
};
