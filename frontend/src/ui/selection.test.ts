import { expect, test } from 'vitest';
import { everything, extended, isEmpty, isSelected, keptIn, nothing, toggled, toggledLoaded } from './selection.ts';

const order = ['a', 'b', 'c', 'd'];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort();

test('rows go in and out', () => {
  const one = toggled(nothing, 'b', order);
  expect(ids(one)).toEqual(['b']);
  expect(isEmpty(toggled(one, 'b', order))).toBe(true);
});

test('a range reaches from the last row touched, in both directions', () => {
  expect(ids(extended(toggled(nothing, 'b', order), 'd', order))).toEqual(['b', 'c', 'd']);
  expect(ids(extended(toggled(nothing, 'c', order), 'a', order))).toEqual(['a', 'b', 'c']);
  expect(ids(extended(nothing, 'c', order))).toEqual(['c']);
});

test('taking one out of "all matching" leaves the loaded others', () => {
  expect(isSelected(everything, 'z')).toBe(true);
  expect(ids(toggled(everything, 'b', order))).toEqual(['a', 'c', 'd']);
});

test('the header box chooses the loaded rows, then none', () => {
  const all = toggledLoaded(toggled(nothing, 'b', order), order);
  expect(ids(all)).toEqual(order);
  expect(isEmpty(toggledLoaded(all, order))).toBe(true);
});

test('rows that have gone are forgotten, and an unchanged selection stays itself', () => {
  const two = extended(toggled(nothing, 'a', order), 'b', order);
  expect(ids(keptIn(two, ['b', 'c']))).toEqual(['b']);
  expect(keptIn(two, order)).toBe(two);
});
