import { apiOptions } from '@/api/options.ts';
import type { EventsStats, Issue } from '@/api/types.ts';

/** The issues that happened last, whatever their state: the age of the first is that of the last event. */
export const lastIssuesQuery = (org: string, project: string, limit: number) =>
  apiOptions<Issue[]>()('/api/0/organizations/{org}/issues/', {
    path: { org },
    query: { project, query: '', sort: 'date', limit, statsPeriod: '90d' },
  });

export const projectDayQuery = (org: string, project: string) =>
  apiOptions<EventsStats>()('/api/0/organizations/{org}/events-stats/', {
    path: { org },
    query: { project, yAxis: 'count()', statsPeriod: '24h', interval: '1h' },
  });
