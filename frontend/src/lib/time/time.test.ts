import { expect, test } from 'vitest';
import { interval, periodSeconds, rangeLabel, readPeriod, resolveRange, toUrlTime } from './range.ts';
import { ago, inWords, nextChange } from './relative.ts';
import { clock, exact, inBothZones } from './zone.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();

test('ages are narrow and never negative', () => {
  const ages = [-5, 2, 240, 18_000, 41 * 86_400, 100 * 86_400, 800 * 86_400];
  expect(ages.map((age) => ago(before(age), now))).toEqual(['0s', '2s', '4m', '5h', '41d', '3mo', '2y']);
});

test('the next change of an age is when its unit ticks', () => {
  expect(nextChange(before(90), now)).toBe(30_000);
});

test('lengths in words', () => {
  expect([1, 240, 86_400 * 6].map(inWords)).toEqual(['1 second', '4 minutes', '6 days']);
});

test('exact times write their zone', () => {
  expect(exact('2026-11-20T14:32:08.114Z', true)).toContain('UTC');
  expect(clock('2026-11-20T14:32:08.114Z', true)).toBe('14:32:08.114');
  expect(exact('nonsense')).toBe('nonsense');
});

test('both zones are named once each', () => {
  const lines = inBothZones('2026-11-20T14:32:08.114Z').split('\n');
  expect(lines.at(-1)).toContain('14:32:08 UTC');
  expect(new Set(lines).size).toBe(lines.length);
});

test('midnight is 00, in a range of the page’s zone', () => {
  expect(clock('2026-11-20T00:00:00Z', true)).toBe('00:00:00.000');
  expect(rangeLabel({ start: '2026-11-18T00:00:00', end: '2026-11-18T12:00:00', utc: 'true' })).toBe(
    'Nov 18, 00:00 – Nov 18, 12:00',
  );
});

test('periods are read from the URL and from people', () => {
  expect([periodSeconds('14d'), periodSeconds('0d'), periodSeconds('14x')]).toEqual([1_209_600, undefined, undefined]);
  expect(['3d', '3 days', '90 min', 'soon', '0d'].map(readPeriod)).toEqual(['3d', '3d', '90m', undefined, undefined]);
});

test('an absolute range wins, a broken one falls back', () => {
  const range = resolveRange({ start: '2026-11-18T10:00:00', end: '2026-11-18T12:00:00' }, now);
  expect(range.to - range.from).toBe(7200);
  const broken = resolveRange({ start: '2026-11-18T10:00:00', end: 'x' }, now);
  expect(broken).toEqual({ from: now / 1000 - 1_209_600, to: now / 1000 });
});

test('labels', () => {
  expect(['14d', '1h', '24h'].map((statsPeriod) => rangeLabel({ statsPeriod }))).toEqual([
    'Last 14 days',
    'Last hour',
    'Last 24 hours',
  ]);
});

test('url time has no zone and no fraction', () => {
  expect(toUrlTime(now / 1000 + 0.4)).toBe('2026-11-20T12:00:00');
});

test('bucket widths keep a chart readable', () => {
  expect([3600, 86_400, 7 * 86_400, 14 * 86_400, 90 * 86_400].map((s) => interval(s).name)).toEqual([
    '1m',
    '15m',
    '4h',
    '4h',
    '1d',
  ]);
});
