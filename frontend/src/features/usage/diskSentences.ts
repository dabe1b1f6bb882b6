import { dataKindName } from '@/api/dataKinds.ts';
import type { DiskUsage } from '@/api/types.ts';
import { bytes } from '@/lib/format/bytes.ts';
import { inWords } from '@/lib/time/relative.ts';
import { dayName } from '@/lib/time/zone.ts';
import { t } from './strings.ts';

const takenSentence = ({ bytes: taken, ceiling }: DiskUsage): string =>
  ceiling === null
    ? t('takenFreely', { bytes: bytes(taken) })
    : t('taken', { bytes: bytes(taken), ceiling: bytes(ceiling) });

const forecastSentence = ({ ceiling, daysLeft, kinds }: DiskUsage): string => {
  const rates = kinds.flatMap(({ bytesPerDay }) => bytesPerDay ?? []);
  if (daysLeft === 0) return t('ceilingMet');
  if (rates.length === 0) return t('rateUnknown');
  const daily = bytes(rates.reduce((sum, rate) => sum + rate, 0));
  if (ceiling === null) return t('rate', { daily });
  return daysLeft === null ? t('rateFits', { daily }) : t('rateMeets', { daily, n: daysLeft });
};

const dropSentences = ({ ceiling, lastDrop }: DiskUsage, now: number): string[] => {
  if (!lastDrop) return ceiling === null ? [] : [t('neverDropped')];
  const { kind, day, dropped } = lastDrop;
  const ago = inWords((now - Date.parse(dropped)) / 1000);
  return [t('dropped', { kind: dataKindName(kind), day: dayName(day), ago })];
};

/** How far the ceiling is, when it will be met, and what it took last: a sentence each. */
export const diskSentences = (disk: DiskUsage, now = Date.now()): string[] =>
  disk.measured === null
    ? [t('notMeasured')]
    : [takenSentence(disk), forecastSentence(disk), ...dropSentences(disk, now)];
