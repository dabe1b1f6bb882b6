import { expect, test } from 'vitest';
import { countLabels, countTicks, momentLabel, timeLabels } from './axis.ts';
import { stack, total } from './stack.ts';

test('each series stands on the ones before it', () => {
  const series = [
    { label: 'a', token: '', values: [1, 2] },
    { label: 'b', token: '', values: [3, 4] },
    { label: 'c', token: '', values: [5, 6] },
  ];
  expect(stack(series)).toEqual([
    [1, 2],
    [4, 6],
    [9, 12],
  ]);
  expect(total([1, 2, 3])).toBe(6);
});

test('the time axis names days or hours by the distance of its ticks', () => {
  const noon = Date.UTC(2026, 10, 20, 12) / 1000;
  expect(timeLabels([noon, noon + 86_400], true)).toEqual(['Nov 20', 'Nov 21']);
  expect(timeLabels([noon, noon + 3600], true)).toEqual(['12:00', '13:00']);
  expect(timeLabels([noon, noon + 6 * 3600, noon + 12 * 3600], true)).toEqual(['12:00', '18:00', 'Nov 21']);
  expect(momentLabel(noon, true)).toBe('Nov 20, 12:00 UTC');
});

test('a count axis goes in whole steps and always ends in a number', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 9, 29, 100, 101, 1234].map(countTicks)).toEqual([
    [0, 1],
    [0, 1],
    [0, 1, 2],
    [0, 3],
    [0, 2, 4],
    [0, 5],
    [0, 3, 6],
    [0, 5, 10],
    [0, 15, 30],
    [0, 50, 100],
    [0, 100, 200],
    [0, 1000, 2000],
  ]);
  expect(countLabels([0, 500, 1000])).toEqual(['0', '500', '1k']);
});
