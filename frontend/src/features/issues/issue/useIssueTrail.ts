import { useNavigate } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, CornerUpLeft } from 'lucide-react';
import { useActions } from '@/lib/actions/useActions.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { neighbour, trail } from '../trail.ts';

const t = defineMessages({
  group: 'Issue',
  previous: 'Previous issue of the list',
  next: 'Next issue of the list',
  back: 'Back to the list',
});

/** Moves along the list one came from, and back to it at the same place. */
export const useIssueTrail = (org: string, id: string): void => {
  const navigate = useNavigate();
  const go = (issueId: string | undefined) => {
    if (issueId) {
      void navigate({
        to: '/organizations/$org/issues/$issueId/',
        params: { org, issueId },
        search: (previous) => ({ ...previous, query: undefined, cursor: undefined }),
      });
    }
  };
  const group = t('group');
  useActions([
    {
      id: 'issue-previous',
      label: t('previous'),
      group,
      icon: ArrowUp,
      keys: 'Shift+[',
      enabled: () => neighbour(id, -1) !== undefined,
      run: () => go(neighbour(id, -1)),
    },
    {
      id: 'issue-next',
      label: t('next'),
      group,
      icon: ArrowDown,
      keys: 'Shift+]',
      enabled: () => neighbour(id, 1) !== undefined,
      run: () => go(neighbour(id, 1)),
    },
    {
      id: 'issue-back',
      label: t('back'),
      group,
      icon: CornerUpLeft,
      keys: 'u',
      run: () => void navigate({ to: '/organizations/$org/issues/', params: { org }, search: trail.get().search }),
    },
  ]);
};
