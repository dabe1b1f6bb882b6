import { useSearch } from '@tanstack/react-router';
import type { GlobalSearch } from './globalSearch.schema.ts';

/** Whether the page shows times in UTC; the visitor's own zone is the default. */
export const useUtc = (): boolean => (useSearch({ strict: false }) as GlobalSearch).utc === 'true';
