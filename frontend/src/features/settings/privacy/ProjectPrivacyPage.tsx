import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { type OrganizationDetail, organizationQuery, type ProjectDetail, projectQuery } from '../queries.ts';
import { RulesPanel } from './RulesPanel.tsx';
import { ScrubbingPanel } from './ScrubbingPanel.tsx';

const t = defineMessages({ title: 'Security & privacy' });

const scrubbingOf = (data: ProjectDetail) => ({
  dataScrubber: data.dataScrubber ?? true,
  dataScrubberDefaults: data.dataScrubberDefaults ?? true,
  scrubIPAddresses: data.scrubIPAddresses ?? false,
  sensitiveFields: data.sensitiveFields ?? [],
  safeFields: data.safeFields ?? [],
});

function Panels({ project, org, required }: { project: ProjectDetail; org: string; required: OrganizationDetail }) {
  const owner = { org, project: { slug: project.slug, id: project.id } };
  return (
    <>
      <ScrubbingPanel owner={owner} saved={scrubbingOf(project)} required={required} />
      <RulesPanel owner={owner} saved={project.relayPiiConfig ?? ''} />
    </>
  );
}

/** What is taken out of the events of a project. */
export function ProjectPrivacyPage() {
  const { org = '', project = '' } = useParams({ strict: false }) as { org?: string; project?: string };
  const query = useQuery(projectQuery(org, project));
  const organization = useQuery(organizationQuery(org));
  return (
    <Page title={t('title')}>
      <Loading query={organization}>
        {(required) => (
          <Loading query={query}>
            {(data) => <Panels key={data.id} project={data} org={org} required={required} />}
          </Loading>
        )}
      </Loading>
    </Page>
  );
}
