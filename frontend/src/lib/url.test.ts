import { expect, test } from 'vitest';
import { externalLink, fillPath, localPath, queryString } from './url.ts';

test('only paths of this site are followed after signing in', () => {
  const foreign = ['//evil.example', '/\\evil.example', '/.//evil.example', '/a/..\\/evil.example', '/\t/evil.example'];
  const candidates = ['/a?b=c#d', ...foreign, 'https://evil.example', undefined, ''];
  expect(candidates.map((path) => localPath(path))).toEqual(['/a?b=c#d', ...candidates.slice(1).map(() => '/')]);
});

test('links of event data open only harmless protocols', () => {
  expect(externalLink('https://a.example/x')?.host).toBe('a.example');
  expect(externalLink('javascript:alert(1)')).toBeUndefined();
  expect(externalLink('not a link')).toBeUndefined();
});

test('query strings repeat keys, keep what is empty and leave out what is absent', () => {
  expect(queryString({ project: [1, 2], query: '', sort: undefined, limit: 0 })).toBe(
    '?project=1&project=2&query=&limit=0',
  );
  expect(queryString({})).toBe('');
});

test('path values are encoded', () => {
  expect(fillPath('/x/{a}/{b}/', { a: 'a/b', b: 'ü' })).toBe('/x/a%2Fb/%C3%BC/');
});
