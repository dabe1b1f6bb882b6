import { apiOptions } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import type { Member, Organization, Project, TeamSummary } from '@/api/types.ts';

export const mePath = '/api/0/users/me/';
export const organizationPath = '/api/0/organizations/{org}/';
export const projectPath = '/api/0/projects/{org}/{project}/';
export const keysPath = `${projectPath}keys/` as const;
export const keyPath = `${keysPath}{key}/` as const;
export const filtersPath = `${projectPath}filters/` as const;
export const filterPath = `${filtersPath}{filter}/` as const;
export const tokensPath = '/api/0/api-tokens/';

/** What scrubs events; of an organization the switches mean that it is required of every project. */
export type Scrubbing = {
  dataScrubber: boolean;
  dataScrubberDefaults: boolean;
  scrubIPAddresses: boolean;
  sensitiveFields: string[];
  safeFields: string[];
  /** Advanced rules as JSON. */
  relayPiiConfig: string | null;
};

/** Filters that are not switched one by one: lists with a member a line, and switches. */
export type FilterOptions = Record<string, string | boolean>;

/** Bytes of an event and of a text in it; null: nothing beyond what is built in. */
export type Sizes = { maxEventBytes: number | null; maxFieldBytes: number | null };

export type ProjectDetail = Project & {
  spikeProtection?: boolean;
  allowedDomains?: string[] | null;
  options?: FilterOptions;
} & Partial<Scrubbing & Sizes>;

export type OrganizationDetail = Organization & Partial<Scrubbing & Sizes>;

/** A filter is on, off, or, where it has parts, the list of those that are on. */
export type Filter = { id: string; active: boolean | string[] };

export type RateLimit = { window: number; count: number };

/** The addresses of one key; which there are depends on the version of the server. */
export type DsnForms = Record<string, string | undefined> & { public: string };

export type ClientKey = {
  id: string;
  name: string;
  public: string;
  isActive: boolean;
  rateLimit: RateLimit | null;
  dsn: DsnForms;
  dateCreated: string;
};

export type Token = {
  id: string;
  name: string;
  scopes: string[];
  tokenLastCharacters?: string | null;
  dateCreated: string;
  dateLastUsed?: string | null;
  /** Only in the answer that creates it. */
  token?: string;
};

export type MemberDetail = Member & {
  role?: string;
  orgRole?: string;
  roleName?: string;
  dateCreated?: string;
  pending?: boolean;
};
export type Team = TeamSummary & { memberCount?: number; dateCreated?: string; isMember?: boolean };

export const organizationQuery = (org: string) => apiOptions<OrganizationDetail>()(organizationPath, { path: { org } });

export const projectQuery = (org: string, project: string) =>
  apiOptions<ProjectDetail>()(projectPath, { path: { org, project } });

export const keysQuery = (org: string, project: string) =>
  apiOptions<ClientKey[]>()(keysPath, { path: { org, project } });

export const keyQuery = (org: string, project: string, key: string) =>
  apiOptions<ClientKey>()(keyPath, { path: { org, project, key } });

export const filtersQuery = (org: string, project: string) =>
  apiOptions<Filter[]>()(filtersPath, { path: { org, project } });

export const tokensQuery = () => apiOptions<Token[]>()(tokensPath, { staleTime: STALE.shared });

export const membersQuery = (org: string) =>
  apiOptions<MemberDetail[]>()('/api/0/organizations/{org}/members/', { path: { org }, staleTime: STALE.shared });

export const teamsQuery = (org: string) =>
  apiOptions<Team[]>()('/api/0/organizations/{org}/teams/', { path: { org }, staleTime: STALE.shared });
