import { expect, test } from 'vitest';
import { matching, readEventId, readShortId } from './matching.ts';

test('short ids are recognised and written as the API writes them', () => {
  expect(['checkout-1a', 'CHECKOUT-1A', 'a-b-2', 'checkout', 'two words-1'].map(readShortId)).toEqual([
    'CHECKOUT-1A',
    'CHECKOUT-1A',
    'A-B-2',
    undefined,
    undefined,
  ]);
});

test('event ids are recognised in both spellings and are not short ids', () => {
  const dashed = '9F3C1E7A-0000-4000-8000-0123456789ab';
  expect(readEventId(dashed)).toBe('9f3c1e7a0000400080000123456789ab');
  expect(readShortId(dashed)).toBeUndefined();
  expect(readEventId('9f3c')).toBeUndefined();
});

test('beginnings come before middles, and every word must fit', () => {
  const items = ['Resolve issue', 'Go to issues', 'Switch theme', 'Unresolve'].map((label) => ({ label }));
  expect(matching(items, 'res').map(({ label }) => label)).toEqual(['Resolve issue', 'Unresolve']);
  expect(matching(items, 'iss go').map(({ label }) => label)).toEqual(['Go to issues']);
  expect(matching(items, '')).toHaveLength(4);
});
