import type { Assignee, Issue, IssueChange } from '@/api/types.ts';

type Changed = Partial<
  Pick<
    Issue,
    'status' | 'substatus' | 'statusDetails' | 'hasSeen' | 'isBookmarked' | 'isSubscribed' | 'priority' | 'assignedTo'
  >
>;

/**
 * What an issue will look like once the server has agreed. Only a known assignee can be shown ahead; `assignee` says who
 * "user:1" is.
 */
export const foreseen = (change: IssueChange, assignee?: Assignee | null): Changed => {
  const { status, substatus, statusDetails, assignedTo, merge: _, ...same } = change;
  const next: Changed = { ...same };
  if (status !== undefined) {
    next.status = status === 'resolvedInNextRelease' ? 'resolved' : status;
    next.substatus = substatus ?? (next.status === 'unresolved' ? 'ongoing' : null);
    next.statusDetails = statusDetails ?? {};
  }
  if (assignedTo !== undefined && assignee !== undefined) next.assignedTo = assignee;
  return next;
};

/** The change that puts the state of an issue back to what it is now. */
export const restoring = ({ status, substatus, statusDetails }: Issue): IssueChange => ({
  status,
  ...(substatus && status !== 'resolved' ? { substatus } : {}),
  ...(statusDetails && Object.keys(statusDetails).length > 0 ? { statusDetails } : {}),
});

const HOUR = 60;
const DAY = 24 * HOUR;
const condition = { status: 'ignored', substatus: 'archived_until_condition_met' } as const;

/** The ways to put an issue away. Durations are minutes, as the API takes them. */
export const archives = {
  escalating: { status: 'ignored', substatus: 'archived_until_escalating' },
  forever: { status: 'ignored', substatus: 'archived_forever' },
  hour: { ...condition, statusDetails: { ignoreDuration: HOUR } },
  day: { ...condition, statusDetails: { ignoreDuration: DAY } },
  week: { ...condition, statusDetails: { ignoreDuration: 7 * DAY } },
} as const satisfies Record<string, IssueChange>;

export type ArchiveUntil = 'date' | 'events' | 'users';

/** Put away until a moment, or until it has happened so often or to so many again. */
export const archiveUntil = (until: ArchiveUntil, value: string, now = Date.now()): IssueChange | undefined => {
  if (until === 'date') {
    const minutes = Math.ceil((Date.parse(value) - now) / 60_000);
    return minutes > 0 ? { ...condition, statusDetails: { ignoreDuration: minutes } } : undefined;
  }
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) return undefined;
  return { ...condition, statusDetails: until === 'events' ? { ignoreCount: count } : { ignoreUserCount: count } };
};
