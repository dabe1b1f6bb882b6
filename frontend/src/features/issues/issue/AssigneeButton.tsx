import { useQuery } from '@tanstack/react-query';
import { UserRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { membersQuery } from '@/api/queries.ts';
import type { Assignee } from '@/api/types.ts';
import { useActions } from '@/lib/actions/useActions.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { Button } from '@/ui/Button.tsx';
import type { PickerItem } from '@/ui/PickerPopup.tsx';
import c from './AssigneeButton.module.css';
import { type IssueDetail, teamsQuery } from './queries.ts';
import { useIssueChange } from './useIssueChange.ts';

const load = () => import('@/ui/PickerPopup.tsx');
const PickerPopup = lazy(load);

const t = defineMessages({
  group: 'Issue',
  assign: 'Assign',
  assignTo: 'Assign to',
  assigned: 'Assigned to',
  find: 'Find a person or team',
  nobody: 'Nobody',
  noneFits: 'Nobody fits',
  done: 'Assigned {id} to {name}',
  cleared: '{id} is assigned to nobody',
  team: 'team',
});

const NOBODY = 'nobody';
const keyOf = (assignee: Assignee | null): string => (assignee ? `${assignee.type}:${assignee.id}` : NOBODY);

/** Everyone an issue may be given to, under the key the API takes. */
const useAssignees = (org: string, enabled: boolean): Map<string, Assignee> => {
  const members = useQuery({ ...membersQuery(org), enabled });
  const teams = useQuery({ ...teamsQuery(org), enabled });
  const people = (members.data ?? []).flatMap(({ user, email }): Assignee[] =>
    user ? [{ type: 'user', id: user.id, name: user.name || email, email }] : [],
  );
  const groups = (teams.data ?? []).map(({ id, slug }): Assignee => ({ type: 'team', id, name: `#${slug}` }));
  return new Map([...people, ...groups].map((assignee) => [keyOf(assignee), assignee]));
};

const itemOf = (id: string, { name, type, email }: Assignee): PickerItem => ({
  id,
  label: name,
  icon: <Avatar name={name} kind={type} />,
  ...(type === 'team' ? { detail: t('team') } : email && email !== name ? { detail: email } : {}),
});

/** Who looks after the issue, and the list to give it to somebody else. */
export function AssigneeButton({ issue, place }: { issue: IssueDetail; place: { org: string; issue: string } }) {
  const [open, setOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const change = useIssueChange(place);
  const assignees = useAssignees(place.org, open);
  const current = issue.assignedTo;
  const pick = (key: string | undefined) => {
    const assignee = (key && assignees.get(key)) || null;
    const id = issue.shortId;
    void change(
      { assignedTo: assignee ? keyOf(assignee) : '' },
      {
        assignee,
        done: assignee ? t('done', { id, name: assignee.name }) : t('cleared', { id }),
        undo: () => void change({ assignedTo: current ? keyOf(current) : '' }, { assignee: current }),
      },
    );
  };
  useActions([
    {
      id: 'issue-assign',
      label: t('assignTo'),
      group: t('group'),
      icon: UserRound,
      keys: 'a',
      run: () => setOpen(true),
    },
  ]);
  const items = [...assignees].map(([id, assignee]) => itemOf(id, assignee));
  return (
    <>
      <Button
        ref={setAnchor}
        aria-haspopup="dialog"
        aria-expanded={open}
        onMouseEnter={load}
        onFocus={load}
        onPress={() => setOpen(true)}
        className={c.button}
        data-test-id="assignee"
      >
        {current ? (
          <>
            <span className="sr-only">{t('assigned')}</span>
            <span aria-hidden="true">
              <Avatar name={current.name} kind={current.type} />
            </span>
            <span className={c.name}>{current.name}</span>
          </>
        ) : (
          <>
            <i className={c.nobody} />
            <span className={c.name}>{t('assign')}</span>
          </>
        )}
      </Button>
      {open && (
        <Suspense>
          <PickerPopup
            anchor={anchor}
            label={t('assignTo')}
            items={[{ id: NOBODY, label: t('nobody') }, ...items]}
            selected={[keyOf(current)]}
            placeholder={t('find')}
            empty={t('noneFits')}
            onChange={([key]) => pick(key)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
