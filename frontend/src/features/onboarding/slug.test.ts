import { expect, test } from 'vitest';
import { slugOf } from './slug.ts';

test('a name suggests a short name that an address can hold', () => {
  expect(slugOf('Shop — API v2')).toBe('shop-api-v2');
  expect(slugOf('  Žluťoučký kůň ')).toBe('zlutoucky-kun');
  expect(slugOf('2026')).toBe('project-2026');
  expect(slugOf('日本')).toBe('');
  expect(slugOf('x'.repeat(80))).toHaveLength(50);
});
