import { expect, test } from 'vitest';
import { headline, mainException, readExceptions } from './exceptions.ts';
import { rawException } from './rawTrace.ts';

const entry = (...values: unknown[]) => ({ data: { values }, meta: undefined });

test('the reported error is on top and its causes follow', () => {
  const chain = readExceptions(entry({ type: 'KeyError', value: "'zone'" }, { type: 'OrderError' }), 'newest');
  expect(chain.map(({ type, relation, parent }) => [type, relation, parent])).toEqual([
    ['OrderError', 'main', undefined],
    ['KeyError', 'cause', 'OrderError'],
  ]);
});

test('oldest first reads as one thing leading to the next', () => {
  const chain = readExceptions(entry({ type: 'KeyError' }, { type: 'OrderError' }), 'oldest');
  expect(chain.map(({ type, relation }) => [type, relation])).toEqual([
    ['KeyError', 'main'],
    ['OrderError', 'effect'],
  ]);
});

test('the errors of a group are its members, not its causes', () => {
  const numbered = (type: string, id: number, parent?: number, group = false) => ({
    type,
    mechanism: { type: 'chained', exception_id: id, parent_id: parent, is_exception_group: group },
  });
  const group = entry(
    numbered('TypeError', 2, 0),
    numbered('ValueError', 1, 0),
    numbered('ExceptionGroup', 0, undefined, true),
  );
  expect(readExceptions(group, 'newest').map(({ relation, parent }) => [relation, parent])).toEqual([
    ['main', undefined],
    ['member', 'ExceptionGroup'],
    ['member', 'ExceptionGroup'],
  ]);
});

test('reads what is not a list of errors as none', () => {
  expect(readExceptions({ data: { values: 'x' }, meta: undefined }, 'newest')).toEqual([]);
  expect(mainException(undefined)).toBeUndefined();
  expect(readExceptions(entry(null, 3), 'newest')).toHaveLength(2);
});

test('the plain trace looks as the platform prints it', () => {
  const [error] = readExceptions(
    entry({
      type: 'ValueError',
      value: 'no',
      stacktrace: { frames: [{ function: 'f', filename: 'a.py', lineNo: 3, context: [[3, '  raise x']] }] },
    }),
    'newest',
  );
  expect(error && headline(error)).toBe('ValueError: no');
  expect(error && rawException(error, 'python')).toBe(
    'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    raise x\nValueError: no',
  );
  expect(error && rawException(error, 'node')).toBe('ValueError: no\n    at f (a.py:3)');
  expect(error && rawException(error, 'java')).toBe('ValueError: no\n\tat f(a.py:3)');
});
