import { compact } from '@/lib/format/number.ts';
import { locale } from '@/lib/i18n/t.ts';

const DAY = 86_400;

const formats = (utc: boolean) => {
  const zone = utc ? { timeZone: 'UTC' } : {};
  return {
    day: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', ...zone }),
    hour: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false, ...zone }),
    moment: new Intl.DateTimeFormat(locale, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
      timeZoneName: 'short',
      ...zone,
    }),
  };
};
const zones = { local: formats(false), utc: formats(true) };
const zone = (utc: boolean) => (utc ? zones.utc : zones.local);

/** Labels of the time axis: days where ticks are days apart, else times of day. */
export const timeLabels = (ticks: readonly number[], utc = false): string[] => {
  const { day, hour } = zone(utc);
  const format = (ticks[1] ?? 0) - (ticks[0] ?? 0) >= DAY ? day : hour;
  return ticks.map((tick) => format.format(tick * 1000));
};

/** Distances of the ticks of a count axis: 1, 2, 5, 10, … */
export const countSteps: number[] = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

export const countLabels = (ticks: readonly number[]): string[] => ticks.map(compact);

/** A bucket in full, for the tooltip and the table. */
export const momentLabel = (seconds: number, utc = false): string => zone(utc).moment.format(seconds * 1000);
