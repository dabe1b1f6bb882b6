import { locale } from '../i18n/t.ts';

/** What the URL says about time: a relative period, or both ends of an absolute range. */
export type TimeSelection = {
  statsPeriod?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
  utc?: string | undefined;
};
export type Range = { from: number; to: number };

export const defaultPeriod = '14d';
export const offeredPeriods = ['1h', '24h', '7d', '14d', '30d', '90d'] as const;

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const unitWords: Record<string, [one: string, other: string]> = {
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  w: ['week', 'weeks'],
};
const periodPattern = /^(\d{1,4})([smhdw])$/;

/** Seconds of a period such as "14d"; undefined when it is not one. */
export const periodSeconds = (period: string): number | undefined => {
  const [, count, unit] = periodPattern.exec(period) ?? [];
  const seconds = Number(count) * (unitSeconds[unit ?? ''] ?? 0);
  return seconds > 0 ? seconds : undefined;
};

/** Reads what a person types: "3d", "3 days", "90 min". */
export const readPeriod = (text: string): string | undefined => {
  const [, count, word] = /^\s*(\d{1,4})\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const unit = (word ?? '').slice(0, 1).toLowerCase();
  const period = `${Number(count)}${unit}`;
  return periodSeconds(period) === undefined ? undefined : period;
};

const toSeconds = (iso: string): number => Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`) / 1000;

/** Both ends as unix seconds. A relative period ends now; an incomplete absolute range falls back to the default. */
export const resolveRange = (selection: TimeSelection, now = Date.now()): Range => {
  if (selection.start && selection.end) {
    const range = { from: toSeconds(selection.start), to: toSeconds(selection.end) };
    if (range.to > range.from) return range;
  }
  const to = Math.floor(now / 1000);
  const length = periodSeconds(selection.statsPeriod ?? defaultPeriod) ?? periodSeconds(defaultPeriod) ?? 0;
  return { from: to - length, to };
};

const parts: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};
const local = new Intl.DateTimeFormat(locale, parts);
const utc = new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' });

/** The label of the time filter: "Last 14 days" or "Nov 18, 10:00 – Nov 19, 02:00". */
export const rangeLabel = (selection: TimeSelection): string => {
  if (selection.start && selection.end) {
    const { from, to } = resolveRange(selection);
    const { format } = selection.utc === 'true' ? utc : local;
    return `${format(from * 1000)} – ${format(to * 1000)}`;
  }
  const [, count, unit] = periodPattern.exec(selection.statsPeriod ?? defaultPeriod) ?? [];
  const words = unitWords[unit ?? ''];
  if (!words) return selection.statsPeriod ?? '';
  return Number(count) === 1 ? `Last ${words[0]}` : `Last ${count} ${words[1]}`;
};

/** The form the API and the URL take: UTC without a zone, to the second. */
export const toUrlTime = (seconds: number): string => new Date(Math.round(seconds) * 1000).toISOString().slice(0, 19);

const intervals: readonly [seconds: number, name: string][] = [
  [60, '1m'],
  [300, '5m'],
  [900, '15m'],
  [1800, '30m'],
  [3600, '1h'],
  [14_400, '4h'],
  [43_200, '12h'],
  [86_400, '1d'],
];

/** The finest bucket width that keeps a chart of this length readable: about 60 to 100 bars. */
export const interval = (seconds: number): { seconds: number; name: string } => {
  const [size, name] = intervals.find(([width]) => seconds / width <= 100) ?? [86_400, '1d'];
  return { seconds: size, name };
};
