import { useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import type { Assignee, IssueChange } from '@/api/types.ts';
import { fillPath } from '@/lib/url.ts';
import { toast } from '@/ui/toast.ts';
import { foreseen } from './model/change.ts';
import { type IssueDetail, issueListPath, issuePath, issueQuery } from './queries.ts';

export type ChangeOptions = {
  /** Who the new assignee is, so that it can be shown at once. */
  assignee?: Assignee | null;
  /** Said when it worked. */
  done?: string;
  undo?: () => void;
};

/**
 * Changes the issue of a page: shown at once, put back with a message if the server refuses. Resolves to whether it
 * worked.
 */
export const useIssueChange = (place: { org: string; issue: string }) => {
  const client = useQueryClient();
  const { queryKey } = issueQuery(place);
  return async (change: IssueChange, { assignee, done, undo }: ChangeOptions = {}): Promise<boolean> => {
    await client.cancelQueries({ queryKey });
    const before = client.getQueryData<IssueDetail>(queryKey);
    if (before) client.setQueryData(queryKey, { ...before, ...foreseen(change, assignee) });
    try {
      await send(fillPath(issuePath, place), { method: 'PUT', body: change });
      if (done) toast({ tone: 'success', text: done, ...(undo ? { undo } : {}) });
      return true;
    } catch (error) {
      client.setQueryData(queryKey, before);
      toast({ tone: 'error', text: (error as Error).message });
      return false;
    } finally {
      void client.invalidateQueries({ queryKey });
      void client.invalidateQueries({ queryKey: [issueListPath] });
    }
  };
};
