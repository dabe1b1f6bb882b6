import { defineMessages } from '@/lib/i18n/t.ts';
import type { Outcome } from './figures.ts';

export const t = defineMessages({
  title: 'Usage',
  limits: 'Limits',
  chart: 'What became of {category}',
  nothing: 'Nothing of this kind arrived in this time.',
  none: 'Nothing arrived in this time.',
  byCategory: 'By category',
  byReason: 'Why not taken',
  byProject: 'By project',
  disk: 'Disk',
  category: 'Category',
  outcome: 'Outcome',
  reason: 'Reason',
  project: 'Project',
  quantity: 'Quantity',
  kind: 'Kind',
  size: 'Size',
  kept: 'Kept',
  days: { one: '{n} day', other: '{n} days' },
  daily: 'A day',
  taken: 'The data takes {bytes} of the {ceiling} it may take.',
  takenFreely: 'The data takes {bytes}. No ceiling is set: it goes by its age alone.',
  notMeasured: 'The disk has not been measured yet.',
  rateUnknown: 'How fast it grows is known after the first whole day.',
  rate: 'A day of the last week brought {daily}.',
  rateFits: 'A day of the last week brought {daily}: at that rate the ceiling is not met within a year.',
  rateMeets: {
    one: 'A day of the last week brought {daily}: at that rate the ceiling is met in {n} day.',
    other: 'A day of the last week brought {daily}: at that rate the ceiling is met in {n} days.',
  },
  ceilingMet: 'The ceiling is met: the oldest days are dropped before their time.',
  dropped: '{kind} of {day} were dropped {ago} ago to keep the ceiling.',
  neverDropped: 'Nothing has been dropped to keep the ceiling.',
  allTaken: 'Everything was taken.',
  unnamed: 'no reason given',
});

export const outcomeNames: Record<Outcome, string> = {
  accepted: 'Accepted',
  filtered: 'Filtered',
  rate_limited: 'Limited',
  invalid: 'Invalid',
  client_discard: 'Client discard',
};
