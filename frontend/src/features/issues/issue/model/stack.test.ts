import { expect, test } from 'vitest';
import { frameToOpen, languageOf, locationOf, orderOf, readStack, type Stack, stackItems } from './stack.ts';

const frame = (name: string, inApp: boolean, more: object = {}) => ({
  function: name,
  filename: 'a.py',
  inApp,
  ...more,
});

const stack = (...frames: object[]): Stack => {
  const read = readStack({ frames });
  if (!read) throw new Error('no frames');
  return read;
};

const names = (read: Stack, onlyApp: boolean, order: 'newest' | 'oldest' = 'newest') =>
  stackItems(read, order, onlyApp).map((item) =>
    item.kind === 'frame' ? item.frame.function : item.kind === 'hidden' ? `hidden ${item.frames.length}` : item.count,
  );

test('the call that failed is on top, whatever the language, unless somebody asked otherwise', () => {
  const read = stack(frame('main', true), frame('helper', true));
  expect(names(read, false)).toEqual(['helper', 'main']);
  expect(names(read, false, 'oldest')).toEqual(['main', 'helper']);
  expect([orderOf(undefined), orderOf(-1), orderOf('2'), orderOf('1')]).toEqual([
    'newest',
    'newest',
    'newest',
    'oldest',
  ]);
});

test('library frames between those of the application become one line', () => {
  const read = stack(frame('a', true), frame('x', false), frame('y', false), frame('b', true), frame('z', false));
  expect(names(read, true)).toEqual(['hidden 1', 'b', 'hidden 2', 'a']);
  const [hidden] = stackItems(read, 'newest', true).slice(2);
  expect(hidden?.kind === 'hidden' && hidden.frames.map((each) => each.function)).toEqual(['y', 'x']);
});

test('a trace without frames of the application shows all of them', () => {
  expect(names(stack(frame('x', false), frame('y', false)), true)).toEqual(['y', 'x']);
});

test('a function that calls itself is one line that counts', () => {
  const again = frame('deep', true, { lineNo: 7 });
  const items = stackItems(stack(again, again, again, frame('leaf', true, { lineNo: 9 })), 'newest', false);
  expect(items.map((item) => item.kind === 'frame' && item.repeats)).toEqual([1, 3]);
});

test('frames that were left out are told of where they are missing', () => {
  const read = readStack({ frames: [frame('a', true), frame('b', true)], framesOmitted: [1, 90] });
  expect(read && names(read, false)).toEqual(['b', 89, 'a']);
});

test('the newest frame of the application that shows something opens by itself', () => {
  const context = { context: [[1, 'x = 1']], lineNo: 1 };
  const read = stack(frame('a', true, context), frame('b', true), frame('lib', false, context));
  expect(frameToOpen(read)?.function).toBe('a');
});

test('nothing in a frame is trusted', () => {
  const read = readStack({ frames: [null, 7, { function: {}, lineNo: 'x', context: [[1], 'no', [2, 3]], vars: [] }] });
  expect(read?.frames).toHaveLength(3);
  expect(read?.frames[2]).toMatchObject({ function: undefined, line: undefined, vars: undefined });
  expect(read?.frames[2]?.context).toEqual([
    [1, ''],
    [2, ''],
  ]);
  expect(readStack('frames')).toBeUndefined();
});

test('a line number names one line, and code too long to be source stays plain', () => {
  const [twice, long] = stack(
    {
      context: [
        [1, 'a'],
        [1, 'b'],
        [2, 'c'],
      ],
    },
    { filename: 'app.js', context: [[1, 'x'.repeat(30_000)]] },
  ).frames;
  expect(twice?.context).toEqual([
    [1, 'b'],
    [2, 'c'],
  ]);
  expect(long && languageOf(long, 'javascript')).toBe('');
});

test('the language comes from the file, then from the platform', () => {
  const [script, bare] = stack({ filename: 'https://x.test/app.tsx?v=1' }, { module: 'x' }).frames;
  expect(script && languageOf(script, 'javascript')).toBe('typescript');
  expect(bare && languageOf(bare, 'java')).toBe('java');
  expect(bare && locationOf(bare)).toBe('x');
});
