import { expect, test } from 'vitest';
import { changeText, splitStats } from './chartData.ts';

test('the first half is compared with, the second is shown', () => {
  const data = [10, 20, 30, 40].map((time, at): [number, [{ count: number }]] => [time, [{ count: at + 1 }]]);
  expect(splitStats({ data }, { from: 30 })).toEqual({ times: [30, 40], values: [3, 4], sum: 7, previous: 3 });
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
