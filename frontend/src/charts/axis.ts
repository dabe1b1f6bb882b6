import { compact } from '@/lib/format/number.ts';
import { locale } from '@/lib/i18n/t.ts';

const DAY = 86_400;

const formats = (utc: boolean) => {
  const zone = utc ? { timeZone: 'UTC' } : {};
  return {
    day: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', ...zone }),
    hour: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone }),
    moment: new Intl.DateTimeFormat(locale, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
      ...zone,
    }),
  };
};
const zones = { local: formats(false), utc: formats(true) };
const zone = (utc: boolean) => (utc ? zones.utc : zones.local);

/** Labels of the time axis: days where ticks are days apart, else times of day, with the day at its beginning. */
export const timeLabels = (ticks: readonly number[], utc = false): string[] => {
  const { day, hour } = zone(utc);
  const byDay = (ticks[1] ?? 0) - (ticks[0] ?? 0) >= DAY;
  return ticks.map((tick) => {
    const time = hour.format(tick * 1000);
    return byDay || time === '00:00' ? day.format(tick * 1000) : time;
  });
};

const ROUND = [1, 2, 3, 4, 5, 6, 8, 10];

/** The round number at which a count axis ends: the smallest that is not below the highest bar. */
const countTop = (highest: number): number => {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, highest))));
  return power * (ROUND.find((step) => step * power >= highest) ?? 10);
};

/** Ticks of a count axis: 0, the top, and the middle where that is a whole number. There is no half an event. */
export const countTicks = (highest: number): number[] => {
  const top = countTop(highest);
  return top % 2 === 0 ? [0, top / 2, top] : [0, top];
};

export const countLabels = (ticks: readonly number[]): string[] => ticks.map(compact);

/** A bucket in full, for the tooltip and the table. */
export const momentLabel = (seconds: number, utc = false): string => zone(utc).moment.format(seconds * 1000);
