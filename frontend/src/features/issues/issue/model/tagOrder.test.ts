import { expect, test } from 'vitest';
import type { TagSummary } from './facts.ts';
import { byTelling } from './tagOrder.ts';

const tag = (key: string, ...counts: number[]): TagSummary => ({
  key,
  totalValues: counts.reduce((sum, count) => sum + count, 0),
  uniqueValues: counts.length,
  topValues: counts.map((count, at) => ({ value: `v${at}`, name: `v${at}`, count })),
});

test('tags that differ come first, those with a clear favourite before those without', () => {
  const { varied, same } = byTelling([
    tag('server', 12),
    tag('user', 3, 3, 3, 3),
    tag('rare', 2),
    tag('browser', 10, 2),
    tag('app', 12),
  ]);
  expect(varied.map(({ key }) => key)).toEqual(['browser', 'user']);
  expect(same.map(({ key }) => key)).toEqual(['app', 'server', 'rare']);
});

test('a summary with one of several values differs', () => {
  expect(byTelling([{ ...tag('url', 5), uniqueValues: 7 }]).varied).toHaveLength(1);
});
