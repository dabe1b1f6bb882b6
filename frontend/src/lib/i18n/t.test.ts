import { expect, test } from 'vitest';
import { defineMessages } from './t.ts';

const t = defineMessages({
  plain: 'Issues',
  hello: 'Seen {times} by {people}',
  rows: { one: '{n} issue', other: '{n} issues' },
});

test('a plain message needs no values', () => {
  expect(t('plain')).toBe('Issues');
});

test('placeholders are filled and numbers grouped', () => {
  expect(t('hello', { times: 12_345, people: 'two' })).toBe('Seen 12,345 by two');
});

test('the plural form follows n', () => {
  expect(t('rows', { n: 1 })).toBe('1 issue');
  expect(t('rows', { n: 0 })).toBe('0 issues');
});

test('rich keeps the order of text and elements', () => {
  expect(t.rich('hello', { times: 'A', people: 'B' })).toEqual(['Seen ', 'A', ' by ', 'B', '']);
});
