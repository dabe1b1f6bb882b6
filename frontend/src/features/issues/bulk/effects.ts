import type { Issue, IssueChange, IssueStatus, Member } from '@/api/types.ts';
import { groupBy } from '@/lib/group.ts';
import { parse } from '@/lib/query-language/parser.ts';

const statusWords: Record<string, (issue: Issue) => boolean> = {
  unresolved: (issue) => issue.status === 'unresolved',
  resolved: (issue) => issue.status === 'resolved',
  ignored: (issue) => issue.status === 'ignored',
  archived: (issue) => issue.status === 'ignored',
  new: (issue) => issue.status === 'unresolved' && issue.substatus === 'new',
  regressed: (issue) => issue.status === 'unresolved' && issue.substatus === 'regressed',
  escalating: (issue) => issue.status === 'unresolved' && issue.substatus === 'escalating',
  ongoing: (issue) => issue.status === 'unresolved' && issue.substatus === 'ongoing',
  assigned: (issue) => issue.assignedTo !== null,
  unassigned: (issue) => issue.assignedTo === null,
};

/** Whether an issue still belongs in the list, as far as its state decides that; anything else is left to the server. */
export const staysIn = (issue: Issue, query: string): boolean =>
  parse(query).filters.every((filter) => {
    const matches = filter.key === 'is' ? statusWords[filter.value] : undefined;
    return matches ? matches(issue) !== filter.negated : true;
  });

const plainStatus = (status: IssueChange['status']): IssueStatus | undefined =>
  status === 'resolvedInNextRelease' ? 'resolved' : status;

const substatusOf = (issue: Issue, change: IssueChange): Issue['substatus'] => {
  if (change.substatus) return change.substatus;
  if (change.status === undefined) return issue.substatus;
  return change.status === 'unresolved' ? 'ongoing' : null;
};

const assigneeOf = (issue: Issue, change: IssueChange, members: readonly Member[]): Issue['assignedTo'] => {
  if (change.assignedTo === undefined) return issue.assignedTo;
  const [type, id] = change.assignedTo.split(':');
  const user = members.find((member) => member.user?.id === id)?.user;
  return type === 'user' && user
    ? { type: 'user', id: user.id, name: user.name || user.email, email: user.email }
    : null;
};

/** What an issue will look like once the server has made the change. */
export const changed = (issue: Issue, change: IssueChange, members: readonly Member[]): Issue => ({
  ...issue,
  status: plainStatus(change.status) ?? issue.status,
  substatus: substatusOf(issue, change),
  assignedTo: assigneeOf(issue, change, members),
  hasSeen: change.hasSeen ?? issue.hasSeen,
  isBookmarked: change.isBookmarked ?? issue.isBookmarked,
  priority: change.priority ?? issue.priority ?? null,
});

/** The change that takes another one back: every key it touches as it was. */
export const inverse = (issue: Issue, change: IssueChange): IssueChange => {
  const back: IssueChange = {};
  if (change.status !== undefined) {
    back.status = issue.status;
    if (issue.substatus) back.substatus = issue.substatus;
    if (issue.statusDetails && issue.status !== 'unresolved') back.statusDetails = issue.statusDetails;
  }
  if (change.assignedTo !== undefined)
    back.assignedTo = issue.assignedTo ? `${issue.assignedTo.type}:${issue.assignedTo.id}` : '';
  if (change.hasSeen !== undefined) back.hasSeen = issue.hasSeen;
  if (change.isBookmarked !== undefined) back.isBookmarked = issue.isBookmarked;
  if (change.priority !== undefined && issue.priority) back.priority = issue.priority;
  return back;
};

/** Issues that go back to the same state are sent together. */
export const groupInverse = (
  issues: readonly Issue[],
  change: IssueChange,
): { ids: string[]; change: IssueChange }[] => {
  const groups = groupBy(issues, (issue) => JSON.stringify(inverse(issue, change)));
  return [...groups].map(([text, members]) => ({ ids: members.map(({ id }) => id), change: JSON.parse(text) }));
};

/** Puts rows back where they were: behind the nearest row above that is still there. Those that stayed are exchanged. */
export const reinserted = (rows: readonly Issue[], earlier: readonly Issue[], ids: ReadonlySet<string>): Issue[] => {
  const result = [...rows];
  for (const [at, issue] of earlier.entries()) {
    if (!ids.has(issue.id)) continue;
    const present = result.findIndex(({ id }) => id === issue.id);
    if (present >= 0) {
      result[present] = issue;
      continue;
    }
    const above = earlier.slice(0, at).findLast(({ id }) => result.some((row) => row.id === id));
    result.splice(above ? result.findIndex(({ id }) => id === above.id) + 1 : 0, 0, issue);
  }
  return result;
};
