import { expect, test } from 'vitest';
import type { UsageGroup, UsageStats } from '@/api/types.ts';
import { barWidth, categoryRows, chartOf } from './figures.ts';

const group = (category: string, outcome: string, values: number[]): UsageGroup => ({
  by: { category, outcome },
  totals: { 'sum(quantity)': values.reduce((sum, value) => sum + value, 0) },
  series: { 'sum(quantity)': values },
});
const stats: UsageStats = {
  start: '2026-11-21T00:00:00Z',
  end: '2026-11-21T02:00:00Z',
  intervals: ['2026-11-21T00:00:00Z', '2026-11-21T01:00:00Z'],
  groups: [
    group('log_item', 'accepted', [5, 5]),
    group('error', 'client_discard', [0, 3]),
    group('error', 'accepted', [1, 2]),
    group('error', 'abuse', [9, 9]),
    group('seer_user', 'accepted', [1, 1]),
  ],
};
const labels = { accepted: 'a', filtered: 'f', rate_limited: 'l', invalid: 'i', client_discard: 'c' };

test('a row for each category of which anything came', () => {
  expect(categoryRows(stats)).toEqual([
    { category: 'error', counts: { accepted: 3, filtered: 0, rate_limited: 0, invalid: 0, client_discard: 3 } },
    { category: 'log_item', counts: { accepted: 10, filtered: 0, rate_limited: 0, invalid: 0, client_discard: 0 } },
  ]);
});

test('bars for each outcome that happened', () => {
  const { times, series } = chartOf(stats, 'error', labels);
  expect(times).toEqual([1795219200, 1795222800]);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['a', [1, 2]],
    ['c', [0, 3]],
  ]);
  expect(chartOf(stats, 'span', labels).series).toEqual([]);
});

test.each([
  [3600, '1h'],
  [4 * 86_400, '1h'],
  [14 * 86_400, '6h'],
  [90 * 86_400, '1d'],
])('%d s in bars of %s', (seconds, width) => expect(barWidth(seconds)).toBe(width));
