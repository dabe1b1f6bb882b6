import { defineMessages } from '@/lib/i18n/t.ts';

const t = defineMessages({
  none: 'No access',
  read: 'Read',
  write: 'Read and write',
  admin: 'Admin',
  allow: 'Allowed',
  org: 'Organization',
  project: 'Project',
  team: 'Team',
  member: 'Member',
  event: 'Issues and events',
  alerts: 'Alerts',
  releases: 'Releases and uploads',
  ci: 'Source maps and releases from CI',
});

export type Resource = { id: string; label: string; levels: readonly { id: string; label: string }[] };

const levels = (...ids: ('none' | 'read' | 'write' | 'admin' | 'allow')[]) => ids.map((id) => ({ id, label: t(id) }));

/** What a token may be allowed, a level for each kind of thing. */
export const resources: readonly Resource[] = [
  { id: 'org', label: t('org'), levels: levels('none', 'read', 'write', 'admin') },
  { id: 'project', label: t('project'), levels: levels('none', 'read', 'write', 'admin') },
  { id: 'team', label: t('team'), levels: levels('none', 'read', 'write', 'admin') },
  { id: 'member', label: t('member'), levels: levels('none', 'read', 'write', 'admin') },
  { id: 'event', label: t('event'), levels: levels('none', 'read', 'write', 'admin') },
  { id: 'alerts', label: t('alerts'), levels: levels('none', 'read', 'write') },
  { id: 'project:releases', label: t('releases'), levels: levels('none', 'allow') },
  { id: 'org:ci', label: t('ci'), levels: levels('none', 'allow') },
];

const included: Record<string, readonly string[]> = {
  none: [],
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
};

/** The scopes of the chosen levels; a higher level names the lower ones too, as other clients expect. */
export const scopesOf = (chosen: Readonly<Record<string, string>>): string[] =>
  resources.flatMap(({ id }) => {
    const level = chosen[id] ?? 'none';
    if (level === 'allow') return [id];
    return (included[level] ?? []).map((name) => `${id}:${name}`);
  });

/** The inverse, for links that ask for certain scopes. */
export const levelsOf = (scopes: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    resources.map(({ id, levels: offered }) => {
      if (scopes.includes(id)) return [id, 'allow'];
      const highest = offered.findLast((level) => scopes.includes(`${id}:${level.id}`));
      return [id, highest?.id ?? 'none'];
    }),
  );
