/** What may arrive, in the order of tables; the first is shown first. */
export const categories = [
  'error',
  'transaction',
  'span',
  'log_item',
  'log_byte',
  'trace_metric',
  'attachment',
  'replay',
  'profile',
  'profile_chunk',
  'monitor',
  'session',
  'feedback',
] as const;
export type Category = (typeof categories)[number];

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

/** Categories whose quantity is a size. */
export const isBytes = (category: string): boolean => category === 'attachment' || category === 'log_byte';
