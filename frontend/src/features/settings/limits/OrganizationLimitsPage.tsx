import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { organizationPath, organizationQuery } from '../queries.ts';
import { RetentionPanel } from '../retention/RetentionPanel.tsx';
import { CapsPanel } from './CapsPanel.tsx';
import { capsQuery } from './queries.ts';
import { SizesPanel } from './SizesPanel.tsx';
import { SpikesPanel } from './SpikePanel.tsx';

const t = defineMessages({
  title: 'Retention & limits',
  text: 'For how long and how much the organization may have stored, and how large each event may be. Each project may have less.',
});

/** The limits of an organization with their use. */
export function OrganizationLimitsPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const organization = useQuery(organizationQuery(org));
  const caps = useQuery(capsQuery(org));
  return (
    <Page title={t('title')} text={t('text')}>
      <RetentionPanel org={org} />
      <Loading query={caps}>
        {(data) => (
          <>
            <CapsPanel org={org} caps={data} />
            <SpikesPanel org={org} caps={data} />
          </>
        )}
      </Loading>
      <Loading query={organization}>
        {(data) => (
          <SizesPanel
            key={data.id}
            path={fillPath(organizationPath, { org })}
            queryKey={organizationQuery(org).queryKey}
            saved={data}
          />
        )}
      </Loading>
    </Page>
  );
}
