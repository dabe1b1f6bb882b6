import { expect, test } from 'vitest';
import { changeText, fittingPeriod, splitStats } from './chartData.ts';

test('the first half is compared with, the second is shown', () => {
  const data = [10, 20, 30, 40].map((time, at): [number, [{ count: number }]] => [time, [{ count: at + 1 }]]);
  expect(splitStats({ data }, { from: 30 })).toEqual({ times: [30, 40], values: [3, 4], sum: 7, previous: 3 });
});

test('a chart of young data is as long as the data needs', () => {
  const day = 86_400;
  const chart = (from: number, previous = 0, step = day) => {
    const times = Array.from({ length: 14 }, (_, at) => at * step);
    return { times, values: times.map((_, at) => (at >= from ? 2 : 0)), sum: 2, previous };
  };
  const now = 13.5 * day;
  expect([13, 11, 10, 14].map((from) => fittingPeriod(chart(from), now))).toEqual(['24h', '3d', undefined, undefined]);
  expect(fittingPeriod(chart(13, 7), now)).toBeUndefined();
  expect(fittingPeriod(chart(13, 0, 60), 14 * 60)).toBeUndefined();
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
