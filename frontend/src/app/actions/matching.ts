const shortId = /^[a-z0-9][a-z0-9_-]*-[0-9a-z]+$/i;
const eventId = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** "checkout-1a" → "CHECKOUT-1A"; undefined when the text cannot be a short id. */
export const readShortId = (text: string): string | undefined =>
  shortId.test(text) && !eventId.test(text) ? text.toUpperCase() : undefined;

/** An event id in either spelling, as the API takes it. */
export const readEventId = (text: string): string | undefined =>
  eventId.test(text) ? text.replaceAll('-', '').toLowerCase() : undefined;

/** 0 when every word begins a word of the label, 1 when every word is somewhere in it, otherwise undefined. */
const rank = (label: string, words: readonly string[]): number | undefined => {
  const lower = label.toLowerCase();
  if (words.every((word) => lower.startsWith(word) || lower.includes(` ${word}`))) return 0;
  return words.every((word) => lower.includes(word)) ? 1 : undefined;
};

/** The items whose label holds every word typed, those that begin with them first. */
export const matching = <T extends { label: string }>(items: readonly T[], text: string): T[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items
    .map((item) => ({ item, rank: rank(item.label, words) }))
    .filter((entry) => entry.rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ item }) => item);
};
