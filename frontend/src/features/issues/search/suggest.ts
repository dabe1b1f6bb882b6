import { lex } from '@/lib/query-language/lexer.ts';

/** What the piece under the caret could become. */
export type Target =
  | { kind: 'key'; typed: string; negated: boolean; start: number; end: number }
  | { kind: 'value'; key: string; typed: string; start: number; end: number };

/** Looks at the piece of the search that ends at, or goes on through, the caret. */
export const targetAt = (text: string, caret: number): Target => {
  const token = lex(text).find(({ kind, start, end }) => kind !== 'space' && start < caret && caret <= end);
  if (token?.kind === 'filter' && caret >= token.valueStart) {
    const typed = text.slice(token.valueStart, caret).replace(/^"/, '');
    return { kind: 'value', key: token.key, typed, start: token.valueStart, end: token.end };
  }
  if (token && (token.kind === 'text' || token.kind === 'filter')) {
    const typed = text.slice(token.start, caret);
    const negated = typed.startsWith('!');
    return { kind: 'key', typed: negated ? typed.slice(1) : typed, negated, start: token.start, end: token.end };
  }
  return { kind: 'key', typed: '', negated: false, start: caret, end: caret };
};

export type Suggestion = {
  text: string;
  label: string;
  detail?: string;
  /** A whole search, which takes the place of everything. */
  whole?: boolean;
};

/** Keys that every issue has, with what they mean. */
export type KnownKey = { key: string; detail: string; values?: readonly string[] };

/** Those that begin with what was typed come before those that hold it. */
export const ranked = <T>(items: readonly T[], textOf: (item: T) => string, typed: string): T[] => {
  const wanted = typed.toLowerCase();
  const place = (item: T) => textOf(item).toLowerCase().indexOf(wanted);
  return items.filter((item) => place(item) >= 0).sort((a, b) => Math.min(place(a), 1) - Math.min(place(b), 1));
};

/** The search with a suggestion in place of what stood there, and where the caret goes. */
export const accept = (text: string, target: Target, suggestion: Suggestion): { text: string; caret: number } => {
  if (suggestion.whole) return { text: suggestion.text, caret: suggestion.text.length };
  const isKey = target.kind === 'key';
  const piece = isKey ? `${target.negated ? '!' : ''}${suggestion.text}:` : suggestion.text;
  const rest = text.slice(target.end);
  const space = isKey || rest.startsWith(' ') ? '' : ' ';
  const before = text.slice(0, target.start) + piece + space;
  return { text: before + rest, caret: before.length + (!isKey && rest.startsWith(' ') ? 1 : 0) };
};
