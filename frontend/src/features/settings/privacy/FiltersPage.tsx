import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { filtersQuery, projectQuery } from '../queries.ts';
import { BrowsersPanel } from './BrowsersPanel.tsx';
import { CustomPanel } from './CustomPanel.tsx';
import { NoisePanel } from './NoisePanel.tsx';

const t = defineMessages({
  title: 'Inbound filters',
  text: 'Events that a filter hits are counted and not stored. Filters work on events that come after the change.',
});

/** Which events a project does not want. */
export function FiltersPage() {
  const { org = '', project = '' } = useParams({ strict: false }) as { org?: string; project?: string };
  const place = { org, project };
  const details = useQuery(projectQuery(org, project));
  const filters = useQuery(filtersQuery(org, project));
  return (
    <Page title={t('title')} text={t('text')}>
      <Loading query={details}>
        {({ id, options = {} }) => (
          <Loading query={filters}>
            {(list) => (
              <>
                <NoisePanel place={place} filters={list} options={options} />
                <BrowsersPanel
                  key={id}
                  place={place}
                  active={list.find(({ id }) => id === 'legacy-browsers')?.active}
                />
                <CustomPanel place={place} options={options} />
              </>
            )}
          </Loading>
        )}
      </Loading>
    </Page>
  );
}
