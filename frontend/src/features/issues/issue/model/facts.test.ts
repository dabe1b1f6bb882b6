import { expect, test } from 'vitest';
import { concentrationOf, factsOf, type TagSummary } from './facts.ts';

const tag = (key: string, ...values: [value: string, count: number][]): TagSummary => ({
  key,
  totalValues: values.reduce((sum, [, count]) => sum + count, 0),
  uniqueValues: values.length,
  topValues: values.map(([value, count]) => ({ value, name: value, count })),
});

test('names the place where most events are, if there are others to compare with', () => {
  const tags = [tag('os', ['macOS', 100]), tag('browser', ['Safari 18', 91], ['Chrome 131', 9])];
  expect(concentrationOf(tags, 100)).toEqual({ key: 'browser', value: 'Safari 18', share: 0.91 });
});

test('a tag on few of the events is measured against all of them', () => {
  expect(concentrationOf([tag('browser', ['Safari 18', 9], ['Chrome', 1])], 1000)).toBeUndefined();
});

test('says nothing about a handful of events, or about the environment everybody has', () => {
  expect(concentrationOf([tag('browser', ['Safari 18', 2])], 2)).toBeUndefined();
  expect(concentrationOf([tag('environment', ['production', 50]), tag('server_name', ['vm', 50])], 50)).toBeUndefined();
  expect(concentrationOf([tag('browser', ['Safari 18', 50])], 50)?.share).toBe(1);
});

test('tells how long after a deploy it began, and is silent when it began before', () => {
  const base = { count: 1, userCount: 0, tags: [], firstSeen: '2026-11-20T10:04:00Z' };
  const release = (dateReleased: string | null) => ({ version: 'web@2.14.0', shortVersion: '2.14.0', dateReleased });
  expect(factsOf({ ...base, firstRelease: release('2026-11-20T10:00:00Z') })).toMatchObject({
    release: '2.14.0',
    afterDeploy: 240,
  });
  expect(factsOf({ ...base, firstRelease: release('2026-11-20T11:00:00Z') }).afterDeploy).toBeUndefined();
  expect(factsOf({ ...base, firstRelease: release(null) }).afterDeploy).toBeUndefined();
  expect(factsOf({ ...base, firstRelease: null }).release).toBeUndefined();
});
