import { expect, test } from 'vitest';
import { readGlobalSearch } from './globalSearch.schema.ts';
import { parseSearch, stringifySearch } from './search.ts';

test('a round trip keeps repeated keys', () => {
  const text = '?project=1&project=2&query=is%3Aunresolved';
  expect(parseSearch(text)).toEqual({ project: ['1', '2'], query: 'is:unresolved' });
  expect(stringifySearch(parseSearch(text))).toBe(text);
});

test('one project and many are both a list', () => {
  expect(readGlobalSearch({ project: '7' }).project).toEqual(['7']);
  expect(readGlobalSearch({ project: ['7', '8'] }).project).toEqual(['7', '8']);
  expect(readGlobalSearch({}).project).toBeUndefined();
});

test('a damaged period is dropped, unknown keys survive', () => {
  const search = readGlobalSearch({ statsPeriod: 'nonsense', referrer: 'mail' }) as Record<string, unknown>;
  expect(search.statsPeriod).toBeUndefined();
  expect(search.referrer).toBe('mail');
});
