import { useQueryClient } from '@tanstack/react-query';
import { apiOptions } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import { organizationPath } from '../queries.ts';

export const capsPath = `${organizationPath}quotas/` as const;
export const capPath = `${capsPath}{cap}/` as const;

export type Period = 'minute' | 'hour' | 'day' | 'month';

/** How much of some categories may be stored in a period, and how much is. */
export type Cap = {
  id: string;
  /** Null: all projects share it. */
  project: string | null;
  /** None: everything. */
  categories: string[];
  period: Period;
  limit: number;
  used: number;
  /** When the next period begins. */
  resets: string;
  reason: 'organization_quota' | 'project_quota' | 'spike_protection';
};

const REFRESH = 10_000;

export const capsQuery = (org: string) => ({
  ...apiOptions<Cap[]>()(capsPath, { path: { org }, staleTime: STALE.live }),
  refetchInterval: REFRESH,
});

/** What somebody set, without what spike protection works out. */
export const setByHand = ({ reason }: Cap): boolean => reason !== 'spike_protection';

/** Reads the caps again. */
export const useCapsAgain = (org: string) => {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: capsQuery(org).queryKey });
};
