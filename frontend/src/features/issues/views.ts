import { Flame, type LucideIcon, Sparkle, Undo2 } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { defaultQuery } from './routes.ts';

const t = defineMessages({
  unresolved: 'Unresolved',
  new: 'New',
  regressed: 'Regressed',
  escalating: 'Escalating',
  archived: 'Archived',
});

export type IssueView = { label: string; query: string; icon?: LucideIcon };

/** The searches one triages by, as tabs above the list. */
export const issueViews: readonly IssueView[] = [
  { label: t('unresolved'), query: defaultQuery },
  { label: t('new'), query: 'is:new', icon: Sparkle },
  { label: t('regressed'), query: 'is:regressed', icon: Undo2 },
  { label: t('escalating'), query: 'is:escalating', icon: Flame },
  { label: t('archived'), query: 'is:archived' },
];

export const viewQueries = issueViews.map(({ query }) => query);
