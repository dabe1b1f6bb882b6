import { expect, test } from 'vitest';
import { bytes } from './bytes.ts';
import { duration } from './duration.ts';
import { compact, full, percent } from './number.ts';
import { rate } from './rate.ts';

test('counts are short in lists and full in detail', () => {
  expect([0, 999, 3120, 1_200_000].map(compact)).toEqual(['0', '999', '3.1k', '1.2M']);
  expect(full(3120)).toBe('3,120');
});

test('a share never rounds to nothing', () => {
  expect([0, 0.0004, 0.4567, 1].map(percent)).toEqual(['0%', '<0.1%', '45.7%', '100%']);
});

test('durations keep three digits and the fitting unit', () => {
  expect([0, 8.1234, 1234, 95_000, 7_200_000].map(duration)).toEqual(['0 ms', '8.12 ms', '1.23 s', '1.58 min', '2 h']);
});

test('bytes are IEC', () => {
  expect([0, 512, 2048, 1_600_000].map(bytes)).toEqual(['0 B', '512 B', '2 KiB', '1.53 MiB']);
});

test('rates name their unit', () => {
  expect([0, 12, 2520].map(rate)).toEqual(['0/min', '12/min', '42/s']);
});
