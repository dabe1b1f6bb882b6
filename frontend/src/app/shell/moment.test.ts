import { expect, test } from 'vitest';
import { readMoment, writeMoment } from './moment.ts';

const noon = Date.UTC(2026, 10, 21, 12, 30) / 1000;

test('a moment is written with 24 hours and read back, in both zones', () => {
  expect(writeMoment(noon, true)).toBe('2026-11-21 12:30');
  for (const utc of [true, false]) expect(readMoment(writeMoment(noon, utc), utc)).toBe(noon);
});

test('a day alone begins at midnight; what is no moment is none', () => {
  expect(readMoment(' 2026-11-21 ', true)).toBe(Date.UTC(2026, 10, 21) / 1000);
  expect(readMoment('2026-11-21T9:05', true)).toBe(Date.UTC(2026, 10, 21, 9, 5) / 1000);
  expect(
    ['', 'soon', '21.11.2026', '2026-13-40 10:00', '2026-11-21 25:00'].map((text) => readMoment(text, true)),
  ).toEqual(Array.from({ length: 5 }));
});
