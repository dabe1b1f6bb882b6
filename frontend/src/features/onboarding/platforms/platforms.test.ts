import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readDsn } from '../dsn.ts';
import { findPlatforms, platformOf, platforms } from './all.ts';

const text = 'http://9a1b2c3d4e5f60718293a4b5c6d7e8f9@vedette.test:8900/7';
const dsn = readDsn(text);
if (!dsn) throw new Error('no DSN');

test('a DSN is taken apart, with and without a path before the project', () => {
  expect(dsn).toEqual({
    text,
    key: '9a1b2c3d4e5f60718293a4b5c6d7e8f9',
    project: '7',
    origin: 'http://vedette.test:8900',
  });
  expect(readDsn('https://k@x.test/errors/12')?.origin).toBe('https://x.test/errors');
  expect([readDsn('nonsense'), readDsn('https://x.test/1'), readDsn('https://k@x.test/')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each(platforms.map((platform) => [platform.id, platform] as const))('%s has a complete guide', (_, platform) => {
  const configure = platform.configure(dsn);
  const verify = platform.verify(dsn);
  const all = `${configure?.code ?? ''}${verify.code}`;
  expect(all).toContain(platform.id === 'other' ? dsn.key : text);
  expect(verify.code.length).toBeGreaterThan(10);
  expect(platform.install.length > 0 || platform.id === 'other').toBe(true);
});

test('ids are unique and can be found by what people call them', () => {
  expect(new Set(platforms.map(({ id }) => id)).size).toBe(platforms.length);
  expect(findPlatforms('c#').map(({ id }) => id)).toEqual(['dotnet', 'dotnet-aspnetcore']);
  expect(findPlatforms('python web').map(({ id }) => id)).toEqual(['python-django', 'python-flask', 'python-fastapi']);
  expect(findPlatforms('cobol')).toEqual([]);
  expect(findPlatforms(' ')).toHaveLength(platforms.length);
  expect(platformOf('go')?.name).toBe('Go');
});

test('the shell sends what curl is given: an address and an event in JSON', () => {
  const code = platformOf('other')?.verify(dsn).code ?? '';
  const printed = execFileSync('sh', ['-c', code.replace(/^curl/, "printf '%s\\0'")], { encoding: 'utf8' }).split('\0');
  expect(printed[0]).toBe(`http://vedette.test:8900/api/7/store/?sentry_version=7&sentry_key=${dsn.key}`);
  expect(JSON.parse(printed.at(-2) ?? '')).toMatchObject({ level: 'error' });
});

test('the snippets for scripts are valid in their languages', () => {
  const parse = (platform: string, command: string, ...options: string[]) => {
    const { configure, verify } = platformOf(platform) ?? {};
    for (const code of [configure?.(dsn)?.code, verify?.(dsn).code]) {
      if (code) execFileSync(command, options, { input: code, encoding: 'utf8', stdio: ['pipe', 'ignore', 'pipe'] });
    }
  };
  const python = ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'];
  for (const id of ['python', 'python-django', 'python-flask', 'python-fastapi']) parse(id, 'python3', ...python);
  for (const id of ['javascript', 'node', 'javascript-vue', 'node-express']) {
    parse(id, process.execPath, '--input-type=module', '--check', '-');
  }
});
