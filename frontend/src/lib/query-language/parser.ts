import { defineMessages } from '../i18n/t.ts';
import { lex, type Token } from './lexer.ts';

const t = defineMessages({
  operator: '“{word}” is not supported in issue search. Terms are combined; for alternatives write key:[one, two].',
  empty: '“{key}:” needs a value. For issues without one, write !has:{key}.',
  quote: 'The quotation mark is not closed.',
  list: 'The list is not closed.',
  emptyItem: 'The list has an empty item.',
  has: '“has:” takes the name of a tag without spaces.',
});

export type Filter = Extract<Token, { kind: 'filter' }>;

/** What is wrong, where, and, if there is one, the text that would be right instead. */
export type SearchError = { start: number; end: number; message: string; fix?: { text: string } };

export type ParsedSearch = {
  tokens: Token[];
  filters: Filter[];
  /** Words that are no filter, joined. */
  freeText: string;
  errors: SearchError[];
};

const isOpenQuote = (value: string): boolean => /^[<>=!]*"/.test(value) && !/^[<>=!]*"(?:[^"\\]|\\.)*"$/.test(value);

const filterError = ({ start, end, key, value, text }: Filter): SearchError | undefined => {
  const place = { start, end };
  if (value === '') return { ...place, message: t('empty', { key }), fix: { text: `!has:${key}` } };
  if (isOpenQuote(value)) return { ...place, message: t('quote'), fix: { text: `${text}"` } };
  if (value.startsWith('[') && !value.endsWith(']')) return { ...place, message: t('list'), fix: { text: `${text}]` } };
  if (/^\[\s*\]$|^\[\s*,|,\s*,|,\s*\]$/.test(value)) return { ...place, message: t('emptyItem') };
  if (key === 'has' && /\s/.test(value)) return { ...place, message: t('has') };
  return undefined;
};

const errorOf = (token: Token): SearchError | undefined => {
  if (token.kind === 'filter') return filterError(token);
  const { start, end, text } = token;
  if (token.kind === 'operator') return { start, end, message: t('operator', { word: text }) };
  if (token.kind === 'text' && isOpenQuote(text)) return { start, end, message: t('quote'), fix: { text: `${text}"` } };
  return undefined;
};

/** Reads a search and names every error at once. The server has the last word; this is help while typing. */
export const parse = (text: string): ParsedSearch => {
  const tokens = lex(text);
  return {
    tokens,
    filters: tokens.filter((token) => token.kind === 'filter'),
    freeText: tokens
      .filter((token) => token.kind === 'text')
      .map((token) => token.text)
      .join(' '),
    errors: tokens.map(errorOf).filter((error) => error !== undefined),
  };
};
