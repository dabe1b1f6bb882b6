import type { Element, Root, RootContent } from 'hast';
import type { LanguageFn } from 'highlight.js';
import { createLowlight } from 'lowlight';

type Loader = () => Promise<{ default: LanguageFn }>;
const loaders: Record<string, Loader> = {
  python: () => import('highlight.js/lib/languages/python'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  java: () => import('highlight.js/lib/languages/java'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  swift: () => import('highlight.js/lib/languages/swift'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  rust: () => import('highlight.js/lib/languages/rust'),
  go: () => import('highlight.js/lib/languages/go'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  php: () => import('highlight.js/lib/languages/php'),
  bash: () => import('highlight.js/lib/languages/bash'),
  sql: () => import('highlight.js/lib/languages/sql'),
  json: () => import('highlight.js/lib/languages/json'),
};

/** What a piece of code is; the names of the classes in CodeContext.module.css. */
const kinds: Record<string, string> = {
  'hljs-keyword': 'keyword',
  'hljs-built_in': 'keyword',
  'hljs-literal': 'keyword',
  'hljs-meta': 'keyword',
  'hljs-type': 'keyword',
  'hljs-string': 'string',
  'hljs-regexp': 'string',
  'hljs-number': 'number-literal',
  'hljs-symbol': 'number-literal',
  'hljs-attr': 'number-literal',
  'hljs-comment': 'comment',
  'hljs-title': 'title',
  'hljs-section': 'title',
  'hljs-name': 'title',
};

export type Span = { text: string; kind: string };
const lowlight = createLowlight();

const firstClass = (node: Element): string => String((node.properties.className as string[] | undefined)?.[0] ?? '');

const plain = (code: string): Span[][] => code.split('\n').map((text) => [{ text, kind: '' }]);

/** Flattens the tree to lines; a token may cross lines, its kind goes on in the next. Depth is that of the grammar. */
const toLines = (node: Root | RootContent, kind: string, lines: Span[][]): Span[][] => {
  if (node.type === 'text') {
    node.value.split('\n').forEach((text, at) => {
      if (at > 0) lines.push([]);
      if (text) lines.at(-1)?.push({ text, kind });
    });
  } else if (node.type === 'element' || node.type === 'root') {
    const own = node.type === 'element' ? (kinds[firstClass(node)] ?? '') : '';
    for (const child of node.children) toLines(child as RootContent, own || kind, lines);
  }
  return lines;
};

/** Colours a block once and returns lines of spans: no HTML string is ever made. Unknown languages stay plain. */
export async function highlightLines(code: string, language: string): Promise<Span[][]> {
  const load = loaders[language];
  if (!load) return plain(code);
  if (!lowlight.registered(language)) lowlight.register(language, (await load()).default);
  return toLines(lowlight.highlight(language, code), '', [[]]);
}
