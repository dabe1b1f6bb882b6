import { expect, test } from 'vitest';
import type { DiskUsage } from '@/api/types.ts';
import { diskSentences } from './diskSentences.ts';

const GiB = 1024 ** 3;
const now = Date.parse('2026-11-21T12:00:00Z');
const disk: DiskUsage = {
  bytes: 3 * GiB,
  ceiling: 10 * GiB,
  measured: '2026-11-21T11:55:00Z',
  daysLeft: 14,
  lastDrop: null,
  kinds: [
    { kind: 'log', bytes: 2 * GiB, days: 30, bytesPerDay: GiB / 4 },
    { kind: 'error', bytes: GiB / 2, days: 90, bytesPerDay: GiB / 4 },
    { kind: 'other', bytes: GiB / 2, days: null, bytesPerDay: null },
  ],
};
const young = disk.kinds.map((kind) => ({ ...kind, bytesPerDay: null }));
const lastDrop = { kind: 'log', day: '2026-10-30', bytes: 5, dropped: '2026-11-18T11:00:00Z' };

const taken = 'The data takes 3 GiB of the 10 GiB it may take.';
const brought = 'A day of the last week brought 512 MiB';
const nothing = 'Nothing has been dropped to keep the ceiling.';

test.each<[string, Partial<DiskUsage>, string[]]>([
  ['it comes nearer', {}, [taken, `${brought}: at that rate the ceiling is met in 14 days.`, nothing]],
  ['tomorrow', { daysLeft: 1 }, [taken, `${brought}: at that rate the ceiling is met in 1 day.`, nothing]],
  ['never', { daysLeft: null }, [taken, `${brought}: at that rate the ceiling is not met within a year.`, nothing]],
  [
    'it is met',
    { daysLeft: 0, lastDrop },
    [
      taken,
      'The ceiling is met: the oldest days are dropped before their time.',
      'Logs of Oct 30, 2026 were dropped 3 days ago to keep the ceiling.',
    ],
  ],
  [
    'the first day',
    { kinds: young, daysLeft: null },
    [taken, 'How fast it grows is known after the first whole day.', nothing],
  ],
  [
    'no ceiling',
    { ceiling: null, daysLeft: null },
    ['The data takes 3 GiB. No ceiling is set: it goes by its age alone.', `${brought}.`],
  ],
  ['not measured', { measured: null }, ['The disk has not been measured yet.']],
])('the disk in sentences: %s', (_, changes, sentences) => {
  expect(diskSentences({ ...disk, ...changes }, now)).toEqual(sentences);
});
