import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import { type Team, teamsQuery } from '../queries.ts';
import c from './lists.module.css';

const t = defineMessages({
  title: 'Teams',
  label: 'Teams of the organization',
  team: 'Team',
  size: 'Members',
  none: 'No team yet',
});

const columns: TableColumn<Team>[] = [
  {
    id: 'team',
    header: t('team'),
    cell: ({ slug }) => (
      <span className={c.named}>
        <span aria-hidden="true">
          <Avatar name={slug} kind="team" size={26} />
        </span>
        <b>#{slug}</b>
      </span>
    ),
  },
  {
    id: 'members',
    header: t('size'),
    align: 'end',
    cell: ({ memberCount }) => memberCount,
  },
];

/** The teams that own projects. */
export function TeamsPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const query = useQuery(teamsQuery(org));
  return (
    <Page title={t('title')}>
      <Loading query={query}>
        {(teams) =>
          teams.length > 0 ? (
            <Table label={t('label')} columns={columns} rows={teams} rowKey={({ id }) => id} />
          ) : (
            <EmptyState icon={Users} title={t('none')} />
          )
        }
      </Loading>
    </Page>
  );
}
