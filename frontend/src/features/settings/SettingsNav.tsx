import { Link, useLocation, useParams } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useOrg } from '@/api/useOrg.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from '@/ui/Button.tsx';
import c from './SettingsNav.module.css';

const t = defineMessages({
  label: 'Settings',
  show: 'All settings',
  account: 'Account',
  details: 'Details',
  security: 'Password',
  tokens: 'API tokens',
  organization: 'Organization {org}',
  general: 'General',
  projects: 'Projects',
  members: 'Members',
  teams: 'Teams',
  project: 'Project {project}',
  keys: 'Client keys',
  filters: 'Inbound filters',
  privacy: 'Security & privacy',
  organizationLimits: 'Retention & limits',
  limits: 'Limits',
  setUp: 'Set up',
});

type Place =
  | '/settings/account/details/'
  | '/settings/account/security/'
  | '/settings/account/api/auth-tokens/'
  | '/settings/$org/'
  | '/settings/$org/projects/'
  | '/settings/$org/members/'
  | '/settings/$org/teams/'
  | '/settings/$org/security-and-privacy/'
  | '/settings/$org/limits/'
  | '/settings/$org/projects/$project/'
  | '/settings/$org/projects/$project/keys/'
  | '/settings/$org/projects/$project/filters/'
  | '/settings/$org/projects/$project/security-and-privacy/'
  | '/settings/$org/projects/$project/limits/'
  | '/organizations/$org/projects/$project/getting-started/';
type Entry = { label: string; to: Place; exact?: boolean };
type Group = { title: string; entries: Entry[] };

const accountGroup = (): Group => ({
  title: t('account'),
  entries: [
    { label: t('details'), to: '/settings/account/details/' },
    { label: t('security'), to: '/settings/account/security/' },
    { label: t('tokens'), to: '/settings/account/api/auth-tokens/' },
  ],
});

const organizationGroup = (org: string): Group => ({
  title: t('organization', { org }),
  entries: [
    { label: t('general'), to: '/settings/$org/', exact: true },
    { label: t('projects'), to: '/settings/$org/projects/', exact: true },
    { label: t('members'), to: '/settings/$org/members/' },
    { label: t('teams'), to: '/settings/$org/teams/' },
    { label: t('privacy'), to: '/settings/$org/security-and-privacy/' },
    { label: t('organizationLimits'), to: '/settings/$org/limits/' },
  ],
});

const projectGroup = (project: string): Group => ({
  title: t('project', { project }),
  entries: [
    { label: t('general'), to: '/settings/$org/projects/$project/', exact: true },
    { label: t('keys'), to: '/settings/$org/projects/$project/keys/' },
    { label: t('filters'), to: '/settings/$org/projects/$project/filters/' },
    { label: t('privacy'), to: '/settings/$org/projects/$project/security-and-privacy/' },
    { label: t('limits'), to: '/settings/$org/projects/$project/limits/' },
    { label: t('setUp'), to: '/organizations/$org/projects/$project/getting-started/' },
  ],
});

/** The list of settings pages. On a narrow screen it folds away under one button. */
export function SettingsNav() {
  const org = useOrg();
  const { project } = useParams({ strict: false }) as { project?: string };
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string>();
  const open = openAt === pathname;
  const groups = [
    ...(project && org ? [projectGroup(project)] : []),
    ...(org ? [organizationGroup(org)] : []),
    accountGroup(),
  ];
  return (
    <nav aria-label={t('label')} className={c.nav}>
      <Button className={c.toggle} aria-expanded={open} onPress={() => setOpenAt(open ? undefined : pathname)}>
        {t('show')}
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <div className={c.groups} data-open={open || undefined}>
        {groups.map(({ title, entries }) => (
          <div key={title}>
            <h2>{title}</h2>
            <ul>
              {entries.map(({ label, to, exact }) => (
                <li key={label}>
                  <Link
                    to={to}
                    params={{ org, project: project ?? '' }}
                    search={{}}
                    className={c.link}
                    activeOptions={{ exact: exact ?? false, includeSearch: false }}
                  >
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}
