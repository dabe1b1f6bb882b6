import { type Query, queryString } from '../url.ts';

export type Search = Record<string, string | string[] | undefined>;

/** Reads a query string in Sentry's form: plain values, a repeated key is a list. */
export const parseSearch = (text: string): Search => {
  const search: Search = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const present = search[key];
    if (present === undefined) search[key] = value;
    else search[key] = Array.isArray(present) ? [...present, value] : [present, value];
  }
  return search;
};

/** The inverse of `parseSearch`. An empty value is one: `query=` asks for every issue, no query for the default. */
export const stringifySearch = (search: Record<string, unknown>): string => queryString(search as Query);
