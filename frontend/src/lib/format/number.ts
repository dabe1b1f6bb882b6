import { locale } from '../i18n/t.ts';

const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

/** For lists: 3120 → "3.1k". The full figure belongs in the tooltip. */
export const compact = (value: number): string => short.format(value).replace('K', 'k');

/** For detail: 3120 → "3,120". */
export const full = (value: number): string => whole.format(value);

/** 0.4567 → "45.7%"; a trace that rounds to nothing is "<0.1%", never "0%". */
export const percent = (fraction: number): string =>
  fraction > 0 && fraction < 0.001 ? '<0.1%' : share.format(fraction);
