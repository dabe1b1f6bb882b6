import type { TagSummary } from './facts.ts';

/** How many values a tag has; the summary may hold only the most frequent. */
export const valuesOf = ({ uniqueValues, topValues }: TagSummary): number =>
  Math.max(uniqueValues ?? 0, topValues.length);

const topShare = ({ topValues, totalValues }: TagSummary): number =>
  (topValues[0]?.count ?? 0) / Math.max(1, totalValues);

/**
 * Tags by how much they tell: one that could have been otherwise comes before one that never differs, and the more events
 * share its first value, the earlier it comes.
 */
export const byTelling = (tags: readonly TagSummary[]): { varied: TagSummary[]; same: TagSummary[] } => ({
  varied: tags
    .filter((tag) => valuesOf(tag) > 1)
    .toSorted((a, b) => topShare(b) - topShare(a) || b.totalValues - a.totalValues || a.key.localeCompare(b.key)),
  same: tags
    .filter((tag) => valuesOf(tag) === 1)
    .toSorted((a, b) => b.totalValues - a.totalValues || a.key.localeCompare(b.key)),
});
