import { expect, test } from 'vitest';
import { accept, ranked, targetAt } from './suggest.ts';

test('the caret decides between key and value', () => {
  expect(targetAt('is:unresolved lev', 17)).toMatchObject({ kind: 'key', typed: 'lev', start: 14, end: 17 });
  expect(targetAt('is:unre', 7)).toMatchObject({ kind: 'value', key: 'is', typed: 'unre', start: 3, end: 7 });
  expect(targetAt('level:error x', 3)).toMatchObject({ kind: 'key', typed: 'lev', start: 0, end: 11 });
  expect(targetAt('is:new ', 7)).toMatchObject({ kind: 'key', typed: '', start: 7, end: 7 });
  expect(targetAt('!le', 3)).toMatchObject({ kind: 'key', typed: 'le', negated: true });
  expect(targetAt('browser:"Mobile S', 17)).toMatchObject({ kind: 'value', typed: 'Mobile S' });
});

test('beginnings come before middles', () => {
  expect(ranked(['browser.name', 'name', 'os.name', 'other'], (key) => key, 'name')).toEqual([
    'name',
    'browser.name',
    'os.name',
  ]);
});

test('a key gets its colon and the caret behind it, a value a space', () => {
  const key = accept('is:new lev x', targetAt('is:new lev x', 10), { text: 'level', label: '' });
  expect(key).toEqual({ text: 'is:new level: x', caret: 13 });
  const negated = accept('!lev', targetAt('!lev', 4), { text: 'level', label: '' });
  expect(negated.text).toBe('!level:');
  const value = accept('level:er', targetAt('level:er', 8), { text: 'error', label: '' });
  expect(value).toEqual({ text: 'level:error ', caret: 12 });
  const middle = accept('level:er x', targetAt('level:er x', 8), { text: 'error', label: '' });
  expect(middle).toEqual({ text: 'level:error x', caret: 12 });
});

test('a recent search takes the place of everything', () => {
  const whole = accept('', targetAt('', 0), { text: 'is:new level:fatal', label: '', whole: true });
  expect(whole).toEqual({ text: 'is:new level:fatal', caret: 18 });
});
