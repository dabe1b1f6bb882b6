import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { type OrganizationDetail, organizationQuery } from '../queries.ts';
import { RulesPanel } from './RulesPanel.tsx';
import { ScrubbingPanel } from './ScrubbingPanel.tsx';

const t = defineMessages({
  title: 'Security & privacy',
  text: 'What every project of the organization has to scrub. Each project may scrub more.',
});

const requirementsOf = (data: OrganizationDetail) => ({
  dataScrubber: data.dataScrubber ?? false,
  dataScrubberDefaults: data.dataScrubberDefaults ?? false,
  scrubIPAddresses: data.scrubIPAddresses ?? false,
  sensitiveFields: data.sensitiveFields ?? [],
  safeFields: data.safeFields ?? [],
});

/** What is taken out of the events of every project. */
export function OrganizationPrivacyPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const query = useQuery(organizationQuery(org));
  return (
    <Page title={t('title')} text={t('text')}>
      <Loading query={query}>
        {(data) => (
          <>
            <ScrubbingPanel key={data.id} owner={{ org }} saved={requirementsOf(data)} />
            <RulesPanel owner={{ org }} saved={data.relayPiiConfig ?? ''} />
          </>
        )}
      </Loading>
    </Page>
  );
}
