import { lex, type Token } from './lexer.ts';

/** A value as it must be written: quoted when it holds what would end it, or nothing. */
export const printValue = (value: string): string =>
  value === '' || /[\s()"[\],]|^[<>=!]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;

const printKey = (key: string): string => (/^[A-Za-z0-9_.-]+(\[[^\]]+\])?$/.test(key) ? key : `"${key}"`);

export const printFilter = (key: string, value: string, negated = false): string =>
  `${negated ? '!' : ''}${printKey(key)}:${printValue(value)}`;

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The search without some of its pieces. */
export const without = (text: string, remove: (token: Token) => boolean): string =>
  tidy(
    lex(text)
      .filter((token) => !remove(token))
      .map((token) => token.text)
      .join(''),
  );

/** The search with `key:value` in it: an equal filter is not doubled, one of the same key makes way. */
export const withFilter = (text: string, key: string, value: string): string =>
  tidy(
    `${without(text, (token) => token.kind === 'filter' && token.key === key && !token.negated)} ${printFilter(key, value)}`,
  );
