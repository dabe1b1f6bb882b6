import { Box, ChartColumn, type LucideIcon, Settings, TriangleAlert } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';

export const t = defineMessages({
  main: 'Main',
  issues: 'Issues',
  projects: 'Projects',
  usage: 'Usage',
  settings: 'Settings',
  goTo: 'Go to {place}',
  go: 'Go to',
});

type Place =
  | '/organizations/$org/issues/'
  | '/organizations/$org/projects/'
  | '/organizations/$org/stats/'
  | '/settings/';

export type NavEntry = {
  /** What routes name in their static data to light this entry. */
  id: string;
  label: string;
  icon: LucideIcon;
  to: Place;
  keys: string;
  /** Heading above the entry's group; the first group has none. */
  group?: string;
  foot?: boolean;
};

/** The rail, in the order of work. An entry is added together with its page; the phone shows the first five. */
export const navEntries: readonly NavEntry[] = [
  { id: 'issues', label: t('issues'), icon: TriangleAlert, to: '/organizations/$org/issues/', keys: 'g i' },
  { id: 'projects', label: t('projects'), icon: Box, to: '/organizations/$org/projects/', keys: 'g o' },
  { id: 'usage', label: t('usage'), icon: ChartColumn, to: '/organizations/$org/stats/', keys: 'g u' },
  { id: 'settings', label: t('settings'), icon: Settings, to: '/settings/', keys: 'g s', foot: true },
];
