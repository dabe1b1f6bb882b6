const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const steps: readonly [limit: number, size: number, unit: string][] = [
  [MINUTE, 1, 's'],
  [HOUR, MINUTE, 'm'],
  [DAY, HOUR, 'h'],
  [60 * DAY, DAY, 'd'],
  [730 * DAY, 30 * DAY, 'mo'],
  [Number.POSITIVE_INFINITY, 365 * DAY, 'y'],
];

/** How long ago, as narrow as a column: "2s", "4m", "5h", "41d", "3mo". The future counts as now. */
export const ago = (iso: string, now = Date.now()): string => {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const step = steps.find(([limit]) => seconds < limit);
  return step ? `${Math.floor(seconds / step[1])}${step[2]}` : '';
};

/** How long until the text of `ago` changes, in milliseconds: one timer serves every age on the page. */
export const nextChange = (iso: string, now = Date.now()): number => {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const size = steps.find(([limit]) => seconds < limit)?.[1] ?? DAY;
  return (size - (seconds % size)) * 1000;
};

const phrases: readonly [limit: number, size: number, one: string, other: string][] = [
  [MINUTE, 1, 'second', 'seconds'],
  [HOUR, MINUTE, 'minute', 'minutes'],
  [DAY, HOUR, 'hour', 'hours'],
  [60 * DAY, DAY, 'day', 'days'],
  [730 * DAY, 30 * DAY, 'month', 'months'],
  [Number.POSITIVE_INFINITY, 365 * DAY, 'year', 'years'],
];

/** A length of time in words, for sentences: 240 → "4 minutes". */
export const inWords = (seconds: number): string => {
  const step = phrases.find(([limit]) => seconds < limit);
  if (!step) return '';
  const count = Math.max(0, Math.floor(seconds / step[1]));
  return `${count} ${count === 1 ? step[2] : step[3]}`;
};
