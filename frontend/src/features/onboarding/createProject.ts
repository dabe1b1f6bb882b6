import { send } from '@/api/client.ts';
import type { Project } from '@/api/types.ts';
import { fillPath } from '@/lib/url.ts';

export type NewProject = {
  name: string;
  slug?: string | undefined;
  platform?: string | undefined;
  team?: string | undefined;
};

/** Creates a project; the server makes its first key with it. Throws a `Problem` with the messages by field. */
export const createProject = async (org: string, { team, ...body }: NewProject): Promise<Project> => {
  const path = team
    ? fillPath('/api/0/teams/{org}/{team}/projects/', { org, team })
    : fillPath('/api/0/organizations/{org}/projects/', { org });
  return (await send<Project>(path, { method: 'POST', body })).data;
};
