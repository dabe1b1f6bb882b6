const SECOND = 1000;

/** How long an answer may be shown without asking again. */
export const STALE = {
  /** Things that move while one looks: lists, counters. */
  live: 5 * SECOND,
  /** Things others may change: projects, members. */
  shared: 30 * SECOND,
  /** Things that hardly change within a visit: environments, tag keys. */
  calm: 5 * 60 * SECOND,
  /** Things that never change: an event. */
  fixed: Number.POSITIVE_INFINITY,
} as const;
