import { expect, test } from 'vitest';
import type { Issue } from '@/api/types.ts';
import { archives, archiveUntil, foreseen, restoring } from './change.ts';

test('a change is shown as the server will answer it', () => {
  expect(foreseen({ status: 'resolved' })).toEqual({ status: 'resolved', substatus: null, statusDetails: {} });
  expect(foreseen({ status: 'unresolved' })).toMatchObject({ status: 'unresolved', substatus: 'ongoing' });
  expect(foreseen(archives.day)).toMatchObject({ status: 'ignored', statusDetails: { ignoreDuration: 1440 } });
  expect(foreseen({ isBookmarked: true })).toEqual({ isBookmarked: true });
  expect(foreseen({ assignedTo: 'user:1' })).toEqual({});
  expect(foreseen({ assignedTo: '' }, null)).toEqual({ assignedTo: null });
});

test('undo puts back the very state there was', () => {
  const state = (status: Issue['status'], substatus: Issue['substatus'], statusDetails = {}) =>
    restoring({ status, substatus, statusDetails } as Issue);
  expect(state('unresolved', 'regressed')).toEqual({ status: 'unresolved', substatus: 'regressed' });
  expect(state('resolved', null)).toEqual({ status: 'resolved' });
  expect(state('ignored', 'archived_until_condition_met', { ignoreCount: 5 })).toEqual({
    status: 'ignored',
    substatus: 'archived_until_condition_met',
    statusDetails: { ignoreCount: 5 },
  });
});

test('archiving until something takes sensible figures only', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  expect(archiveUntil('date', '2026-11-20T11:30:00Z', now)?.statusDetails).toEqual({ ignoreDuration: 90 });
  expect(archiveUntil('date', '2026-11-20T09:00:00Z', now)).toBeUndefined();
  expect(archiveUntil('events', '100')?.statusDetails).toEqual({ ignoreCount: 100 });
  expect(archiveUntil('users', '3')?.statusDetails).toEqual({ ignoreUserCount: 3 });
  expect([archiveUntil('events', '0'), archiveUntil('events', '1.5'), archiveUntil('users', 'x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
