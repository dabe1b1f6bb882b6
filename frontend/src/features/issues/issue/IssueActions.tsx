import { useNavigate } from '@tanstack/react-router';
import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  Bookmark,
  Check,
  ChevronDown,
  Ellipsis,
  Link2,
  RotateCcw,
  Trash2,
} from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { send } from '@/api/client.ts';
import type { IssueChange } from '@/api/types.ts';
import { useActions } from '@/lib/actions/useActions.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Button } from '@/ui/Button.tsx';
import { IconButton } from '@/ui/IconButton.tsx';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import { toast } from '@/ui/toast.ts';
import { neighbour } from '../trail.ts';
import { AssigneeButton } from './AssigneeButton.tsx';
import c from './IssueActions.module.css';
import { type ArchiveUntil, archives, restoring } from './model/change.ts';
import { type IssueDetail, issuePath } from './queries.ts';
import { useIssueChange } from './useIssueChange.ts';

const ConfirmDialog = lazy(() => import('@/ui/ConfirmDialog.tsx'));
const ArchiveDialog = lazy(() => import('./ArchiveDialog.tsx'));

const t = defineMessages({
  group: 'Issue',
  resolve: 'Resolve',
  resolveHow: 'Ways to resolve',
  resolveNow: 'Now',
  resolveNext: 'In the next release',
  resolveRelease: 'In the newest release',
  unresolve: 'Unresolve',
  resolved: 'Resolved {id}',
  resolvedMoved: 'Resolved {id}. This is the next one of the list.',
  reopened: '{id} is unresolved again',
  archive: 'Archive',
  archiveHow: 'Ways to archive',
  unarchive: 'Unarchive',
  archived: 'Archived {id}',
  escalating: 'Until it escalates',
  forever: 'Forever',
  hour: 'For an hour',
  day: 'For a day',
  week: 'For a week',
  date: 'Until a date…',
  events: 'Until so many events…',
  users: 'Until so many people…',
  bookmark: 'Bookmark',
  unbookmark: 'Remove bookmark',
  subscribe: 'Subscribe',
  unsubscribe: 'Unsubscribe',
  more: 'More actions',
  high: 'Priority high',
  medium: 'Priority medium',
  low: 'Priority low',
  copyLink: 'Copy link to the issue',
  copied: 'The link is copied',
  remove: 'Delete…',
  removeTitle: 'Delete {id}?',
  removeText: 'The issue and all of its events are deleted. This cannot be taken back.',
  removed: 'Deleted {id}',
});

type Place = { org: string; issue: string };
type Asking = ArchiveUntil | 'delete';

const resolutions: Record<string, IssueChange> = {
  now: { status: 'resolved' },
  next: { status: 'resolved', statusDetails: { inNextRelease: true } },
  release: { status: 'resolved', statusDetails: { inRelease: 'latest' } },
};

/** Resolving and archiving settle an issue: then the next one of the list comes up, and Undo leads back. */
const useSettle = (issue: IssueDetail, place: Place) => {
  const change = useIssueChange(place);
  const navigate = useNavigate();
  const open = (issueId: string) =>
    void navigate({
      to: '/organizations/$org/issues/$issueId/',
      params: { org: place.org, issueId },
      search: (previous) => ({ ...previous, query: undefined, cursor: undefined }),
    });
  return async (wanted: IssueChange, done: string, doneAndMoved = done) => {
    const back = restoring(issue);
    const next = neighbour(issue.id, 1) ?? neighbour(issue.id, -1);
    const undo = () => {
      if (next) open(place.issue);
      void change(back);
    };
    const worked = await change(wanted, { done: next ? doneAndMoved : done, undo });
    if (worked && next) open(next);
  };
};

function ResolveButtons({ onResolve }: { onResolve: (how: string) => void }) {
  return (
    <div className={c.split}>
      <Button variant="primary" onPress={() => onResolve('now')} data-test-id="resolve">
        <Check size={14} aria-hidden="true" />
        {t('resolve')}
      </Button>
      <LazyMenu
        label={t('resolveHow')}
        variant="primary"
        icon
        items={[
          { id: 'now', label: t('resolveNow'), keys: 'e' },
          { id: 'next', label: t('resolveNext') },
          { id: 'release', label: t('resolveRelease') },
        ]}
        onPick={onResolve}
        data-test-id="resolve-menu"
      >
        <ChevronDown size={13} aria-hidden="true" />
      </LazyMenu>
    </div>
  );
}

function ArchiveMenu({
  onArchive,
  onAsk,
}: {
  onArchive: (how: keyof typeof archives) => void;
  onAsk: (until: ArchiveUntil) => void;
}) {
  const pick = (id: string) => (id in archives ? onArchive(id as keyof typeof archives) : onAsk(id as ArchiveUntil));
  return (
    <LazyMenu
      className={c.archive}
      label={t('archiveHow')}
      items={[
        { id: 'escalating', label: t('escalating'), keys: 'i' },
        { id: 'forever', label: t('forever') },
        { id: 'hour', label: t('hour'), separated: true },
        { id: 'day', label: t('day') },
        { id: 'week', label: t('week') },
        { id: 'date', label: t('date') },
        { id: 'events', label: t('events'), separated: true },
        { id: 'users', label: t('users') },
      ]}
      onPick={pick}
      data-test-id="archive-menu"
    >
      <Archive size={14} aria-hidden="true" />
      {t('archive')}
      <ChevronDown size={13} aria-hidden="true" />
    </LazyMenu>
  );
}

