import { apiOptions } from '@/api/options.ts';
import type { EventsStats, Issue } from '@/api/types.ts';

/** The issue that happened last, whatever its state: its age is that of the last event. */
export const lastIssueQuery = (org: string, project: string) =>
  apiOptions<Issue[]>()('/api/0/organizations/{org}/issues/', {
    path: { org },
    query: { project, query: '', sort: 'date', limit: 1, statsPeriod: '90d' },
  });

export const projectDayQuery = (org: string, project: string) =>
  apiOptions<EventsStats>()('/api/0/organizations/{org}/events-stats/', {
    path: { org },
    query: { project, yAxis: 'count()', statsPeriod: '24h', interval: '1h' },
  });
