import { apiOptions } from './options.ts';
import { STALE } from './stale.ts';
import type {
  Environment,
  EventLookup,
  IngestHealth,
  Member,
  Organization,
  Project,
  ReleaseSummary,
  User,
} from './types.ts';

/** Query options that several features share. What only one feature asks for stays in that feature. */

export const meQuery = () => apiOptions<User>()('/api/0/users/me/', { staleTime: STALE.calm });

export const organizationsQuery = () =>
  apiOptions<Organization[]>()('/api/0/organizations/', { staleTime: STALE.calm });

export const projectsQuery = (org: string) =>
  apiOptions<Project[]>()('/api/0/organizations/{org}/projects/', { path: { org }, query: { per_page: 100 } });

export const environmentsQuery = (org: string) =>
  apiOptions<Environment[]>()('/api/0/organizations/{org}/environments/', { path: { org }, staleTime: STALE.calm });

export const membersQuery = (org: string) =>
  apiOptions<Member[]>()('/api/0/organizations/{org}/members/', { path: { org }, staleTime: STALE.calm });

export const releasesQuery = (org: string, project: readonly string[] = []) =>
  apiOptions<ReleaseSummary[]>()('/api/0/organizations/{org}/releases/', {
    path: { org },
    query: { project, per_page: 50 },
    staleTime: STALE.calm,
  });

export const ingestHealthQuery = (org: string) =>
  apiOptions<IngestHealth>()('/api/0/organizations/{org}/ingest-health/', { path: { org }, staleTime: STALE.live });

export const eventIdQuery = (org: string, event: string) =>
  apiOptions<EventLookup>()('/api/0/organizations/{org}/eventids/{event}/', {
    path: { org, event },
    staleTime: STALE.calm,
  });
