import { useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { organizationQuery, projectQuery, type Scrubbing } from '../queries.ts';
import { type Saving, useSave } from '../useSave.ts';
import { type Owner, ownerPath } from './queries.ts';

/** Changes some of what scrubs the events of a project, or of all projects of an organization. */
export const useScrubbing = (owner: Owner): Saving<Partial<Scrubbing>> => {
  const client = useQueryClient();
  return useSave(
    (values: Partial<Scrubbing>) => send(ownerPath(owner), { method: 'PUT', body: values }),
    () => {
      const query = owner.project ? projectQuery(owner.org, owner.project.slug) : organizationQuery(owner.org);
      return client.invalidateQueries({ queryKey: query.queryKey });
    },
  );
};
