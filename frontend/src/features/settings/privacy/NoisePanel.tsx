import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Switch } from '@/ui/Switch.tsx';
import { toast } from '@/ui/toast.ts';
import { Panel } from '../parts/Panel.tsx';
import { type Filter, type FilterOptions, filterPath, filtersQuery, projectPath, projectQuery } from '../queries.ts';
import c from './NoisePanel.module.css';

const t = defineMessages({
  title: 'Known noise',
  text: 'Each switch works at once.',
  extensions: 'Browser extensions',
  extensionsHelp: 'Errors that what people added to their browser is known to raise.',
  localhost: 'Localhost',
  localhostHelp: 'Events of a machine that calls itself localhost, 127.0.0.1 or ::1.',
  crawlers: 'Web crawlers',
  crawlersHelp: 'Events of search engines and other bots, by their User-Agent.',
  health: 'Health checks',
  healthHelp: 'Transactions named like /healthz, /ping or /ready.',
  hydration: 'Hydration errors',
  hydrationHelp: 'React’s errors that the page of the server differs from its own.',
  chunks: 'Missing chunks',
  chunksHelp: 'Errors of pages older than the last release, whose scripts are gone.',
});

type Place = { org: string; project: string };

/** `option`: kept among the options of the project, else a filter of its own. */
const rows = [
  { id: 'browser-extensions', label: t('extensions'), help: t('extensionsHelp'), option: false },
  { id: 'localhost', label: t('localhost'), help: t('localhostHelp'), option: false },
  { id: 'web-crawlers', label: t('crawlers'), help: t('crawlersHelp'), option: false },
  { id: 'filtered-transaction', label: t('health'), help: t('healthHelp'), option: false },
  { id: 'filters:react-hydration-errors', label: t('hydration'), help: t('hydrationHelp'), option: true },
  { id: 'filters:chunk-load-error', label: t('chunks'), help: t('chunksHelp'), option: true },
] as const;

/** Filters that are on or off. */
export function NoisePanel({ place, filters, options }: { place: Place; filters: Filter[]; options: FilterOptions }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState<string>();
  const flip = async (id: string, option: boolean, active: boolean) => {
    setBusy(id);
    const sent = option
      ? send(fillPath(projectPath, place), { method: 'PUT', body: { options: { [id]: active } } })
      : send(fillPath(filterPath, { ...place, filter: id }), { method: 'PUT', body: { active } });
    await sent.catch((error: Error) => toast({ tone: 'error', text: error.message }));
    const query = option ? projectQuery(place.org, place.project) : filtersQuery(place.org, place.project);
    await client.invalidateQueries({ queryKey: query.queryKey });
    setBusy(undefined);
  };
  const isOn = (id: string, option: boolean) =>
    option ? options[id] === true : filters.find((filter) => filter.id === id)?.active === true;
  return (
    <Panel title={t('title')} text={t('text')}>
      <ul className={c.rows}>
        {rows.map(({ id, label, help, option }) => (
          <li key={id}>
            <Switch
              checked={isOn(id, option)}
              disabled={busy === id}
              onChange={(active) => void flip(id, option, active)}
              data-test-id={`filter-${id}`}
            >
              {label}
            </Switch>
            <p>{help}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
