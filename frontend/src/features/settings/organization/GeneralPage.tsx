import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { send } from '@/api/client.ts';
import { organizationsQuery } from '@/api/queries.ts';
import type { Organization } from '@/api/types.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { writeStored } from '@/lib/storage.ts';
import { fillPath } from '@/lib/url.ts';
import { Form } from '@/ui/Form.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { organizationPath, organizationQuery } from '../queries.ts';
import { useSave } from '../useSave.ts';

const t = defineMessages({
  title: 'Organization',
  panel: 'General',
  name: 'Name',
  slug: 'Short name',
  slugHelp: 'Part of every address. Old links and scripts that use the present one stop working.',
});

type Values = { name: string; slug: string };

function General({ organization }: { organization: Organization }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const org = organization.slug;
  const saving = useSave(
    (values: Values) => send(fillPath(organizationPath, { org }), { method: 'PUT', body: values }),
    async ({ slug }) => {
      await client.invalidateQueries({ queryKey: organizationsQuery().queryKey });
      await client.invalidateQueries({ queryKey: organizationQuery(org).queryKey });
      if (slug === org) return;
      writeStored('org', slug);
      await navigate({ to: '/settings/$org/', params: { org: slug }, replace: true });
    },
  );
  const read = (values: FormData): Values => ({
    name: String(values.get('name') ?? '').trim(),
    slug: String(values.get('slug') ?? '').trim(),
  });
  return (
    <Panel title={t('panel')}>
      <Form errors={saving.errors} onSubmit={(values) => saving.save(read(values))}>
        <TextField name="name" label={t('name')} defaultValue={organization.name} required maxLength={200} />
        <TextField name="slug" label={t('slug')} mono defaultValue={org} help={t('slugHelp')} required maxLength={50} />
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}

export function OrganizationGeneralPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const query = useQuery(organizationQuery(org));
  return (
    <Page title={t('title')}>
      <Loading query={query}>
        {(organization) => <General key={organization.slug} organization={organization} />}
      </Loading>
    </Page>
  );
}
