import { locale } from '../i18n/t.ts';

const parts: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
};
const local = new Intl.DateTimeFormat(locale, parts);
const utc = new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' });
const clockParts: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
};
const localClock = new Intl.DateTimeFormat(locale, clockParts);
const utcClock = new Intl.DateTimeFormat(locale, { ...clockParts, timeZone: 'UTC' });

/** The exact moment, zone always written: "Nov 20, 2026, 14:32:08 UTC". */
export const exact = (iso: string, inUtc = false): string => {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : (inUtc ? utc : local).format(moment);
};

const utcDay = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });

/** A day of UTC: "2026-11-20" → "Nov 20, 2026". */
export const dayName = (day: string): string => utcDay.format(new Date(day));

/** For tooltips: the moment in the reader's zone and, where that is another one, in UTC. */
export const inBothZones = (iso: string): string => [...new Set([exact(iso), exact(iso, true)])].join('\n');

/** The time of day with milliseconds, for lists that are read second by second. */
export const clock = (iso: string, inUtc = false): string => {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : (inUtc ? utcClock : localClock).format(moment);
};
