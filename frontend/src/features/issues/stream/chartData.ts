import type { EventsStats } from '@/api/types.ts';
import { total } from '@/charts/stack.ts';
import { periodSeconds, type Range } from '@/lib/time/range.ts';

export type ChartData = {
  times: number[];
  values: number[];
  /** Events in the range shown. */
  sum: number;
  /** Events in as long a time before it. */
  previous: number;
};

/** Cuts an answer that covers twice the range into what is shown and what it is compared with. */
export const splitStats = ({ data }: EventsStats, { from }: Pick<Range, 'from'>): ChartData => {
  const buckets = data.map(([time, [first]]) => ({ time, count: first?.count ?? 0 }));
  const shown = buckets.filter(({ time }) => time >= from);
  const before = buckets.filter(({ time }) => time < from);
  const values = shown.map(({ count }) => count);
  return {
    times: shown.map(({ time }) => time),
    values,
    sum: total(values),
    previous: total(before.map(({ count }) => count)),
  };
};

const shorter = ['24h', '3d'] as const;

/** A shorter time that holds all there is: young data would be a few bars at the right edge of a long one. */
export const fittingPeriod = ({ times, values, previous }: ChartData, now: number): string | undefined => {
  const first = times[values.findIndex((count) => count > 0)];
  if (first === undefined || times[0] === undefined || previous > 0) return undefined;
  const length = now - times[0];
  return shorter.find((period) => {
    const seconds = periodSeconds(period) ?? 0;
    return seconds * 3 < length && first > now - seconds;
  });
};

const TIMES = 10;

/** "+12%", or "40×" where a share says little; undefined when there was nothing to compare with. */
export const changeText = (now: number, before: number): string | undefined => {
  if (before === 0) return undefined;
  if (now / before >= TIMES) return `${Math.round(now / before)}×`;
  const change = Math.round(((now - before) / before) * 100);
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change)}%`;
};
