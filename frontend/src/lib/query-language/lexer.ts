/** A piece of a search as it stands in the text. Pieces follow each other without gaps: their texts joined are the search. */
export type Token =
  | { kind: 'space' | 'text' | 'operator' | 'paren'; start: number; end: number; text: string }
  | {
      kind: 'filter';
      start: number;
      end: number;
      text: string;
      negated: boolean;
      key: string;
      /** As written: quotes, brackets and comparison sign included. */
      value: string;
      /** Where the value begins. */
      valueStart: number;
    };

const SPACE = /\s+/y;
const PAREN = /[()]/y;
const OPERATOR = /(?:AND|OR)(?=[\s)]|$)/iy;
/** `key:`, `!key:`, `"quoted key":`, `tags[key]:`, `tags[key,number]:`. */
const KEY = /(!?)("(?:[^"\\]|\\.)+"|[A-Za-z0-9_.-]+(?:\[[A-Za-z0-9_.:, -]+\])?):/y;
/** A list, a quoted text (its end may still be missing while one types), or a bare word. */
const VALUE = /(?:[<>]=?|!?=)?(?:\[[^\]]*\]?|"(?:[^"\\]|\\.)*"?|[^\s()]*)/y;
const TEXT = /"(?:[^"\\]|\\.)*"?|[^\s()"]+|"/y;

const take = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const readFilter = (text: string, start: number): Token | undefined => {
  const key = take(KEY, text, start);
  if (!key) return undefined;
  const valueStart = start + key[0].length;
  const value = take(VALUE, text, valueStart)?.[0] ?? '';
  const end = valueStart + value.length;
  const name = (key[2] ?? '').replace(/^"(.*)"$/, '$1');
  return {
    kind: 'filter',
    start,
    end,
    text: text.slice(start, end),
    negated: key[1] === '!',
    key: name,
    value,
    valueStart,
  };
};

const plainKinds = [
  ['space', SPACE],
  ['paren', PAREN],
  ['operator', OPERATOR],
] as const;

const readPlain = (text: string, start: number): Token | undefined => {
  for (const [kind, pattern] of plainKinds) {
    const found = take(pattern, text, start);
    if (found) return { kind, start, end: start + found[0].length, text: found[0] };
  }
  return undefined;
};

const readText = (text: string, start: number): Token => {
  const word = take(TEXT, text, start)?.[0] ?? text.charAt(start);
  return { kind: 'text', start, end: start + word.length, text: word };
};

/** Cuts a search into pieces. Never fails: what fits nothing is text. */
export const lex = (text: string): Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const token = readPlain(text, at) ?? readFilter(text, at) ?? readText(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
};
