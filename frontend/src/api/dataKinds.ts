/** The kinds of data the server keeps for days of their own, by its names for them. */
const names: Record<string, string> = {
  error: 'Errors and issues',
  transaction: 'Transactions',
  span: 'Spans',
  log: 'Logs',
  trace_metric: 'Metrics',
  replay: 'Replays',
  profile: 'Profiles',
  attachment: 'Attachments',
  session: 'Sessions',
  check_in: 'Check-ins',
  outcome: 'Usage statistics',
  other: 'Everything else',
};

/** A kind that a newer server has is called what that calls it. */
export const dataKindName = (kind: string): string => names[kind] ?? kind;
