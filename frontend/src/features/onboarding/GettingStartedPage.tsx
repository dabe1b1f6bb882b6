import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Breadcrumbs } from '@/ui/Breadcrumbs.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import c from './Page.module.css';
import { projectQuery } from './queries.ts';
import { SetupGuide } from './SetupGuide.tsx';
import { usePlatformChange } from './usePlatformChange.ts';

const t = defineMessages({
  projects: 'Projects',
  title: 'Set up {project}',
  text: 'Add the SDK to your program and let it send its first event.',
});

function Guide({ org, slug }: { org: string; slug: string }) {
  const query = useQuery(projectQuery(org, slug));
  const { platform } = useSearch({ strict: false }) as { platform?: string };
  const pick = usePlatformChange(
    org,
    query.data ?? { id: '', slug, name: slug, platform: null, dateCreated: '', firstEvent: null },
  );
  if (query.data) {
    return (
      <SetupGuide
        org={org}
        project={query.data}
        platformId={platform ?? query.data.platform ?? undefined}
        onPlatform={pick}
      />
    );
  }
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={6} height={48} />;
}

/** How to send events to one project. */
export function GettingStartedPage() {
  const { org = '', project = '' } = useParams({ strict: false }) as { org?: string; project?: string };
  const title = t('title', { project });
  useTitle(title);
  return (
    <div className={c.page}>
      <header className={c.head}>
        <Breadcrumbs>
          <Link to="/organizations/$org/projects/" params={{ org }} search={{}}>
            {t('projects')}
          </Link>
          <span>{project}</span>
        </Breadcrumbs>
        <h1>{title}</h1>
        <p>{t('text')}</p>
      </header>
      <Guide org={org} slug={project} />
    </div>
  );
}
