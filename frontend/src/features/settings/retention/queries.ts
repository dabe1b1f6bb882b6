import { apiOptions } from '@/api/options.ts';

export const retentionPath = '/api/0/organizations/{org}/retention/';

export type Retention = {
  kind: string;
  /** What holds: the organization's own days, but no more than the instance's. */
  days: number;
  most: number;
  own: number | null;
};

export const retentionQuery = (org: string) => apiOptions<Retention[]>()(retentionPath, { path: { org } });
