import { queryOptions } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { apiOptions } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import { fillPath } from '@/lib/url.ts';
import { organizationPath, projectPath } from '../queries.ts';

const previewPath = `${organizationPath}data-scrubbing-preview/` as const;
const suggestionsPath = `${organizationPath}data-scrubbing-selector-suggestions/` as const;

/** Whose settings these are: a project's, or those of the whole organization. */
export type Owner = { org: string; project?: { slug: string; id: string } };

export const ownerPath = ({ org, project }: Owner): string =>
  project ? fillPath(projectPath, { org, project: project.slug }) : fillPath(organizationPath, { org });

const projectOf = ({ project }: Owner) => (project ? { project: project.id } : {});

export type Change = { path: string; before: string | null; after: string | null };
export type TriedEvent = {
  eventID: string;
  title: string;
  dateCreated: string;
  /** The first of them; `changeCount` is how many there are. */
  changes: Change[];
  changeCount: number;
};

/** What rules would make of recent events. The server changes nothing. */
export const previewQuery = (owner: Owner, relayPiiConfig: string) =>
  queryOptions({
    queryKey: [previewPath, owner, relayPiiConfig] as const,
    queryFn: async ({ signal }) => {
      const reply = await send<{ events: TriedEvent[] }>(fillPath(previewPath, { org: owner.org }), {
        method: 'POST',
        query: projectOf(owner),
        body: { relayPiiConfig },
        signal,
      });
      return reply.data.events;
    },
    staleTime: STALE.shared,
    retry: false,
  });

type Suggestions = { suggestions: { value: string; examples: string[] }[] };

/** Selectors that reach something in an event. */
export const suggestionsQuery = (owner: Owner, eventId: string) =>
  apiOptions<Suggestions>()(suggestionsPath, {
    path: { org: owner.org },
    query: { eventId, ...projectOf(owner) },
    staleTime: STALE.calm,
  });
