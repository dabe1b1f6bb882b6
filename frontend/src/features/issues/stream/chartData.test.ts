import { expect, test } from 'vitest';
import { changeText, looksYoung, splitStats } from './chartData.ts';

test('the first half is compared with, the second is shown', () => {
  const data = [10, 20, 30, 40].map((time, at): [number, [{ count: number }]] => [time, [{ count: at + 1 }]]);
  expect(splitStats({ data }, { from: 30 })).toEqual({ times: [30, 40], values: [3, 4], sum: 7, previous: 3 });
});

test('data of the last day alone is young, on a long chart', () => {
  const day = 86_400;
  const chart = (from: number, step = day / 2, previous = 0) => {
    const times = Array.from({ length: 14 }, (_, at) => at * step);
    return { times, values: times.map((_, at) => (at >= from ? 2 : 0)), sum: 2, previous };
  };
  const now = 7 * day;
  expect(looksYoung(chart(12), now)).toBe(true);
  expect(looksYoung(chart(10), now)).toBe(false);
  expect(looksYoung(chart(12, day / 2, 7), now)).toBe(false);
  expect(looksYoung(chart(14), now)).toBe(false);
  expect(looksYoung(chart(12, 60), 14 * 60)).toBe(false);
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
