import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { send } from '@/api/client.ts';
import { projectsQuery } from '@/api/queries.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Button } from '@/ui/Button.tsx';
import { Form } from '@/ui/Form.tsx';
import { TextArea } from '@/ui/TextArea.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { toast } from '@/ui/toast.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { type ProjectDetail, projectPath, projectQuery } from '../queries.ts';
import { useSave } from '../useSave.ts';

const ConfirmDialog = lazy(() => import('@/ui/ConfirmDialog.tsx'));

const t = defineMessages({
  title: 'Project {project}',
  panel: 'General',
  name: 'Name',
  slug: 'Short name',
  slugHelp: 'Part of issue ids and addresses. Old links that use the present one stop working; the DSN stays the same.',
  platform: 'Platform',
  platformHelp: 'Which guide is shown, and the mark beside the name: python, javascript-react, go…',
  domains: 'Allowed domains',
  domainsHelp: 'One to a line. Browsers on other sites are refused; * allows all, *.example.com all of a domain.',
  danger: 'Delete this project',
  dangerText: 'All of its issues, events and keys are deleted. SDKs that still send are refused.',
  remove: 'Delete project…',
  removeTitle: 'Delete {project}?',
  removeText: 'Every issue and event of {project} is deleted. This cannot be taken back.',
  removed: '{project} is deleted',
});

type Values = { name: string; slug: string; platform: string; allowedDomains: string[] };
type Place = { org: string; project: string };

const read = (values: FormData): Values => ({
  name: String(values.get('name') ?? '').trim(),
  slug: String(values.get('slug') ?? '').trim(),
  platform: String(values.get('platform') ?? '').trim(),
  allowedDomains: String(values.get('allowedDomains') ?? '')
    .split(/[\s,]+/)
    .filter(Boolean),
});

function General({ project, place }: { project: ProjectDetail; place: Place }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const saving = useSave(
    (values: Values) => send(fillPath(projectPath, place), { method: 'PUT', body: values }),
    async ({ slug }) => {
      await client.invalidateQueries({ queryKey: projectsQuery(place.org).queryKey });
      if (slug === place.project) await client.invalidateQueries({ queryKey: projectQuery(place.org, slug).queryKey });
      else
        await navigate({
          to: '/settings/$org/projects/$project/',
          params: { org: place.org, project: slug },
          replace: true,
        });
    },
  );
  return (
    <Panel title={t('panel')}>
      <Form errors={saving.errors} onSubmit={(values) => saving.save(read(values))}>
        <TextField name="name" label={t('name')} defaultValue={project.name} required maxLength={200} />
        <TextField
          name="slug"
          label={t('slug')}
          mono
          defaultValue={project.slug}
          help={t('slugHelp')}
          required
          maxLength={50}
        />
        <TextField
          name="platform"
          label={t('platform')}
          mono
          defaultValue={project.platform ?? ''}
          help={t('platformHelp')}
          required={false}
        />
        <TextArea
          name="allowedDomains"
          label={t('domains')}
          defaultValue={(project.allowedDomains ?? ['*']).join('\n')}
          help={t('domainsHelp')}
          rows={3}
        />
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}

function Danger({ place }: { place: Place }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, ask] = useState(false);
  const remove = async () => {
    await send(fillPath(projectPath, place), { method: 'DELETE' });
    toast({ tone: 'success', text: t('removed', { project: place.project }) });
    await navigate({ to: '/organizations/$org/projects/', params: { org: place.org }, search: {} });
    await client.invalidateQueries({ queryKey: projectsQuery(place.org).queryKey });
  };
  return (
    <Panel title={t('danger')} text={t('dangerText')} danger>
      <div>
        <Button variant="danger" onPress={() => ask(true)} data-test-id="delete-project">
          {t('remove')}
        </Button>
      </div>
      {asking && (
        <Suspense>
          <ConfirmDialog
            title={t('removeTitle', { project: place.project })}
            verb={common('delete')}
            onConfirm={remove}
            onClose={() => ask(false)}
          >
            {t('removeText', { project: place.project })}
          </ConfirmDialog>
        </Suspense>
      )}
    </Panel>
  );
}

export function ProjectGeneralPage() {
  const { org = '', project = '' } = useParams({ strict: false }) as Partial<Place>;
  const place = { org, project };
  const query = useQuery(projectQuery(org, project));
  return (
    <Page title={t('title', { project })}>
      <Loading query={query}>
        {(data) => (
          <>
            <General key={data.id} project={data} place={place} />
            <Danger place={place} />
          </>
        )}
      </Loading>
    </Page>
  );
}
