import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Box, Clock, Layers } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { environmentsQuery, projectsQuery } from '@/api/queries.ts';
import { useOrg } from '@/api/useOrg.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { rememberFilters } from '@/lib/routing/filters.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { defaultPeriod, rangeLabel } from '@/lib/time/range.ts';
import { Button } from '@/ui/Button.tsx';
import { LazyPicker } from '@/ui/LazyPicker.tsx';
import type { PickerItem } from '@/ui/PickerPopup.tsx';
import c from './PageFilters.module.css';

const loadTime = () => import('./TimeFilterPanel.tsx');
const TimeFilterPanel = lazy(loadTime);

const t = defineMessages({
  label: 'Page filters',
  projects: 'Projects',
  allProjects: 'All projects',
  findProject: 'Find a project',
  noProject: 'No project fits',
  environments: 'Environments',
  allEnvironments: 'All environments',
  findEnvironment: 'Find an environment',
  noEnvironment: 'No environment fits',
  clear: 'Clear',
  others: '{first} +{n}',
  unavailable: 'not available',
});
const NAMED = 2;

/** "checkout-api, web +2", or what it says when nothing is chosen. */
const summary = (ids: readonly string[], items: readonly PickerItem[], all: string): string => {
  if (ids.length === 0) return all;
  const names = ids.map((id) => items.find((item) => item.id === id)?.label ?? id);
  const first = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? t('others', { first, n: names.length - NAMED }) : first;
};

/** A chosen thing that the server does not know any more stays in the list, so that it can be taken out. */
const withMissing = (items: PickerItem[], ids: readonly string[]): PickerItem[] => [
  ...items,
  ...ids
    .filter((id) => !items.some((item) => item.id === id))
    .map((id) => ({ id, label: id, detail: t('unavailable') })),
];

const useFilterChange = (): ((change: GlobalSearch) => void) => {
  const change = useSearchChange();
  return (filters) => change({ ...filters, cursor: undefined }, { replace: true });
};

function TimeFilter({ search, onChange }: { search: GlobalSearch; onChange: (change: GlobalSearch) => void }) {
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const [open, setOpen] = useState(false);
  const changed = Boolean(search.start) || (search.statsPeriod ?? defaultPeriod) !== defaultPeriod;
  return (
    <>
      <Button
        ref={setAnchor}
        variant="ghost"
        size="sm"
        aria-haspopup="dialog"
        aria-expanded={open}
        onMouseEnter={loadTime}
        onFocus={loadTime}
        onPress={() => setOpen(true)}
        data-changed={changed || undefined}
        className={c.filter}
        data-test-id="filter-time"
      >
        <Clock size={13} aria-hidden="true" />
        {rangeLabel(search)}
      </Button>
      {open && (
        <Suspense>
          <TimeFilterPanel anchor={anchor} search={search} onChange={onChange} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function IdFilter({
  kind,
  ids,
  items,
  onChange,
}: {
  kind: 'project' | 'environment';
  ids: readonly string[];
  items: PickerItem[];
  onChange: (ids: string[] | undefined) => void;
}) {
  const words = {
    project: [t('projects'), t('allProjects'), t('findProject'), t('noProject')],
    environment: [t('environments'), t('allEnvironments'), t('findEnvironment'), t('noEnvironment')],
  } as const;
  const [label, all, find, none] = words[kind];
  const Icon = kind === 'project' ? Box : Layers;
  const clear = (
    <Button variant="ghost" size="sm" isDisabled={ids.length === 0} onPress={() => onChange(undefined)}>
      {t('clear')}
    </Button>
  );
  return (
    <LazyPicker
      label={label}
      variant="ghost"
      size="sm"
      multiple
      items={withMissing(items, ids)}
      selected={ids}
      placeholder={find}
      empty={none}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      footer={clear}
      className={c.filter}
      data-changed={ids.length > 0 || undefined}
      data-test-id={`filter-${kind}`}
    >
      <Icon size={13} aria-hidden="true" />
      <span className={c.value}>{summary(ids, items, all)}</span>
    </LazyPicker>
  );
}

/** Project, environment and time of everything on the page. They live in the URL and are remembered per organization. */
export function PageFilters() {
  const org = useOrg();
  const search = useSearch({ strict: false }) as GlobalSearch;
  const change = useFilterChange();
  const projects = useQuery({ ...projectsQuery(org), enabled: org !== '' });
  const environments = useQuery({ ...environmentsQuery(org), enabled: org !== '' });
  useEffect(() => {
    rememberFilters(org, search);
  }, [org, search]);
  return (
    <fieldset className={c.filters} aria-label={t('label')}>
      <IdFilter
        kind="project"
        ids={search.project ?? []}
        items={(projects.data ?? []).map(({ id, slug, platform }) => ({
          id,
          label: slug,
          ...(platform ? { detail: platform } : {}),
        }))}
        onChange={(project) => change({ project })}
      />
      <i className={c.separator} />
      <IdFilter
        kind="environment"
        ids={search.environment ?? []}
        items={(environments.data ?? []).map(({ name }) => ({ id: name, label: name }))}
        onChange={(environment) => change({ environment })}
      />
      <i className={c.separator} />
      <TimeFilter search={search} onChange={change} />
    </fieldset>
  );
}
