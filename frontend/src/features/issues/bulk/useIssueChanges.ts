import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { membersQuery } from '@/api/queries.ts';
import type { Issue, IssueChange } from '@/api/types.ts';
import { fillPath, type Query } from '@/lib/url.ts';
import { toast } from '@/ui/toast.ts';
import { ISSUES_PATH } from '../queries.ts';
import { applyNow } from './cache.ts';
import { groupInverse } from './effects.ts';

const put = (org: string, query: Query, change: IssueChange) =>
  send(fillPath(ISSUES_PATH, { org }), { method: 'PUT', query, body: change });

/** What depends on the state of issues: counts, the issues' own pages, and lists that are not on screen. */
const settle = (client: QueryClient) => {
  void client.invalidateQueries({ queryKey: ['/api/0/organizations/{org}/issues-count/'] });
  void client.invalidateQueries({ queryKey: ['/api/0/organizations/{org}/issues/{issue}/'] });
  void client.invalidateQueries({ queryKey: [ISSUES_PATH], refetchType: 'none' });
};

const reload = async (client: QueryClient) => {
  await client.invalidateQueries({ queryKey: [ISSUES_PATH] });
  settle(client);
};

const fail = (error: unknown) => toast({ tone: 'error', text: error instanceof Error ? error.message : String(error) });

/** Changes issues at once on the page and then on the server, with eight seconds to take it back. */
export const useIssueChanges = (org: string) => {
  const client = useQueryClient();
  const { data: members = [] } = useQuery({ ...membersQuery(org), enabled: org !== '' });

  const takeBack = async (groups: { ids: string[]; change: IssueChange }[]): Promise<void> => {
    for (const { ids, change } of groups) await put(org, { id: ids }, change);
  };

  /** Some issues by name. `text` says what was done; without it the change is silent. */
  const change = async (issues: readonly Issue[], wanted: IssueChange, text?: string): Promise<void> => {
    const ids = issues.map(({ id }) => id);
    await client.cancelQueries({ queryKey: [ISSUES_PATH] });
    const restore = applyNow(client, new Set(ids), wanted, members);
    const back = groupInverse(issues, wanted);
    const undo = () => {
      restore();
      takeBack(back)
        .catch(fail)
        .finally(() => settle(client));
    };
    try {
      await put(org, { id: ids }, wanted);
      if (text) toast({ tone: 'success', text, undo });
    } catch (error) {
      restore();
      fail(error);
    } finally {
      settle(client);
    }
  };

  /** Every issue a search matches, loaded or not. There is no way back, so the page asks first. */
  const changeMatching = async (scope: Query, wanted: IssueChange, text: string): Promise<void> => {
    await put(org, scope, wanted);
    toast({ tone: 'success', text });
    await reload(client);
  };

  /** Without a way back, so the page asks first. */
  const remove = async (ids: readonly string[]): Promise<void> => {
    await send(fillPath(ISSUES_PATH, { org }), { method: 'DELETE', query: { id: ids } });
    await reload(client);
  };

  /** The first issue takes in the others. */
  const merge = async (ids: readonly string[]): Promise<void> => {
    await put(org, { id: ids }, { merge: 1 });
    await reload(client);
  };

  return { change, changeMatching, remove, merge, members };
};

export type IssueChanges = ReturnType<typeof useIssueChanges>;
