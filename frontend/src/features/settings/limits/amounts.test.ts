import { expect, test } from 'vitest';
import { readAmount, showAmount, writeAmount } from './amounts.ts';

test.each([
  ['500', false, 500],
  [' 10k ', false, 10_000],
  ['2.5M', false, 2_500_000],
  ['1.1k', false, 1100],
  ['0', false, 0],
  ['0', true, 0],
  ['100', true, 100],
  ['1.5 GiB', true, 1_610_612_736],
  ['2gb', true, 2_147_483_648],
  ['64 k', true, 65_536],
  ['64KB', true, 65_536],
  ['12 b', true, 12],
])('%j is read', (text, isSize, value) => {
  expect(readAmount(text, isSize)).toEqual({ value });
});

test.each([
  ['', false, 'Say how much: 0 or more.'],
  ['lots', false, '“lots” is not a number. Write 500, 10k or 2M.'],
  ['-5', false, '“-5” is not a number. Write 500, 10k or 2M.'],
  ['5 MiB', false, '“5 MiB” is not a number. Write 500, 10k or 2M.'],
  ['5 apples', true, '“5 apples” is not a size. Write 500 MiB or 2 GiB.'],
  ['1.5', false, 'Only whole ones are counted: “1.5” is not a whole number.'],
  ['99999999999999', false, 'That is more than can be counted. Leave the cap out instead.'],
])('%j is refused in one sentence', (text, isSize, wrong) => {
  expect(readAmount(text, isSize)).toEqual({ wrong });
});

test('what a field shows is read as it was', () => {
  for (const value of [0, 1, 1023, 1024, 5000, 65_536, 2 ** 30, 2 ** 30 + 1, 3 * 2 ** 40])
    for (const isSize of [true, false]) expect(readAmount(writeAmount(value, isSize), isSize)).toEqual({ value });
  expect([writeAmount(2 ** 31, true), writeAmount(1500, true), writeAmount(1500, false)]).toEqual([
    '2 GiB',
    '1500',
    '1500',
  ]);
  expect([showAmount(2 ** 31, true), showAmount(1500, false)]).toEqual(['2 GiB', '1,500']);
});
