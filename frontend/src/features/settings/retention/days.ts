import type { Retention } from './queries.ts';

export type Days = Record<string, number | null>;

/** What the form asks for anew: a number of days, or null for as long as the instance. */
export const changedDays = (kinds: readonly Retention[], values: FormData): Days =>
  Object.fromEntries(
    kinds.flatMap(({ kind, own }) => {
      const text = String(values.get(kind) ?? '').trim();
      const days = text === '' ? null : Number(text);
      return days === own ? [] : [[kind, days]];
    }),
  );

/** Whether something that is kept now would be deleted. */
export const deletesData = (kinds: readonly Retention[], changes: Days): boolean =>
  kinds.some(({ kind, days, most }) => kind in changes && (changes[kind] ?? most) < days);
