import { expect, test } from 'vitest';
import { tagFilter } from './tagFilter.ts';

test('a tag becomes the search term that means exactly it', () => {
  expect(tagFilter('browser', 'Safari 18')).toBe('browser:"Safari 18"');
  expect(tagFilter('release', 'web@2.14.0')).toBe('release:web@2.14.0');
  expect(tagFilter('message', 'x')).toBe('tags[message]:x');
  expect(tagFilter('my key', '')).toBe('"my key":""');
  expect(tagFilter('path', 'C:\\"a" (b)*')).toBe('path:"C:\\\\\\"a\\" (b)\\*"');
});
