import { expect, test } from 'vitest';
import { lex } from './lexer.ts';
import { parse } from './parser.ts';
import { printFilter, printValue, withFilter, without } from './print.ts';

const shape = (text: string) => lex(text).map((token) => `${token.kind}<${token.text}>`);

test('the pieces of a search are the search', () => {
  const searches = [
    'is:unresolved',
    '!level:[error, fatal]  "two words" (a OR b)',
    'tags[a b,string]:x message:"a \\" b" timesSeen:>10 key: "',
    'url:http://a.example/x?y=z  ü:1 has:user ::',
    '',
  ];
  for (const search of searches)
    expect(
      lex(search)
        .map(({ text }) => text)
        .join(''),
    ).toBe(search);
});

test('filters, words and operators are told apart', () => {
  expect(shape('!level:[a, b] oh no OR x')).toEqual([
    'filter<!level:[a, b]>',
    'space< >',
    'text<oh>',
    'space< >',
    'text<no>',
    'space< >',
    'operator<OR>',
    'space< >',
    'text<x>',
  ]);
});

test('a filter knows its key, its value and where that begins', () => {
  expect(lex('  !"my key":"a b"')[1]).toMatchObject({
    negated: true,
    key: 'my key',
    value: '"a b"',
    valueStart: 12,
  });
});

test('a value may hold colons and brackets', () => {
  expect(lex('url:http://a/b[1]:2')[0]).toMatchObject({ key: 'url', value: 'http://a/b[1]:2' });
});

test('free text is what is no filter', () => {
  expect(parse('is:new connection refused').freeText).toBe('connection refused');
});

test('errors name their place and, where there is one, the fix', () => {
  const broken = (text: string) => parse(text).errors.map(({ start, end, fix }) => [start, end, fix?.text]);
  expect(broken('is:new level:')).toEqual([[7, 13, '!has:level']]);
  expect(broken('message:"a b')).toEqual([[0, 12, 'message:"a b"']]);
  expect(broken('level:[error')).toEqual([[0, 12, 'level:[error]']]);
  expect(broken('level:[error,,fatal]')).toEqual([[0, 20, undefined]]);
  expect(broken('a OR b')).toEqual([[2, 4, undefined]]);
  expect(broken('"open')).toEqual([[0, 5, '"open"']]);
  expect(broken('is:unresolved !level:[error, fatal] has:user "x y"')).toEqual([]);
});

test('values are quoted when they must be', () => {
  expect(['plain', 'a b', 'say "hi"', '', '>3'].map(printValue)).toEqual([
    'plain',
    '"a b"',
    '"say \\"hi\\""',
    '""',
    '">3"',
  ]);
  expect(printFilter('browser.name', 'Mobile Safari', true)).toBe('!browser.name:"Mobile Safari"');
});

test('a printed filter is read back as itself', () => {
  for (const value of ['a', 'a b', 'quo"te', '[x]', '>1', 'back\\slash y']) {
    const [token] = lex(printFilter('k', value));
    expect(token).toMatchObject({ kind: 'filter', key: 'k', value: printValue(value) });
    expect(parse(printFilter('k', value)).errors).toEqual([]);
  }
});

test('filters are exchanged and taken out', () => {
  expect(withFilter('is:unresolved level:error boom', 'level', 'fatal')).toBe('is:unresolved boom level:fatal');
  expect(without('is:new  level:error x', (token) => token.kind === 'filter' && token.key === 'level')).toBe(
    'is:new x',
  );
});
