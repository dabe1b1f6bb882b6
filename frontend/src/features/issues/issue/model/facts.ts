import type { TagValue } from '@/api/types.ts';

/** A tag of an issue with its most frequent values. */
export type TagSummary = {
  key: string;
  name?: string;
  totalValues: number;
  uniqueValues?: number;
  topValues: TagValue[];
};

export type ReleaseFact = {
  version: string;
  shortVersion?: string | null;
  dateCreated?: string | null;
  dateReleased?: string | null;
};

export type FactsInput = {
  count: number;
  userCount: number;
  firstSeen: string;
  firstRelease: ReleaseFact | null | undefined;
  tags: readonly TagSummary[];
};

/** What the opening sentence of an issue says. Every part but the count may be absent. */
export type Facts = {
  count: number;
  userCount: number;
  firstSeen: string;
  release: string | undefined;
  /** Seconds between the deploy of that release and the first event. */
  afterDeploy: number | undefined;
  concentration: { key: string; value: string; share: number } | undefined;
};

/** Where a problem may sit, in the order in which a place is worth telling. */
const telling = [
  'browser',
  'os',
  'device',
  'device.family',
  'runtime',
  'server_name',
  'url',
  'transaction',
  'environment',
  'release',
];
/** Places that visitors bring along: when all of them have the same one, that is news. A server often is the only one. */
const couldDiffer = new Set(['browser', 'device', 'device.family']);
const ENOUGH_EVENTS = 5;
const CLEAR_SHARE = 0.6;
const LONGEST_LINK_TO_DEPLOY = 30 * 86_400;

const topOf = (tag: TagSummary, events: number) => {
  const top = tag.topValues[0];
  const total = Math.max(tag.totalValues, events);
  const value = top?.value || top?.name;
  if (!top || !value || total < ENOUGH_EVENTS) return undefined;
  return {
    key: tag.key,
    value,
    share: Math.min(1, top.count / total),
    values: tag.uniqueValues ?? tag.topValues.length,
  };
};

/**
 * The place that stands out most. A tag that could have been otherwise and mostly is not says more than one that never
 * differs, so tags with several values come first.
 */
export const concentrationOf = (tags: readonly TagSummary[], events: number): Facts['concentration'] => {
  const tops = telling
    .flatMap((key) => tags.filter((tag) => tag.key === key))
    .flatMap((tag) => topOf(tag, events) ?? [])
    .filter(({ share }) => share >= CLEAR_SHARE);
  const varied = tops.filter(({ values, share }) => values > 1 && share < 1);
  const best = varied[0] ?? tops.find(({ key }) => couldDiffer.has(key));
  return best && { key: best.key, value: best.value, share: best.share };
};

const secondsAfter = (release: ReleaseFact | null | undefined, firstSeen: string): number | undefined => {
  if (!release?.dateReleased) return undefined;
  const seconds = (Date.parse(firstSeen) - Date.parse(release.dateReleased)) / 1000;
  return seconds >= 0 && seconds <= LONGEST_LINK_TO_DEPLOY ? seconds : undefined;
};

export const factsOf = (input: FactsInput): Facts => ({
  count: input.count,
  userCount: input.userCount,
  firstSeen: input.firstSeen,
  release: input.firstRelease ? (input.firstRelease.shortVersion ?? input.firstRelease.version) : undefined,
  afterDeploy: secondsAfter(input.firstRelease, input.firstSeen),
  concentration: concentrationOf(input.tags, input.count),
});
