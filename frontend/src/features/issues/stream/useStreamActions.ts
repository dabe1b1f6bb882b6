import { Archive, Bookmark, Check, GitMerge, RotateCw, UserRound } from 'lucide-react';
import type { Action } from '@/lib/actions/registry.ts';
import { useActions } from '@/lib/actions/useActions.ts';
import { isEmpty } from '@/ui/selection.ts';
import { t as bulk } from '../bulk/strings.ts';
import type { BulkActions } from '../bulk/useBulkActions.ts';
import { t } from './strings.ts';
import type { Triage } from './useTriage.ts';

const MOVES = t('group');

/** The keys of the list. They work anywhere on the page while nobody is typing. */
export const useStreamActions = (triage: Triage, actions: BulkActions, rowCount: number, refresh: () => void): void => {
  const { cursor, current, moveTo, open, select } = triage;
  const has = () => rowCount > 0;
  const move = (id: string, label: string, keys: string[], to: number): Action => ({
    id,
    label,
    keys,
    group: MOVES,
    hidden: true,
    enabled: has,
    run: () => moveTo(to),
  });
  const some = () => triage.targets.length > 0;
  useActions([
    move('next', t('next'), ['j', 'ArrowDown'], cursor + 1),
    move('previous', t('previous'), ['k', 'ArrowUp'], cursor - 1),
    move('first', t('first'), ['Home'], 0),
    move('last', t('last'), ['End'], rowCount - 1),
    {
      id: 'open',
      label: t('open'),
      keys: ['Enter', 'o'],
      group: MOVES,
      hidden: true,
      enabled: has,
      run: () => current && open(current, false),
    },
    {
      id: 'open-tab',
      label: t('openTab'),
      keys: 'Shift+Enter',
      group: MOVES,
      hidden: true,
      enabled: has,
      run: () => current && open(current, true),
    },
    {
      id: 'select',
      label: t('select'),
      keys: 'x',
      group: MOVES,
      hidden: true,
      enabled: has,
      run: () => current && select(current.id, false),
    },
    {
      id: 'select-range',
      label: t('selectRange'),
      keys: 'Shift+x',
      group: MOVES,
      hidden: true,
      enabled: has,
      run: () => current && select(current.id, true),
    },
    { id: 'select-all', label: t('selectAll'), keys: 'Mod+a', group: MOVES, enabled: has, run: triage.selectAll },
    {
      id: 'clear-selection',
      label: t('clear'),
      keys: 'Escape',
      group: MOVES,
      hidden: true,
      enabled: () => !isEmpty(triage.selection),
      run: triage.clear,
    },
    {
      id: 'resolve',
      label: bulk('resolve'),
      keys: 'e',
      group: MOVES,
      icon: Check,
      enabled: some,
      run: actions.resolve,
    },
    {
      id: 'archive',
      label: bulk('archive'),
      keys: 'i',
      group: MOVES,
      icon: Archive,
      enabled: some,
      run: actions.archive,
    },
    {
      id: 'assign',
      label: bulk('assign'),
      keys: 'a',
      group: MOVES,
      icon: UserRound,
      enabled: some,
      run: actions.openAssign,
    },
    {
      id: 'bookmark',
      label: bulk('bookmark'),
      keys: 'b',
      group: MOVES,
      icon: Bookmark,
      enabled: some,
      run: actions.bookmark,
    },
    {
      id: 'merge',
      label: bulk('merge'),
      keys: 'm',
      group: MOVES,
      icon: GitMerge,
      enabled: actions.canMerge,
      run: actions.askMerge,
    },
    { id: 'refresh', label: t('refresh'), keys: 'r', group: MOVES, icon: RotateCw, run: refresh },
  ]);
};
