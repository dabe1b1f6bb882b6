import { expect, test } from 'vitest';
import { indented, newRule, parseRules, printRules, type Rule } from './rules.ts';

const rule = (rest: Partial<Rule>): Rule => ({ ...newRule(), ...rest });

test.each<[string, Rule[]]>([
  ['none', []],
  ['one', [rule({ type: 'email', method: 'hash', source: '$string' })]],
  ['two at one place', [rule({ source: 'extra.a' }), rule({ type: 'ip', method: 'remove', source: 'extra.a' })]],
  [
    'a pattern with words in its place',
    [rule({ type: 'pattern', pattern: '^a"b$', method: 'replace', placeholder: '[gone]' })],
  ],
])('%s is read as it was written', (_, rules) => {
  expect(parseRules(printRules(rules))).toEqual(rules);
});

test('what Sentry’s own editor writes is read', () => {
  const text =
    '{"rules":{"0":{"type":"creditcard","redaction":{"method":"mask"}}},"applications":{"$message":["0"]},"vars":null}';
  expect(parseRules(text)).toEqual([rule({ source: '$message' })]);
});

test.each([
  '{',
  '7',
  '[]',
  '{"applications":{"**":["@email"]}}',
  '{"applications":{"**":["toString"]}}',
  '{"rules":{"unused":{"type":"ip","redaction":{"method":"mask"}}}}',
  '{"rules":{"a":{"type":"pattern","pattern":"x","replaceGroups":[1],"redaction":{"method":"mask"}}},"applications":{"**":["a"]}}',
  '{"rules":{"a":{"type":"multiple","rules":["@ip"]}},"applications":{"**":["a"]}}',
  '{"rules":{"a":{"type":"ip","redaction":{"method":"mask"}}},"applications":{"**":["a"]},"vars":{"hashKey":"x"}}',
])('%s is no list, and stays as it is', (text) => {
  expect(parseRules(text)).toBeUndefined();
});

test('a source is written without blanks around it', () => {
  expect(JSON.parse(printRules([rule({ source: ' extra.a ' })])).applications).toEqual({ 'extra.a': ['0'] });
});

test('indented keeps what is no JSON', () => {
  expect(indented('{')).toBe('{');
  expect(indented('{"a":1}')).toBe('{\n  "a": 1\n}');
});
