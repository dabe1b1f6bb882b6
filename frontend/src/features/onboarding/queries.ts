import { apiOptions } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import type { Issue, Project, TeamSummary } from '@/api/types.ts';

export type ClientKey = {
  id: string;
  name: string;
  public: string;
  projectId: number;
  isActive: boolean;
  dsn: { public: string };
};

export const projectPath = '/api/0/projects/{org}/{project}/';

export const projectQuery = (org: string, project: string) =>
  apiOptions<Project>()(projectPath, { path: { org, project } });

export const keysQuery = (org: string, project: string) =>
  apiOptions<ClientKey[]>()(`${projectPath}keys/`, { path: { org, project }, staleTime: STALE.calm });

/** The newest issue of a project, whatever its state: there is one as soon as an event has arrived. */
export const firstIssueQuery = (org: string, projectId: string) =>
  apiOptions<Issue[]>()('/api/0/organizations/{org}/issues/', {
    path: { org },
    query: { project: projectId, query: '', sort: 'date', limit: 1, statsPeriod: '90d' },
    staleTime: 0,
  });

export const teamsQuery = (org: string) =>
  apiOptions<TeamSummary[]>()('/api/0/organizations/{org}/teams/', { path: { org }, staleTime: STALE.calm });
