import { toUrlTime } from '@/lib/time/range.ts';

const written = /^\s*(\d{4}-\d\d-\d\d)(?:[ T]+(\d{1,2}:\d\d))?\s*$/;

/** "2026-11-21 15:54" in the zone the page shows: the same in every browser, whatever its language. */
export const writeMoment = (seconds: number, utc: boolean): string => {
  const shift = utc ? 0 : new Date(seconds * 1000).getTimezoneOffset() * 60;
  return toUrlTime(seconds - shift)
    .slice(0, 16)
    .replace('T', ' ');
};

/** Unix seconds of what somebody wrote; a day alone begins at midnight. */
export const readMoment = (text: string, utc: boolean): number | undefined => {
  const [, day, time = '00:00'] = written.exec(text) ?? [];
  const seconds = Date.parse(`${day}T${time.padStart(5, '0')}${utc ? 'Z' : ''}`) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
};
