import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { send } from '@/api/client.ts';
import { meQuery } from '@/api/queries.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { exact } from '@/lib/time/zone.ts';
import { fillPath } from '@/lib/url.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { Button } from '@/ui/Button.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import { toast } from '@/ui/toast.ts';
import { type Activity, actorOf, detailOf, isOwnNote, noteText } from '../model/activity.ts';
import { Section } from '../parts/Section.tsx';
import { type IssueDetail, issuePath, issueQuery } from '../queries.ts';
import c from './ActivitySection.module.css';
import { NoteForm } from './NoteForm.tsx';

const t = defineMessages({
  title: 'Activity',
  system: 'Vedette',
  ago: ' ago',
  edit: 'Edit',
  removed: 'The comment is deleted',
});

/** What somebody did, in the words after a name. */
const deeds = defineMessages({
  note: 'wrote',
  first_seen: 'saw this for the first time',
  set_resolved: 'resolved it',
  set_resolved_in_release: 'resolved it in a release',
  set_resolved_by_age: 'resolved it, as nothing had happened for long',
  set_resolved_in_commit: 'resolved it in a commit',
  set_unresolved: 'opened it again',
  set_ignored: 'archived it',
  set_regression: 'saw it come back',
  set_escalating: 'saw it happen much more often',
  auto_set_ongoing: 'marked it as ongoing',
  assigned: 'assigned it',
  unassigned: 'assigned it to nobody',
  merge: 'merged other issues into it',
  unmerge_source: 'took events out of it',
  unmerge_destination: 'took events out of another issue',
  set_priority: 'changed its priority',
  set_public: 'made it public',
  set_private: 'made it private',
  mark_reviewed: 'reviewed it',
  other: 'changed it',
});
const withDetail = defineMessages({
  set_resolved_in_release: 'resolved it in {detail}',
  set_regression: 'saw it come back in {detail}',
  assigned: 'assigned it to {detail}',
  set_priority: 'set its priority to {detail}',
  set_ignored: 'archived it until {detail}',
});
type Deed = Parameters<typeof deeds>[0];
type DetailedDeed = Parameters<typeof withDetail>[0];
const known = new Set<string>([
  'note',
  'first_seen',
  'set_resolved',
  'set_resolved_in_release',
  'set_resolved_by_age',
  'set_resolved_in_commit',
  'set_unresolved',
  'set_ignored',
  'set_regression',
  'set_escalating',
  'auto_set_ongoing',
  'assigned',
  'unassigned',
  'merge',
  'unmerge_source',
  'unmerge_destination',
  'set_priority',
  'set_public',
  'set_private',
  'mark_reviewed',
]);
const detailed = new Set(['set_resolved_in_release', 'set_regression', 'assigned', 'set_priority', 'set_ignored']);

const deedOf = (activity: Activity): string => {
  const told = detailOf(activity);
  const detail = told && activity.type === 'set_ignored' ? exact(told) : told;
  if (detail && detailed.has(activity.type)) return withDetail(activity.type as DetailedDeed, { detail });
  return deeds((known.has(activity.type) ? activity.type : 'other') as Deed);
};

const useNotes = (place: { org: string; issue: string }) => {
  const client = useQueryClient();
  const notes = fillPath(`${issuePath}notes/`, place);
  const refresh = () => client.invalidateQueries({ queryKey: issueQuery(place).queryKey });
  const act = async (path: string, method: 'POST' | 'PUT' | 'DELETE', body?: unknown) => {
    await send(path, { method, ...(body === undefined ? {} : { body }) });
    await refresh();
  };
  return {
    add: (text: string) => act(notes, 'POST', { text }),
    edit: (id: string, text: string) => act(`${notes}${id}/`, 'PUT', { text }),
    remove: (id: string) => act(`${notes}${id}/`, 'DELETE'),
  };
};

function Note({ activity, own, notes }: { activity: Activity; own: boolean; notes: ReturnType<typeof useNotes> }) {
  const [editing, setEditing] = useState(false);
  const text = noteText(activity);
  if (editing) {
    return (
      <NoteForm
        text={text}
        onSave={async (changed) => {
          await notes.edit(activity.id, changed);
          setEditing(false);
        }}
        onCancel={() => setEditing(false)}
      />
    );
  }
  const remove = () =>
    notes.remove(activity.id).then(
      () => toast({ tone: 'success', text: t('removed'), undo: () => void notes.add(text) }),
      (error: Error) => toast({ tone: 'error', text: error.message }),
    );
  return (
    <div className={c.note}>
      <p>{text}</p>
      {own && (
        <div className={c.tools}>
          <Button size="sm" variant="ghost" onPress={() => setEditing(true)}>
            {t('edit')}
          </Button>
          <Button size="sm" variant="ghost" onPress={() => void remove()}>
            {common('delete')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Line({ activity, children }: { activity: Activity; children?: ReactNode }) {
  const actor = actorOf(activity) ?? t('system');
  return (
    <li className={c.line}>
      <Avatar name={actor} kind={activity.user ? 'user' : 'team'} />
      <div className={c.deed}>
        <p>
          <b>{actor}</b> {deedOf(activity)}{' '}
          <span className={c.when}>
            <TimeAgo iso={activity.dateCreated} suffix={t('ago')} />
          </span>
        </p>
        {children}
      </div>
    </li>
  );
}

/** Everything done to the issue, the newest first, and a place to write. */
export function ActivitySection({ issue, place }: { issue: IssueDetail; place: { org: string; issue: string } }) {
  const me = useQuery(meQuery());
  const notes = useNotes(place);
  const newestFirst = issue.activity.toSorted((a, b) => b.dateCreated.localeCompare(a.dateCreated));
  return (
    <Section id="activity" title={t('title')} note={newestFirst.length}>
      <div className={c.activity}>
        <NoteForm onSave={notes.add} />
        <ol className={c.lines}>
          {newestFirst.map((activity) => (
            <Line key={activity.id} activity={activity}>
              {activity.type === 'note' && (
                <Note activity={activity} own={isOwnNote(activity, me.data?.id)} notes={notes} />
              )}
            </Line>
          ))}
        </ol>
      </div>
    </Section>
  );
}
