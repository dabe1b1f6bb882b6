import { expect, test } from 'vitest';
import type { Issue, Member } from '@/api/types.ts';
import { changed, groupInverse, inverse, reinserted, staysIn } from './effects.ts';

const issue = (more: Partial<Issue> = {}): Issue => ({
  id: '1',
  shortId: 'WEB-1',
  title: 'TypeError: x',
  culprit: null,
  level: 'error',
  status: 'unresolved',
  substatus: 'new',
  type: 'error',
  platform: null,
  project: { id: '1', slug: 'web', name: 'web' },
  metadata: {},
  count: '3',
  userCount: 1,
  firstSeen: '',
  lastSeen: '',
  assignedTo: null,
  hasSeen: false,
  isBookmarked: false,
  isSubscribed: false,
  numComments: 0,
  ...more,
});
const mira = { id: '7', name: 'Mira', username: 'mira', email: 'mira@a.example' };
const members: Member[] = [{ id: '1', email: mira.email, name: mira.name, user: mira }];

test('a resolved issue leaves the unresolved ones and stays where the query says nothing of it', () => {
  const resolved = changed(issue(), { status: 'resolved' }, members);
  expect(resolved).toMatchObject({ status: 'resolved', substatus: null });
  expect(staysIn(resolved, 'is:unresolved level:error')).toBe(false);
  expect(staysIn(resolved, '!is:resolved')).toBe(false);
  expect(staysIn(resolved, 'level:error')).toBe(true);
});

test('an assignee is shown by name at once, and nobody is null', () => {
  expect(changed(issue(), { assignedTo: 'user:7' }, members).assignedTo).toMatchObject({ id: '7', name: 'Mira' });
  expect(
    changed(issue({ assignedTo: { type: 'user', id: '7', name: 'Mira' } }), { assignedTo: '' }, members).assignedTo,
  ).toBeNull();
});

test('the way back restores what was changed and touches nothing else', () => {
  const archived = issue({ status: 'ignored', substatus: 'archived_forever', statusDetails: { ignoreCount: 5 } });
  expect(inverse(archived, { status: 'unresolved' })).toEqual({
    status: 'ignored',
    substatus: 'archived_forever',
    statusDetails: { ignoreCount: 5 },
  });
  expect(inverse(issue(), { isBookmarked: true })).toEqual({ isBookmarked: false });
  expect(inverse(issue(), { assignedTo: 'user:7' })).toEqual({ assignedTo: '' });
});

test('issues with the same past go back in one request', () => {
  const issues = [issue({ id: '1' }), issue({ id: '2' }), issue({ id: '3', substatus: 'regressed' })];
  expect(groupInverse(issues, { status: 'resolved' })).toEqual([
    { ids: ['1', '2'], change: { status: 'unresolved', substatus: 'new' } },
    { ids: ['3'], change: { status: 'unresolved', substatus: 'regressed' } },
  ]);
});

test('undone rows return to their places and later changes of others stay', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => issue({ id })) as [Issue, Issue, Issue, Issue];
  const seen = { ...d, hasSeen: true };
  const order = (rows: Issue[]) => rows.map(({ id }) => id).join('');
  expect(order(reinserted([c, seen], [a, b, c, d], new Set(['a'])))).toBe('acd');
  expect(order(reinserted([a, d], [a, b, c, d], new Set(['b', 'c'])))).toBe('abcd');
  expect(reinserted([c, seen], [a, b, c, d], new Set(['b']))[2]).toBe(seen);
  expect(reinserted([{ ...a, isBookmarked: true }], [a], new Set(['a']))[0]).toBe(a);
});
