import type { IssueChange } from '@/api/types.ts';
import type { MenuEntry } from '@/ui/MenuPopup.tsx';
import { t } from './strings.ts';

/** A way to settle issues: what the menu says, what is sent, what the toast says. */
export type Choice = { id: string; label: string; change: IssueChange; done: (n: number) => string };

const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const archived = (n: number) => t('archived', { n });
const archive = (id: string, label: string, change: Omit<IssueChange, 'status'>): Choice => ({
  id,
  label,
  change: { status: 'ignored', ...change },
  done: archived,
});

export const resolveChoices = [
  { id: 'now', label: t('resolveNow'), change: { status: 'resolved' }, done: (n) => t('resolved', { n }) },
  {
    id: 'next',
    label: t('resolveNext'),
    change: { status: 'resolved', statusDetails: { inNextRelease: true } },
    done: (n) => t('resolvedNext', { n }),
  },
] as const satisfies readonly Choice[];

export const archiveChoices = [
  archive('escalating', t('untilEscalating'), { substatus: 'archived_until_escalating' }),
  archive('hour', t('forHour'), { statusDetails: { ignoreDuration: HOUR } }),
  archive('day', t('forDay'), { statusDetails: { ignoreDuration: DAY } }),
  archive('week', t('forWeek'), { statusDetails: { ignoreDuration: WEEK } }),
  archive('hundred', t('forEvents'), { statusDetails: { ignoreCount: 100 } }),
  archive('users', t('forUsers'), { statusDetails: { ignoreUserCount: 10 } }),
  archive('forever', t('forever'), { substatus: 'archived_forever' }),
] as const satisfies readonly Choice[];

export const unresolve: Choice = {
  id: 'unresolve',
  label: t('unresolve'),
  change: { status: 'unresolved' },
  done: (n) => t('unresolved', { n }),
};

export const entriesOf = (choices: readonly Choice[]): MenuEntry[] => choices.map(({ id, label }) => ({ id, label }));
