import { useState } from 'react';
import type { Issue, IssueChange } from '@/api/types.ts';
import { queryOf, scopeQuery } from '../queries.ts';
import type { IssuesSearch } from '../routes.ts';
import type { Triage } from '../stream/useTriage.ts';
import { archiveChoices, type Choice, resolveChoices, unresolve } from './choices.ts';
import { t } from './strings.ts';
import { type IssueChanges, useIssueChanges } from './useIssueChanges.ts';

/** A question that waits for an answer before something that cannot be undone. */
export type Question = { title: string; text: string; verb: string; confirm: () => Promise<unknown> };

/** Where the list of people opens, and for which issues. */
export type Assigning = { issues: readonly Issue[]; anchor: HTMLElement | null };

const cursorCell = (): HTMLElement | null =>
  document.querySelector('[data-bulk-assign]') ??
  document.querySelector('[role=row][data-active] [data-test-id=assignee]');

const useAsking = (changes: IssueChanges, triage: Triage, search: IssuesSearch, total: number) => {
  const [question, ask] = useState<Question>();
  const ids = triage.targets.map(({ id }) => id);
  const askAll = (choice: Choice) => {
    const scope = { ...scopeQuery(search), query: queryOf(search) };
    const confirm = () => changes.changeMatching(scope, choice.change, choice.done(total)).then(triage.clear);
    ask({
      title: t('confirmAll', { verb: choice.label, n: total }),
      text: t('confirmAllText'),
      verb: choice.label,
      confirm,
    });
  };
  const askMerge = () => {
    const confirm = () => changes.merge(ids).then(triage.clear);
    ask({ title: t('confirmMerge', { n: ids.length }), text: t('confirmMergeText'), verb: t('merge'), confirm });
  };
  const askDelete = () => {
    const confirm = () => changes.remove(ids).then(triage.clear);
    ask({ title: t('confirmDelete', { n: ids.length }), text: t('confirmDeleteText'), verb: t('delete'), confirm });
  };
  return { question, closeQuestion: () => ask(undefined), askAll, askMerge, askDelete };
};

/** Everything one can do to the chosen issues, or to the one under the cursor. */
export const useBulkActions = (org: string, triage: Triage, search: IssuesSearch, total: number) => {
  const changes = useIssueChanges(org);
  const [assigning, setAssigning] = useState<Assigning>();
  const asking = useAsking(changes, triage, search, total);
  const { targets, selection } = triage;

  const apply = (choice: Choice) => {
    if (selection.all) asking.askAll(choice);
    else void changes.change(targets, choice.change, choice.done(targets.length)).then(triage.clear);
  };
  const say = (label: string, change: IssueChange, done: Choice['done']): Choice => ({
    id: label,
    label,
    change,
    done,
  });

  const bookmark = () => {
    const on = targets.some((issue) => !issue.isBookmarked);
    const done = (n: number) => t(on ? 'bookmarked' : 'unbookmarked', { n });
    apply(say(t('bookmark'), { isBookmarked: on }, done));
  };
  const assign = (issues: readonly Issue[], to: string) => {
    const name = changes.members.find(({ user }) => `user:${user?.id}` === to)?.name ?? '';
    const done = (n: number) => (to ? t('assigned', { n, name }) : t('unassigned', { n }));
    const choice = say(t('assign'), { assignedTo: to }, done);
    if (selection.all) asking.askAll(choice);
    else void changes.change(issues, choice.change, done(issues.length)).then(triage.clear);
  };

  return {
    ...asking,
    members: changes.members,
    assigning,
    assign,
    openAssign: () => setAssigning({ issues: targets, anchor: cursorCell() }),
    openAssignFor: (issue: Issue, anchor: HTMLElement) => setAssigning({ issues: [issue], anchor }),
    closeAssign: () => setAssigning(undefined),
    resolve: () => apply(targets.every(({ status }) => status === 'resolved') ? unresolve : resolveChoices[0]),
    archive: () => apply(targets.every(({ status }) => status === 'ignored') ? unresolve : archiveChoices[0]),
    apply,
    bookmark,
    markSeen: () => apply(say(t('markSeen'), { hasSeen: true }, (n) => t('seen', { n }))),
    canMerge: () => !selection.all && selection.ids.size >= 2,
  };
};

export type BulkActions = ReturnType<typeof useBulkActions>;
