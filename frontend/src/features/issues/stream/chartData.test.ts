import { expect, test } from 'vitest';
import { changeText, fittingPeriod, splitStats } from './chartData.ts';

test('the first half is compared with, the second is shown', () => {
  const data = [10, 20, 30, 40].map((time, at): [number, [{ count: number }]] => [time, [{ count: at + 1 }]]);
  expect(splitStats({ data }, { from: 30 })).toEqual({ times: [30, 40], values: [3, 4], sum: 7, previous: 3 });
});

test('a chart of young data shows its day', () => {
  const day = 86_400;
  const times = Array.from({ length: 14 }, (_, at) => at * day);
  const chart = (from: number, previous = 0) => ({
    times,
    values: times.map((_, at) => (at >= from ? 2 : 0)),
    sum: 2,
    previous,
  });
  const now = 13.5 * day;
  expect(fittingPeriod(chart(13), now)).toBe('24h');
  expect(fittingPeriod(chart(12), now)).toBeUndefined();
  expect(fittingPeriod(chart(13, 7), now)).toBeUndefined();
  expect(fittingPeriod(chart(14), now)).toBeUndefined();
  expect(fittingPeriod({ times: [day, day + 60], values: [0, 3], sum: 3, previous: 0 }, day + 90)).toBeUndefined();
});

test('changes are signed, and there is none from nothing', () => {
  expect([changeText(112, 100), changeText(50, 100), changeText(5, 5), changeText(9, 0), changeText(99, 1)]).toEqual([
    '+12%',
    '−50%',
    '±0%',
    undefined,
    '99×',
  ]);
});
