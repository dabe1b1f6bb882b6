import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Issue } from '@/api/types.ts';
import {
  everything,
  extended,
  isEmpty,
  isSelected,
  keptIn,
  nothing,
  type Selection,
  toggled,
  toggledLoaded,
} from '@/ui/selection.ts';
import type { IssuesSearch } from '../routes.ts';
import { trail } from '../trail.ts';
import { issueHref } from './IssueLink.tsx';

const clamp = (index: number, length: number): number => Math.max(0, Math.min(length - 1, index));

/** The ids in order; the same array while they are the same, so that new counts alone draw no row anew. */
const useOrder = (rows: readonly Issue[]): readonly string[] => {
  const key = rows.map(({ id }) => id).join(' ');
  return useMemo(() => (key === '' ? [] : key.split(' ')), [key]);
};

/** Where one is in the list and what one has chosen. The cursor is an issue, not a row: it survives a visit to the issue. */
export const useTriage = (org: string, rows: readonly Issue[], search: IssuesSearch) => {
  const router = useRouter();
  const order = useOrder(rows);
  const [cursorId, setCursorId] = useState(() => trail.get().current);
  const [lastIndex, setLastIndex] = useState(0);
  const [chosen, setChosen] = useState<Selection>(nothing);
  const selection = useMemo(() => keptIn(chosen, order), [chosen, order]);
  const found = cursorId === undefined ? -1 : order.indexOf(cursorId);
  // When its issue has left the list, the cursor stays in its place: the next issue comes under it.
  const cursor = clamp(found >= 0 ? found : lastIndex, order.length);

  const moveTo = useCallback(
    (index: number) => {
      const next = clamp(index, order.length);
      trail.set({ ...trail.get(), current: order[next] });
      setLastIndex(next);
      setCursorId(order[next]);
    },
    [order],
  );
  useEffect(() => {
    trail.set({ ...trail.get(), ids: order, search });
  }, [order, search]);
  // A position is remembered also when it has come about by rows leaving.
  useEffect(() => {
    if (found >= 0 && found !== lastIndex) setLastIndex(found);
  }, [found, lastIndex]);

  const open = useCallback(
    (issue: Issue, elsewhere: boolean) => {
      const href = issueHref(org, issue.id, search);
      if (elsewhere) window.open(href, '_blank', 'noopener');
      else router.history.push(href);
    },
    [org, router, search],
  );
  const select = useCallback(
    (id: string, range: boolean) => setChosen((now) => (range ? extended(now, id, order) : toggled(now, id, order))),
    [order],
  );
  /** What an action works on: the chosen issues, or the one under the cursor. */
  const targets = isEmpty(selection)
    ? rows.slice(cursor, cursor + 1)
    : rows.filter(({ id }) => isSelected(selection, id));
  return {
    cursor,
    current: rows[cursor],
    moveTo,
    open,
    select,
    selection,
    targets,
    selectLoaded: () => setChosen(toggledLoaded(selection, order)),
    selectAll: () => setChosen(everything),
    clear: () => setChosen(nothing),
  };
};

export type Triage = ReturnType<typeof useTriage>;
