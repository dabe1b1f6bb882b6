import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Box, Plus } from 'lucide-react';
import { projectsQuery } from '@/api/queries.ts';
import type { Project } from '@/api/types.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import primary from '@/ui/buttonLink.module.css';
import { classes } from '@/ui/classes.ts';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { PlatformMark } from '@/ui/PlatformMark.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import link from '../parts/TextLink.module.css';
import c from './lists.module.css';

const t = defineMessages({
  title: 'Projects',
  label: 'Projects of the organization',
  project: 'Project',
  teams: 'Teams',
  keys: 'Client keys',
  create: 'New project',
  none: 'No project yet',
});

const columnsFor = (org: string): TableColumn<Project>[] => [
  {
    id: 'project',
    header: t('project'),
    cell: ({ slug, platform }) => (
      <span className={c.named}>
        <PlatformMark platform={platform} />
        <Link to="/settings/$org/projects/$project/" params={{ org, project: slug }} className={link.link}>
          {slug}
        </Link>
      </span>
    ),
  },
  {
    id: 'teams',
    header: t('teams'),
    optional: true,
    cell: ({ teams = [] }) => <span className={c.quiet}>{teams.map(({ slug }) => `#${slug}`).join(' ')}</span>,
  },
  {
    id: 'keys',
    header: <span className="sr-only">{t('keys')}</span>,
    align: 'end',
    cell: ({ slug }) => (
      <Link
        to="/settings/$org/projects/$project/keys/"
        params={{ org, project: slug }}
        className={classes(link.link, link.act)}
      >
        {t('keys')}
      </Link>
    ),
  },
];

/** The projects as things to configure. */
export function OrganizationProjectsPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const query = useQuery(projectsQuery(org));
  const create = (
    <Link to="/organizations/$org/projects/new/" params={{ org }} search={{}} className={primary.button}>
      <Plus size={14} aria-hidden="true" />
      {t('create')}
    </Link>
  );
  return (
    <Page title={t('title')} aside={create}>
      <Loading query={query}>
        {(projects) =>
          projects.length > 0 ? (
            <Table label={t('label')} columns={columnsFor(org)} rows={projects} rowKey={({ id }) => id} />
          ) : (
            <EmptyState icon={Box} title={t('none')} />
          )
        }
      </Loading>
    </Page>
  );
}
