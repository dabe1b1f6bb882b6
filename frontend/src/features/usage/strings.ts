import { defineMessages } from '@/lib/i18n/t.ts';
import type { Category, Outcome } from './figures.ts';

export const t = defineMessages({
  title: 'Usage',
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

export const categoryNames: Record<Category, string> = {
  error: 'Errors',
  transaction: 'Transactions',
  span: 'Spans',
  log_item: 'Logs',
  log_byte: 'Logs, size',
  trace_metric: 'Metrics',
  attachment: 'Attachments, size',
  replay: 'Replays',
  profile: 'Profiles',
  profile_chunk: 'Profile chunks',
  monitor: 'Check-ins',
  session: 'Sessions',
  feedback: 'Feedback',
};

export const diskNames: Record<string, string> = {
  events: 'Errors and issues',
  logs: 'Logs',
  metrics: 'Metrics',
  attachments: 'Attachments',
  other: 'Everything else',
};
