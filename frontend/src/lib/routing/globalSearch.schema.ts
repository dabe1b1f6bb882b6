import * as v from 'valibot';
import { periodSeconds } from '../time/range.ts';

/** A repeated key arrives as a list, a single one as text: both become a list, anything else nothing. */
const listOf = v.fallback(
  v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((value) => (typeof value === 'string' ? [value] : value)),
    ),
  ),
  undefined,
);
export const textOf = v.fallback(v.optional(v.string()), undefined);
const period = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.check((text) => periodSeconds(text) !== undefined),
    ),
  ),
  undefined,
);

/** The page filters. Every page of an organization carries them, so that they stay while one moves about. */
const globalSearchEntries = {
  project: listOf,
  environment: listOf,
  statsPeriod: period,
  start: textOf,
  end: textOf,
  utc: textOf,
};
const schema = v.looseObject(globalSearchEntries);

export type GlobalSearch = {
  project?: string[] | undefined;
  environment?: string[] | undefined;
  statsPeriod?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
  utc?: string | undefined;
};

export const readGlobalSearch = (search: Record<string, unknown>): GlobalSearch => v.parse(schema, search);

/** The part of a page's search that belongs to the page filters, for API queries and for links that keep them. */
export const globalPart = (search: GlobalSearch): GlobalSearch => ({
  project: search.project,
  environment: search.environment,
  statsPeriod: search.statsPeriod,
  start: search.start,
  end: search.end,
  utc: search.utc,
});
