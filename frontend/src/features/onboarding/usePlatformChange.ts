import { useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { projectsQuery } from '@/api/queries.ts';
import type { Project } from '@/api/types.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { fillPath } from '@/lib/url.ts';
import { projectPath } from './queries.ts';

/**
 * Remembers the platform somebody chose: in the address at once, and with the project. The guide does not wait for the
 * server, and nothing is lost if that fails.
 */
export const usePlatformChange = (org: string, project: Project): ((platform: string) => void) => {
  const client = useQueryClient();
  const changeSearch = useSearchChange();
  return (platform) => {
    changeSearch({ platform }, { replace: true });
    if (platform === project.platform) return;
    send(fillPath(projectPath, { org, project: project.slug }), { method: 'PUT', body: { platform } })
      .then(() => client.invalidateQueries({ queryKey: projectsQuery(org).queryKey }))
      .catch(() => undefined);
  };
};