export function IssueActions({ issue, place }: { issue: IssueDetail; place: Place }) {
  const [asking, ask] = useState<Asking>();
  const change = useIssueChange(place);
  const settle = useSettle(issue, place);
  const navigate = useNavigate();
  const id = issue.shortId;
  const open = issue.status === 'unresolved';
  const resolve = (how: string) =>
    void settle(resolutions[how] ?? { status: 'resolved' }, t('resolved', { id }), t('resolvedMoved', { id }));
  const archive = (wanted: IssueChange) => void settle(wanted, t('archived', { id }));
  const reopen = () =>
    void change({ status: 'unresolved' }, { done: t('reopened', { id }), undo: () => void change(restoring(issue)) });
  const bookmark = () => void change({ isBookmarked: !issue.isBookmarked });
  const remove = async () => {
    await send(fillPath(issuePath, place), { method: 'DELETE' });
    toast({ tone: 'success', text: t('removed', { id }) });
    void navigate({ to: '/organizations/$org/issues/', params: { org: place.org }, search: {} });
  };
  const copyLink = () =>
    navigator.clipboard
      .writeText(new URL(`/organizations/${place.org}/issues/${issue.id}/`, location.href).href)
      .then(() => toast({ tone: 'success', text: t('copied') }));
  const more: Record<string, () => void> = {
    subscribe: () => void change({ isSubscribed: !issue.isSubscribed }),
    high: () => void change({ priority: 'high' }),
    medium: () => void change({ priority: 'medium' }),
    low: () => void change({ priority: 'low' }),
    link: () => void copyLink(),
    delete: () => ask('delete'),
  };
  const group = t('group');
  useActions([
    {
      id: 'issue-resolve',
      label: open ? t('resolve') : t('unresolve'),
      group,
      icon: Check,
      keys: 'e',
      run: () => (open ? resolve('now') : reopen()),
    },
    {
      id: 'issue-archive',
      label: t('archive'),
      group,
      icon: Archive,
      keys: 'i',
      enabled: () => open,
      run: () => archive(archives.escalating),
    },
    {
      id: 'issue-bookmark',
      label: issue.isBookmarked ? t('unbookmark') : t('bookmark'),
      group,
      icon: Bookmark,
      keys: 'b',
      run: bookmark,
    },
    {
      id: 'issue-subscribe',
      label: issue.isSubscribed ? t('unsubscribe') : t('subscribe'),
      group,
      icon: Bell,
      run: () => more.subscribe?.(),
    },
    { id: 'issue-link', label: t('copyLink'), group, icon: Link2, run: () => void copyLink() },
  ]);
  return (
    <div className={c.actions}>
      {open ? (
        <>
          <ResolveButtons onResolve={resolve} />
          <ArchiveMenu onArchive={(how) => archive(archives[how])} onAsk={ask} />
        </>
      ) : (
        <Button onPress={reopen} data-test-id="reopen">
          {issue.status === 'resolved' ? (
            <RotateCcw size={14} aria-hidden="true" />
          ) : (
            <ArchiveRestore size={14} aria-hidden="true" />
          )}
          {issue.status === 'resolved' ? t('unresolve') : t('unarchive')}
        </Button>
      )}
      <AssigneeButton issue={issue} place={place} />
      <IconButton
        variant="default"
        label={issue.isBookmarked ? t('unbookmark') : t('bookmark')}
        icon={Bookmark}
        keys="b"
        aria-pressed={issue.isBookmarked}
        className={issue.isBookmarked ? c.marked : undefined}
        onPress={bookmark}
        data-test-id="bookmark"
      />
      <LazyMenu
        label={t('more')}
        icon
        items={[
          {
            id: 'subscribe',
            label: issue.isSubscribed ? t('unsubscribe') : t('subscribe'),
            icon: issue.isSubscribed ? BellOff : Bell,
          },
          { id: 'link', label: t('copyLink'), icon: Link2 },
          { id: 'high', label: t('high'), separated: true, disabled: issue.priority === 'high' },
          { id: 'medium', label: t('medium'), disabled: issue.priority === 'medium' },
          { id: 'low', label: t('low'), disabled: issue.priority === 'low' },
          { id: 'delete', label: t('remove'), icon: Trash2, danger: true, separated: true },
        ]}
        onPick={(action) => more[action]?.()}
        data-test-id="more"
      >
        <Ellipsis size={15} aria-hidden="true" />
      </LazyMenu>
      <Suspense>
        {asking === 'delete' && (
          <ConfirmDialog
            title={t('removeTitle', { id })}
            verb={common('delete')}
            onConfirm={remove}
            onClose={() => ask(undefined)}
          >
            {t('removeText')}
          </ConfirmDialog>
        )}
        {asking !== undefined && asking !== 'delete' && (
          <ArchiveDialog until={asking} onArchive={archive} onClose={() => ask(undefined)} />
        )}
      </Suspense>
    </div>
  );
}
