import { expect, test } from 'vitest';
import { highlightLines } from './highlight.ts';

test('a token that crosses lines is coloured on each of them', async () => {
  const lines = await highlightLines('x = """a\nb"""', 'python');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toEqual([{ text: 'b"""', kind: 'string' }]);
});

test('an unknown language stays plain', async () => {
  expect(await highlightLines('a\nb', 'cobol')).toEqual([[{ text: 'a', kind: '' }], [{ text: 'b', kind: '' }]]);
});
