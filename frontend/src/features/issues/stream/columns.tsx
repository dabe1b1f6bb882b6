import { Bookmark, MessageSquare } from 'lucide-react';
import type { Issue, StatPoint } from '@/api/types.ts';
import { Sparkbars } from '@/charts/Sparkbars.tsx';
import { compact, full } from '@/lib/format/number.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { classes } from '@/ui/classes.ts';
import type { GridColumn } from '@/ui/GridRow.tsx';
import { LevelMark } from '@/ui/LevelMark.tsx';
import { StateTag } from '@/ui/StateTag.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import c from './columns.module.css';
import { IssueLink } from './IssueLink.tsx';
import { t } from './strings.ts';

const points = (issue: Issue): StatPoint[] => issue.stats?.auto ?? issue.stats?.['14d'] ?? issue.stats?.['24h'] ?? [];

/** "TypeError" and "Cannot read …"; a message event has a title only. */
export const headline = (issue: Issue): { type: string; value: string } => {
  const { type, value } = issue.metadata;
  return type ? { type, value: value ?? '' } : { type: issue.title, value: '' };
};

function Main({ issue }: { issue: Issue }) {
  const { type, value } = headline(issue);
  return (
    <div className={c.main}>
      <div className={c.first}>
        <LevelMark level={issue.level} />
        <IssueLink issue={issue} className={classes(c.type, !value && c.alone)}>
          {type}
        </IssueLink>
        {value && <span className={c.value}>{value}</span>}
        <StateTag status={issue.status} substatus={issue.substatus} />
        {issue.isBookmarked && <Bookmark size={12} className={c.bookmark} role="img" aria-label={t('bookmarked')} />}
      </div>
      <div className={c.second}>
        <span className={c.shortId}>{issue.shortId}</span>
        {!issue.hasSeen && <i className={c.unseen} role="img" aria-label={t('unseen')} title={t('unseen')} />}
        <span className={c.culprit}>{issue.culprit}</span>
        {issue.numComments > 0 && (
          <span className={c.comments} role="img" aria-label={t('comments', { n: issue.numComments })}>
            <MessageSquare size={11} aria-hidden="true" />
            {issue.numComments}
          </span>
        )}
      </div>
    </div>
  );
}

function Assignee({ issue, onAssign }: { issue: Issue; onAssign: (issue: Issue, anchor: HTMLElement) => void }) {
  const person = issue.assignedTo;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={c.assignee}
      aria-label={person ? t('assignedTo', { name: person.name }) : t('unassigned', { issue: issue.shortId })}
      data-test-id="assignee"
      onClick={(event) => onAssign(issue, event.currentTarget)}
    >
      {person ? <Avatar name={person.name} kind={person.type} /> : <i className={c.nobody} />}
    </button>
  );
}

const age = (iso: string) => (
  <span className={c.age}>
    <TimeAgo iso={iso} />
  </span>
);
const number = (value: number) => <span title={full(value)}>{compact(value)}</span>;

/** The columns of the list. `header` is what stands over the first: how many there are. */
export const issueColumns = (
  header: React.ReactNode,
  onAssign: (issue: Issue, anchor: HTMLElement) => void,
): GridColumn<Issue>[] => [
  { id: 'issue', header, width: 'minmax(0, 1fr)', cell: (issue) => <Main issue={issue} /> },
  {
    id: 'trend',
    header: t('trend'),
    width: '128px',
    wide: true,
    cell: (issue) => <Sparkbars values={points(issue).map(([, count]) => count)} height={24} />,
  },
  { id: 'events', header: t('events'), width: '60px', align: 'end', cell: (issue) => number(Number(issue.count)) },
  {
    id: 'users',
    header: t('users'),
    width: '60px',
    align: 'end',
    wide: true,
    cell: (issue) => number(issue.userCount),
  },
  {
    id: 'age',
    header: t('age'),
    width: '52px',
    align: 'end',
    wide: true,
    cell: (issue) => age(issue.firstSeen),
  },
  { id: 'seen', header: t('seen'), width: '48px', align: 'end', cell: (issue) => age(issue.lastSeen) },
  {
    id: 'assignee',
    header: <span className="sr-only">{t('assignee')}</span>,
    width: '44px',
    align: 'end',
    wide: true,
    cell: (issue) => <Assignee issue={issue} onAssign={onAssign} />,
  },
];
