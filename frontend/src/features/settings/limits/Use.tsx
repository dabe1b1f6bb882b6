import { defineMessages } from '@/lib/i18n/t.ts';
import { inWords } from '@/lib/time/relative.ts';
import { showAmount } from './amounts.ts';
import { isSize } from './caps.ts';
import c from './Limits.module.css';
import type { Cap, Period } from './queries.ts';

const t = defineMessages({
  minute: '{limit} a minute',
  hour: '{limit} an hour',
  day: '{limit} a day',
  month: '{limit} a month',
  nothing: 'nothing is taken',
  used: '{used} used',
  anew: ', anew in {time}',
});

export const limitText = (limit: number, period: Period, size: boolean): string =>
  limit === 0 ? t('nothing') : t(period, { limit: showAmount(limit, size) });

const shareOf = ({ used, limit }: Cap): number => (limit > 0 ? Math.min(1, used / limit) : 1);
const levelOf = (share: number) => (share >= 1 ? 'full' : share >= 0.8 ? 'high' : undefined);

/** What is allowed, what of it is used, and when it begins anew. */
export function Use({ cap }: { cap: Cap }) {
  const share = shareOf(cap);
  const seconds = Math.max(0, (Date.parse(cap.resets) - Date.now()) / 1000);
  return (
    <div className={c.use}>
      <span>{limitText(cap.limit, cap.period, isSize(cap))}</span>
      <span className={c.bar} data-level={levelOf(share)} aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      {cap.limit > 0 && (
        <span className={c.quiet}>
          {t('used', { used: showAmount(cap.used, isSize(cap)) })}
          {cap.used > 0 && t('anew', { time: inWords(seconds) })}
        </span>
      )}
    </div>
  );
}
