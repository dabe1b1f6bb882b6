import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Problem } from '@/api/problem.ts';
import { projectsQuery } from '@/api/queries.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Breadcrumbs } from '@/ui/Breadcrumbs.tsx';
import { Button } from '@/ui/Button.tsx';
import { Form } from '@/ui/Form.tsx';
import { Select } from '@/ui/Select.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { createProject, type NewProject } from './createProject.ts';
import c from './Page.module.css';
import { PlatformPicker } from './PlatformPicker.tsx';
import { platformOf } from './platforms/all.ts';
import { teamsQuery } from './queries.ts';
import { slugOf } from './slug.ts';

const t = defineMessages({
  projects: 'Projects',
  title: 'New project',
  text: 'A project collects the events of one program: a service, a web site, an app.',
  platform: 'Platform',
  name: 'Name',
  slug: 'Short name',
  slugHelp: 'Part of issue ids and addresses: {example}',
  team: 'Team',
  create: 'Create project',
});

/** Messages of the server that no field on the page shows. */
const generalMessage = (error: Error | null): string | undefined => {
  if (!error) return undefined;
  const shown =
    error instanceof Problem ? Object.keys(error.fields).filter((name) => name === 'name' || name === 'slug') : [];
  return shown.length > 0 ? undefined : error.message;
};

/** Name, platform and team are all a project needs. */
export function NewProjectPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  const teams = useQuery(teamsQuery(org));
  const [platform, setPlatform] = useState<string>();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState<string>();
  useTitle(t('title'));
  const create = useMutation({
    mutationFn: (project: NewProject) => createProject(org, project),
    onSuccess: (project) => {
      void client.invalidateQueries({ queryKey: projectsQuery(org).queryKey });
      void navigate({
        to: '/organizations/$org/projects/$project/getting-started/',
        params: { org, project: project.slug },
        search: {},
      });
    },
  });
  const pick = (id: string) => {
    const before = platformOf(platform)?.id;
    setPlatform(id);
    if (name === '' || name === before) setName(id);
  };
  const shownSlug = slug ?? slugOf(name);
  const submit = (values: FormData) =>
    create.mutate({
      name: name.trim(),
      slug: shownSlug || undefined,
      platform,
      team: String(values.get('team') ?? '') || undefined,
    });
  const failure = generalMessage(create.error);
  return (
    <div className={c.page}>
      <header className={c.head}>
        <Breadcrumbs>
          <Link to="/organizations/$org/projects/" params={{ org }} search={{}}>
            {t('projects')}
          </Link>
          <span>{t('title')}</span>
        </Breadcrumbs>
        <h1>{t('title')}</h1>
        <p>{t('text')}</p>
      </header>
      <Form errors={create.error instanceof Problem ? create.error.fields : {}} onSubmit={submit}>
        <div className={c.fields}>
          <TextField
            name="name"
            label={t('name')}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-test-id="project-name"
          />
          <TextField
            name="slug"
            label={t('slug')}
            mono
            value={shownSlug}
            help={t('slugHelp', { example: `${(shownSlug || 'shop').toUpperCase()}-1A` })}
            onChange={(event) => setSlug(event.currentTarget.value)}
            data-test-id="project-slug"
          />
          {teams.data && teams.data.length > 0 && (
            <Select
              name="team"
              label={t('team')}
              options={teams.data.map((team) => ({ id: team.slug, label: `#${team.slug}` }))}
            />
          )}
        </div>
        <section aria-labelledby="platform-title">
          <h2 id="platform-title" className={c.part}>
            {t('platform')}
          </h2>
          <PlatformPicker value={platform} onPick={pick} />
        </section>
        {failure && <Banner tone="error">{failure}</Banner>}
        <div>
          <Button
            type="submit"
            variant="primary"
            busy={create.isPending}
            isDisabled={name.trim() === ''}
            data-test-id="create-project"
          >
            {t('create')}
          </Button>
        </div>
      </Form>
    </div>
  );
}
