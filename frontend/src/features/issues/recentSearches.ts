import { readStored, writeStored } from '@/lib/storage.ts';

const KEPT = 6;
const key = (org: string): string => `searches.${org}`;

/** What was searched for last in this browser, newest first. */
export const recentSearches = (org: string): string[] => readStored<string[]>(key(org), []);

export const rememberSearch = (org: string, query: string): void => {
  const text = query.trim();
  if (!text) return;
  writeStored(key(org), [text, ...recentSearches(org).filter((known) => known !== text)].slice(0, KEPT));
};
