import { expect, test } from 'vitest';
import { levelsOf, scopesOf } from './scopes.ts';

test('a level brings the lower ones with it, and the way back is the same', () => {
  const chosen = { org: 'read', project: 'admin', event: 'write', 'project:releases': 'allow', 'org:ci': 'none' };
  const scopes = scopesOf(chosen);
  expect(scopes).toEqual([
    'org:read',
    'project:read',
    'project:write',
    'project:admin',
    'event:read',
    'event:write',
    'project:releases',
  ]);
  expect(levelsOf(scopes)).toMatchObject({ ...chosen, team: 'none' });
  expect(scopesOf({ team: 'nonsense' })).toEqual([]);
});
