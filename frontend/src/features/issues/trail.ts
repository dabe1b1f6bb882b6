import { createStore } from '@/lib/store.ts';

/**
 * The list one came from: its issues in order and the search of its address. The issue page moves along it with
 * Shift+[ and Shift+], and its way back leads to the same place.
 */
export type Trail = {
  ids: readonly string[];
  search: Record<string, unknown>;
  /** Where the list's cursor stands. Whoever moves along the trail moves it too. */
  current?: string | undefined;
};

export const trail = createStore<Trail>({ ids: [], search: {} });

/** The neighbour of an issue in the list: -1 for the one above, 1 for the one below. */
export const neighbour = (id: string, step: -1 | 1): string | undefined => {
  const { ids } = trail.get();
  const at = ids.indexOf(id);
  return at < 0 ? undefined : ids[at + step];
};
