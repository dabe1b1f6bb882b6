import { bytes } from '@/lib/format/bytes.ts';
import { full } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';

const t = defineMessages({
  missing: 'Say how much: 0 or more.',
  noCount: '“{text}” is not a number. Write 500, 10k or 2M.',
  noSize: '“{text}” is not a size. Write 500 MiB or 2 GiB.',
  part: 'Only whole ones are counted: “{text}” is not a whole number.',
  large: 'That is more than can be counted. Leave the cap out instead.',
});

/** The server counts no further. */
const MOST = 2 ** 44 - 2;
const counts: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const sizes: Record<string, number> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const form = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i;
const names: readonly [name: string, size: number][] = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
];

export type Amount = { value: number } | { wrong: string };

/** Reads what somebody wrote: "500", "10k", or of bytes "1.5 GiB" ("GB" is meant so too). */
export const readAmount = (written: string, isSize: boolean): Amount => {
  const text = written.trim();
  if (text === '') return { wrong: t('missing') };
  const [, digits, letters] = form.exec(text) ?? [];
  const unit = (letters ?? '').toLowerCase();
  const factor = isSize ? sizes[unit.length > 1 ? unit.replace(/i?b$/, '') : unit] : counts[unit];
  if (digits === undefined || factor === undefined) return { wrong: t(isSize ? 'noSize' : 'noCount', { text }) };
  const exact = Number(digits) * factor;
  const value = Math.round(exact);
  if (value > MOST) return { wrong: t('large') };
  // 1.1k is a whole number, though not to a computer.
  return isSize || Math.abs(exact - value) < 1e-6 * factor ? { value } : { wrong: t('part', { text }) };
};

/** For sentences; may be rounded. */
export const showAmount = (value: number, isSize: boolean): string => (isSize ? bytes(value) : full(value));

/** For a field: what `readAmount` reads as the same value. */
export const writeAmount = (value: number, isSize: boolean): string => {
  const unit = isSize && value > 0 ? names.find(([, size]) => value % size === 0) : undefined;
  return unit ? `${value / unit[1]} ${unit[0]}` : String(value);
};
