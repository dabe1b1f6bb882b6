import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { membersQuery } from '@/api/queries.ts';
import { compact } from '@/lib/format/number.ts';
import { printValue } from '@/lib/query-language/print.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { tagKeysQuery, tagValuesQuery } from '../queries.ts';
import { recentSearches } from '../recentSearches.ts';
import { isKnownKey, issueKeys, recentDetail, tagDetail } from './keys.ts';
import { ranked, type Suggestion, type Target } from './suggest.ts';

const SHOWN = 12;
const PAUSE = 200;

const useSettled = (value: string): string => {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
};

const plain = (values: readonly string[]): Suggestion[] =>
  values.map((value) => ({ text: printValue(value), label: value }));

/** Values of a tag, asked from the server once typing pauses. */
const useTagValues = (org: string, search: GlobalSearch, target: Target | undefined, fixed: boolean): Suggestion[] => {
  const key = target?.kind === 'value' && !fixed ? target.key : '';
  const typed = useSettled(target?.typed ?? '');
  const { data } = useQuery({
    ...tagValuesQuery(org, search, key, typed),
    enabled: key !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (key === '') return [];
  return (data ?? []).map(({ value, name, count }) => ({
    text: printValue(value),
    label: name || value || '""',
    detail: compact(count),
  }));
};

/** What the search could go on with at the caret. */
export const useSuggestions = (
  org: string,
  search: GlobalSearch,
  target: Target | undefined,
  { active, keys, blank }: { active: boolean; keys: readonly string[]; blank: boolean },
) => {
  // The tags are asked for when they can help: to suggest one, or to tell whether a key is one.
  const wanted = active || keys.some((key) => !isKnownKey(key, []));
  const tags = useQuery({ ...tagKeysQuery(org, search), enabled: wanted, retry: false });
  const isPerson = target?.kind === 'value' && /^(assigned|bookmarks)/.test(target.key);
  const members = useQuery({ ...membersQuery(org), enabled: active && isPerson });
  const tagKeys = useMemo(() => (tags.data ?? []).map(({ key }) => key), [tags.data]);
  const known = target?.kind === 'value' ? issueKeys.find(({ key }) => key === target.key) : undefined;
  const fixed = known?.values !== undefined || (target?.kind === 'value' && target.key === 'has');
  const values = useTagValues(org, search, active ? target : undefined, fixed);

  const keySuggestions = (typed: string, empty: boolean): Suggestion[] => {
    const recent = empty
      ? recentSearches(org).map((text) => ({ text, label: text, detail: recentDetail(), whole: true }))
      : [];
    const own = issueKeys.map(({ key, detail }) => ({ text: key, label: key, detail }));
    const ofTags = tagKeys
      .filter((key) => !issueKeys.some((one) => one.key === key))
      .map((key) => ({ text: key, label: key, detail: tagDetail() }));
    return [...recent, ...ranked([...own, ...ofTags], ({ text }) => text, typed)];
  };
  const valueSuggestions = (typed: string): Suggestion[] => {
    if (target?.kind === 'value' && target.key === 'has') return ranked(plain(tagKeys), ({ label }) => label, typed);
    const people = isPerson
      ? (members.data ?? []).flatMap(({ user, name }) =>
          user ? [{ text: user.email, label: user.email, detail: name }] : [],
        )
      : [];
    return ranked([...plain(known?.values ?? []), ...people, ...values], ({ label }) => label, typed);
  };
  const suggestions = !target
    ? []
    : target.kind === 'key'
      ? keySuggestions(target.typed, blank)
      : valueSuggestions(target.typed);
  return {
    suggestions: suggestions.slice(0, SHOWN),
    /** Unknown until the tags have arrived: nothing is underlined by mistake. */
    isKnown: (key: string) => tags.data === undefined || isKnownKey(key, tagKeys),
  };
};
