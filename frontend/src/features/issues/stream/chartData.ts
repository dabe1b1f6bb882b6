import type { EventsStats } from '@/api/types.ts';
import { total } from '@/charts/stack.ts';
import type { Range } from '@/lib/time/range.ts';

const DAY = 86_400;

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

/** Whether the data of a long time may all be of the last day: it would be a few bars at the right edge. */
export const looksYoung = ({ times, values, previous }: ChartData, now: number): boolean => {
  const [start = 0, second = 0] = times;
  const first = times[values.findIndex((count) => count > 0)];
  return previous === 0 && first !== undefined && now - start > 2 * DAY && first + second - start > now - DAY;
};

const TIMES = 10;

/** "+12%", or "40×" where a share says little; undefined when there was nothing to compare with. */
export const changeText = (now: number, before: number): string | undefined => {
  if (before === 0) return undefined;
  if (now / before >= TIMES) return `${Math.round(now / before)}×`;
  const change = Math.round(((now - before) / before) * 100);
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change)}%`;
};
