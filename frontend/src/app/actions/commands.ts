import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { Box, Crosshair, Hash, History, type LucideIcon, Search } from 'lucide-react';
import { eventIdQuery, projectsQuery } from '@/api/queries.ts';
import { useOrg } from '@/api/useOrg.ts';
import { recentSearches } from '@/features/issues/recentSearches.ts';
import { keysOf, registry } from '@/lib/actions/registry.ts';
import { groupBy } from '@/lib/group.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { eventPath, issuePath } from '@/lib/routing/links.ts';
import { toast } from '@/ui/toast.ts';
import { matching, readEventId, readShortId } from './matching.ts';

const t = defineMessages({
  jump: 'Jump to',
  search: 'Search',
  projects: 'Projects',
  recent: 'Recent searches',
  issue: 'Issue {id}',
  event: 'Event {id}',
  searchIssues: 'Search issues for “{text}”',
  issuesOf: 'Issues of {project}',
  eventMissing: 'No event with this id was found.',
});
const MAX_PROJECTS = 6;

export type Command = {
  id: string;
  label: string;
  icon?: LucideIcon;
  detail?: string;
  keys?: string;
  run: () => void;
};
export type CommandSection = { id: string; title: string; commands: Command[] };

/** An id somebody pasted: a short id opens its issue, 32 hexadecimal digits the event. */
const useJumps = (text: string, org: string): Command[] => {
  const router = useRouter();
  const client = useQueryClient();
  const shortId = readShortId(text);
  const eventId = readEventId(text);
  const openEvent = (id: string) =>
    client.fetchQuery(eventIdQuery(org, id)).then(
      (found) => router.history.push(eventPath(found.organizationSlug, found.groupId, found.eventId)),
      () => toast({ tone: 'error', text: t('eventMissing') }),
    );
  const jumps: Command[] = [];
  if (shortId) {
    const run = () => router.history.push(issuePath(org, shortId));
    jumps.push({ id: 'jump-issue', label: t('issue', { id: shortId }), icon: Hash, run });
  }
  if (eventId) {
    const run = () => void openEvent(eventId);
    jumps.push({ id: 'jump-event', label: t('event', { id: eventId.slice(0, 8) }), icon: Crosshair, run });
  }
  return jumps;
};

const actionSections = (text: string): CommandSection[] => {
  const offered = registry.offered().filter((action) => !action.hidden);
  const groups = groupBy(matching(offered, text), (action) => action.group);
  return [...groups].map(([title, actions]) => ({
    id: title,
    title,
    commands: actions.map((action) => ({
      id: action.id,
      label: action.label,
      run: action.run,
      ...(action.icon ? { icon: action.icon } : {}),
      ...(keysOf(action)[0] ? { keys: keysOf(action)[0] as string } : {}),
    })),
  }));
};

/** What the palette offers for a text, in sections. */
export const useCommands = (text: string): CommandSection[] => {
  const org = useOrg();
  const navigate = useNavigate();
  const { data: projects = [] } = useQuery({ ...projectsQuery(org), enabled: org !== '' });
  const typed = text.trim();
  const toIssues = (search: { query?: string; project?: string[] }) =>
    void navigate({ to: '/organizations/$org/issues/', params: { org }, search });
  const searchFor: Command = {
    id: 'search',
    label: t('searchIssues', { text: typed }),
    icon: Search,
    run: () => toIssues({ query: typed }),
  };
  const named = projects.map((project) => ({ ...project, label: t('issuesOf', { project: project.slug }) }));
  const ofProject = (project: (typeof named)[number]): Command => ({
    id: `project-${project.id}`,
    label: project.label,
    icon: Box,
    ...(project.platform ? { detail: project.platform } : {}),
    run: () => toIssues({ project: [project.id] }),
  });
  const recent = recentSearches(org).map((query) => ({ label: query, query }));
  const sections: CommandSection[] = [
    { id: 'jump', title: t('jump'), commands: useJumps(typed, org) },
    ...actionSections(typed),
    { id: 'projects', title: t('projects'), commands: matching(named, typed).slice(0, MAX_PROJECTS).map(ofProject) },
    {
      id: 'recent',
      title: t('recent'),
      commands: matching(recent, typed).map(({ query }) => ({
        id: `recent-${query}`,
        label: query,
        icon: History,
        run: () => toIssues({ query }),
      })),
    },
    { id: 'search', title: t('search'), commands: typed ? [searchFor] : [] },
  ];
  return sections.filter((section) => section.commands.length > 0);
};
