import { expect, test } from 'vitest';
import { otherForms } from './dsnForms.ts';
import { limitText, readLimit } from './rateLimit.ts';

test('a limit is a whole number in a window, and nothing else is a limit', () => {
  expect(readLimit('1000', '3600')).toEqual({ count: 1000, window: 3600 });
  expect([readLimit('', '60'), readLimit('0', '60'), readLimit('1.5', '60'), readLimit('x', '60')]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(limitText({ count: 1, window: 60 })).toBe('1 event in a minute');
  expect(limitText({ count: 500, window: 90 })).toBe('500 events in 90 seconds');
  expect(limitText(null)).toBe('no limit');
});

test('only the addresses this server has are offered', () => {
  expect(otherForms({ public: 'p', csp: 'c', unreal: '', later: 'x' }).map(({ id }) => id)).toEqual(['csp']);
});
