import { readStored, writeStored } from '../storage.ts';
import { type GlobalSearch, globalPart } from './globalSearch.schema.ts';

const key = (org: string): string => `filters.${org}`;

/** The page filters last used in an organization; links without filters of their own start from them. */
export const rememberedFilters = (org: string): GlobalSearch => globalPart(readStored<GlobalSearch>(key(org), {}));

export const rememberFilters = (org: string, filters: GlobalSearch): void => writeStored(key(org), globalPart(filters));
