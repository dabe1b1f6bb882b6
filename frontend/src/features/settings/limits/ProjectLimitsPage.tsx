import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { projectPath, projectQuery } from '../queries.ts';
import { CapsPanel } from './CapsPanel.tsx';
import { capsQuery } from './queries.ts';
import { SizesPanel } from './SizesPanel.tsx';
import { SpikePanel } from './SpikePanel.tsx';

const t = defineMessages({
  title: 'Limits',
  text: 'How much this project may have stored, and how large each event may be. The organization’s limits come in addition.',
});

/** The limits of a project with their use. */
export function ProjectLimitsPage() {
  const { org = '', project = '' } = useParams({ strict: false }) as { org?: string; project?: string };
  const query = useQuery(projectQuery(org, project));
  const caps = useQuery(capsQuery(org));
  return (
    <Page title={t('title')} text={t('text')}>
      <Loading query={query}>
        {(data) => (
          <Loading query={caps}>
            {(all) => (
              <>
                <CapsPanel org={org} project={project} caps={all} />
                <SpikePanel org={org} project={project} on={data.spikeProtection ?? false} caps={all} />
                <SizesPanel
                  key={data.id}
                  path={fillPath(projectPath, { org, project })}
                  queryKey={projectQuery(org, project).queryKey}
                  saved={data}
                />
              </>
            )}
          </Loading>
        )}
      </Loading>
    </Page>
  );
}
