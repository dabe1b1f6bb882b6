import { defineMessages } from '@/lib/i18n/t.ts';
import type { RateLimit } from '../queries.ts';

const t = defineMessages({
  minute: 'a minute',
  fiveMinutes: '5 minutes',
  hour: 'an hour',
  day: 'a day',
  none: 'no limit',
  limit: { one: '{n} event in {window}', other: '{n} events in {window}' },
  seconds: { one: '{n} second', other: '{n} seconds' },
});

export const windows: readonly { id: string; label: string }[] = [
  { id: '60', label: t('minute') },
  { id: '300', label: t('fiveMinutes') },
  { id: '3600', label: t('hour') },
  { id: '86400', label: t('day') },
];

/** The window may be one that another client chose. */
export const windowLabel = (seconds: number): string =>
  windows.find(({ id }) => id === String(seconds))?.label ?? t('seconds', { n: seconds });

export const limitText = (limit: RateLimit | null): string =>
  limit ? t('limit', { n: limit.count, window: windowLabel(limit.window) }) : t('none');

/** Reads the two fields of the form; an empty count takes the limit away. */
export const readLimit = (count: string, window: string): RateLimit | null => {
  const n = Number(count);
  return count.trim() !== '' && Number.isInteger(n) && n > 0 ? { count: n, window: Number(window) } : null;
};
