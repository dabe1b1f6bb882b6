import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { Badge } from '@/ui/Badge.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import { type MemberDetail, membersQuery } from '../queries.ts';
import c from './lists.module.css';

const t = defineMessages({
  title: 'Members',
  label: 'Members of the organization',
  member: 'Member',
  role: 'Role',
  since: 'Joined',
  pending: 'invited',
  ago: ' ago',
});

const nameOf = ({ name, email, user }: MemberDetail): string => user?.name || name || email;

const columns: TableColumn<MemberDetail>[] = [
  {
    id: 'member',
    header: t('member'),
    cell: (member) => (
      <span className={c.named}>
        <span aria-hidden="true">
          <Avatar name={nameOf(member)} size={26} />
        </span>
        <span className={c.lines}>
          <b>{nameOf(member)}</b>
          {member.email !== nameOf(member) && <span className={c.quiet}>{member.email}</span>}
        </span>
        {member.pending && <Badge tone="info">{t('pending')}</Badge>}
      </span>
    ),
  },
  { id: 'role', header: t('role'), cell: ({ roleName, orgRole, role }) => roleName ?? orgRole ?? role ?? '' },
  {
    id: 'since',
    header: t('since'),
    align: 'end',
    optional: true,
    cell: ({ dateCreated }) => dateCreated && <TimeAgo iso={dateCreated} suffix={t('ago')} />,
  },
];

/** Who belongs to the organization. */
export function MembersPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const query = useQuery(membersQuery(org));
  return (
    <Page title={t('title')}>
      <Loading query={query}>
        {(members) => <Table label={t('label')} columns={columns} rows={members} rowKey={({ id }) => id} />}
      </Loading>
    </Page>
  );
}
