import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { projectsQuery } from '@/api/queries.ts';
import type { Project } from '@/api/types.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Banner } from '@/ui/Banner.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { createProject } from './createProject.ts';
import c from './Page.module.css';
import { PlatformPicker } from './PlatformPicker.tsx';
import { teamsQuery } from './queries.ts';
import { SetupGuide } from './SetupGuide.tsx';
import { usePlatformChange } from './usePlatformChange.ts';

const t = defineMessages({
  title: 'Send the first event',
  text: 'Four steps, a minute or two. Everything stays on this server.',
  project: 'Events will go to the project {project}.',
});

/** The project a first run is about: one that has sent nothing yet. */
const projectToStart = (projects: readonly Project[]): Project | undefined =>
  projects.find(({ firstEvent }) => firstEvent === null) ?? projects[0];

function FirstProject({ org }: { org: string }) {
  const client = useQueryClient();
  const changeSearch = useSearchChange();
  const teams = useQuery(teamsQuery(org));
  const create = useMutation({
    mutationFn: (platform: string) => createProject(org, { name: platform, platform, team: teams.data?.[0]?.slug }),
    onSuccess: (_, platform) => {
      changeSearch({ platform }, { replace: true });
      void client.invalidateQueries({ queryKey: projectsQuery(org).queryKey });
    },
  });
  return (
    <>
      {create.error && <Banner tone="error">{create.error.message}</Banner>}
      <PlatformPicker value={create.variables} onPick={(platform) => create.mutate(platform)} />
    </>
  );
}

function ProjectGuide({ org, project }: { org: string; project: Project }) {
  const { platform } = useSearch({ strict: false }) as { platform?: string };
  const pick = usePlatformChange(org, project);
  return (
    <SetupGuide
      key={project.id}
      org={org}
      project={project}
      platformId={platform ?? project.platform ?? undefined}
      onPlatform={pick}
    />
  );
}

/** First run of an organization: choose a platform, install, configure, and watch the first event come in. */
export function OnboardingPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const projects = useQuery(projectsQuery(org));
  useTitle(t('title'));
  const project = projectToStart(projects.data ?? []);
  return (
    <div className={c.page}>
      <header className={c.head}>
        <h1>{t('title')}</h1>
        <p>
          {t('text')} {project && t('project', { project: project.slug })}
        </p>
      </header>
      {projects.error && !projects.data && (
        <ErrorState error={projects.error} onRetry={() => void projects.refetch()} />
      )}
      {projects.isPending && !projects.error && <Skeleton rows={6} height={48} />}
      {projects.data && (project ? <ProjectGuide org={org} project={project} /> : <FirstProject org={org} />)}
    </div>
  );
}
