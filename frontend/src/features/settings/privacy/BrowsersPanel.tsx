import { useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Form } from '@/ui/Form.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { filterPath, filtersQuery } from '../queries.ts';
import { useSave } from '../useSave.ts';
import { CheckField } from './CheckField.tsx';
import c from './NoisePanel.module.css';

const t = defineMessages({
  title: 'Legacy browsers',
  text: 'Events of browsers that are too old to be supported, by their User-Agent.',
  usual: 'The filter is on without a choice of browsers: only very old ones are filtered. Saving chooses instead.',
  ie: 'Internet Explorer 11 and older',
  edge: 'Edge 78 and older',
  safari: 'Safari 11 and older',
  firefox: 'Firefox 66 and older',
  chrome: 'Chrome 62 and older',
  opera: 'Opera 50 and older',
  android: 'Android 3 and older',
  opera_mini: 'Opera Mini 34 and older',
  other: 'As an older client has chosen: {id}',
});

const browsers = ['ie', 'edge', 'safari', 'firefox', 'chrome', 'opera', 'android', 'opera_mini'] as const;

/** What is chosen by a name of earlier days stays a choice. */
const choicesOf = (chosen: readonly string[]) => [
  ...browsers.map((id) => ({ id: id as string, label: t(id) })),
  ...chosen
    .filter((id) => !(browsers as readonly string[]).includes(id))
    .map((id) => ({ id, label: t('other', { id }) })),
];

/** Which browsers are too old. */
export function BrowsersPanel({
  place,
  active = false,
}: {
  place: { org: string; project: string };
  active?: boolean | string[] | undefined;
}) {
  const client = useQueryClient();
  const chosen = Array.isArray(active) ? active : [];
  const saving = useSave(
    (subfilters: string[]) =>
      send(fillPath(filterPath, { ...place, filter: 'legacy-browsers' }), { method: 'PUT', body: { subfilters } }),
    () => client.invalidateQueries({ queryKey: filtersQuery(place.org, place.project).queryKey }),
  );
  return (
    <Panel title={t('title')} text={t('text')}>
      {active === true && <Banner>{t('usual')}</Banner>}
      <Form
        errors={saving.errors}
        onSubmit={(values) => saving.save(values.getAll('subfilters').map(String))}
        data-test-id="browsers"
      >
        <div className={c.browsers}>
          {choicesOf(chosen).map(({ id, label }) => (
            <CheckField key={id} name="subfilters" value={id} label={label} defaultChecked={chosen.includes(id)} />
          ))}
        </div>
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}
