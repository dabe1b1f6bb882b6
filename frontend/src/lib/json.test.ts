import { expect, test } from 'vitest';
import { asNumber, asRecord, asText, inline, isEmpty } from './json.ts';

test('what does not fit is absent', () => {
  expect([asText(''), asText(0), asText(false), asText({}), asText(null)]).toEqual([
    undefined,
    '0',
    'false',
    undefined,
    undefined,
  ]);
  expect([asNumber('7'), asNumber(''), asNumber(Number.NaN), asNumber('x'), asNumber([])]).toEqual([
    7,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([asRecord([]), asRecord(null), asRecord('x')]).toEqual([undefined, undefined, undefined]);
  expect([isEmpty({}), isEmpty([]), isEmpty(''), isEmpty(0), isEmpty(false)]).toEqual([true, true, true, false, false]);
});

test('a value fits on one line', () => {
  expect(inline({ id: 'c_91', items: [1, null], more: {} })).toBe('{ id: "c_91", items: [1, null], more: {} }');
  expect(inline('plain')).toBe('plain');
});

test('neither depth nor breadth of a hostile value costs much', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 5000; level += 1) deep = [deep];
  expect(inline(deep)).toBe('[[[[[[[…]]]]]]]');
  const wide = Array.from({ length: 100_000 }, (_, at) => at);
  expect(inline(wide, 20).length).toBeLessThanOrEqual(21);
});
