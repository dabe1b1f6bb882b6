/**
 * The answers of the API that the interface reads, in Sentry's shapes. Only the keys that are used are named: an answer
 * may hold more, and a page must not need more.
 */
import type { Level } from '@/design/tokens.ts';

export type { Level };

export type UserOptions = {
  theme?: string;
  timezone?: string;
  clock24Hours?: boolean;
  density?: string;
  frameMode?: string;
  stacktraceOrder?: number | string;
};

export type User = {
  id: string;
  name: string;
  username: string;
  email: string;
  isSuperuser?: boolean;
  options?: UserOptions;
};

export type Organization = { id: string; slug: string; name: string; dateCreated: string; access?: string[] };

export type TeamSummary = { id: string; slug: string; name: string };

export type Project = {
  id: string;
  slug: string;
  name: string;
  platform: string | null;
  dateCreated: string;
  /** When the first event arrived; null while none has. */
  firstEvent: string | null;
  isMember?: boolean;
  isBookmarked?: boolean;
  team?: TeamSummary | null;
  teams?: TeamSummary[];
};

export type Environment = { id: string; name: string; isHidden?: boolean };

export type Member = { id: string; email: string; name: string; user: User | null };

export type ReleaseSummary = {
  version: string;
  shortVersion?: string;
  dateCreated: string;
  dateReleased?: string | null;
};

export type IngestHealth = {
  status: 'healthy' | 'delayed' | 'stopped';
  lagSeconds: number;
  backlogBytes: number;
  eventsPerMinute: number;
  /** Records that were set aside and wait for the operator. */
  poisonCount: number;
};

/** Rows of the statistics of what arrived; `by` has what they are grouped by. */
export type UsageGroup = {
  by: { category?: string; outcome?: string; reason?: string; project?: number };
  totals: { 'sum(quantity)': number };
  series: { 'sum(quantity)': number[] };
};
export type UsageStats = { start: string; end: string; intervals: string[]; groups: UsageGroup[] };
export type UsageSummary = {
  projects: { id: string; slug: string; stats: { category: string; outcomes: Record<string, number> }[] }[];
};
export type DiskKind = {
  kind: string;
  bytes: number;
  /** How long the instance keeps it at most; null: for ever. */
  days: number | null;
  /** Of the whole days of the last week; null: not known. */
  bytesPerDay: number | null;
};
/** The disk of the whole instance, as last measured. */
export type DiskUsage = {
  bytes: number;
  ceiling: number | null;
  measured: string | null;
  /** Until the ceiling is met; null: not within a year, or not known. */
  daysLeft: number | null;
  /** What was dropped last to keep the ceiling. */
  lastDrop: { kind: string; day: string; bytes: number; dropped: string } | null;
  kinds: DiskKind[];
};

export type TagKey = { key: string; name?: string; totalValues?: number };
export type TagValue = {
  key?: string;
  name: string;
  value: string;
  count: number;
  firstSeen?: string;
  lastSeen?: string;
};

/** Unix seconds and a count. */
export type StatPoint = [seconds: number, count: number];

export type IssueStatus = 'unresolved' | 'resolved' | 'ignored';
export type Substatus =
  | 'new'
  | 'ongoing'
  | 'regressed'
  | 'escalating'
  | 'archived_until_escalating'
  | 'archived_until_condition_met'
  | 'archived_forever';
export type Priority = 'high' | 'medium' | 'low';

export type Assignee = { type: 'user' | 'team'; id: string; name: string; email?: string };

export type StatusDetails = {
  ignoreDuration?: number;
  ignoreCount?: number;
  ignoreUntil?: string;
  ignoreUserCount?: number;
  inRelease?: string;
  inNextRelease?: boolean;
};

export type Issue = {
  id: string;
  shortId: string;
  title: string;
  culprit: string | null;
  level: Level;
  status: IssueStatus;
  substatus: Substatus | null;
  statusDetails?: StatusDetails;
  type: string;
  platform: string | null;
  project: { id: string; slug: string; name: string; platform?: string | null };
  metadata: { type?: string; value?: string; title?: string; filename?: string; function?: string };
  /** A number written as text. */
  count: string;
  userCount: number;
  firstSeen: string;
  lastSeen: string;
  assignedTo: Assignee | null;
  isUnhandled?: boolean;
  hasSeen: boolean;
  isBookmarked: boolean;
  isSubscribed: boolean;
  numComments: number;
  priority?: Priority | null;
  permalink?: string;
  stats?: Partial<Record<'24h' | '14d' | 'auto', StatPoint[]>>;
};

/** What a person may change on one or many issues. */
export type IssueChange = {
  status?: IssueStatus | 'resolvedInNextRelease';
  substatus?: Substatus;
  statusDetails?: StatusDetails;
  /** "user:1", "team:2", or "" for nobody. */
  assignedTo?: string;
  hasSeen?: boolean;
  isBookmarked?: boolean;
  isSubscribed?: boolean;
  priority?: Priority;
  merge?: 1;
};

export type EventsStats = { data: [seconds: number, [{ count: number }]][]; start?: number; end?: number };

export type EventLookup = { organizationSlug: string; projectSlug: string; groupId: string; eventId: string };
