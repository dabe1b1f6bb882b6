import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlCommand } from './curl.ts';
import { fullUrl, type HttpRequest, readRequest } from './request.ts';

const read = (data: Record<string, unknown>): HttpRequest => {
  const request = readRequest({ data, meta: undefined });
  if (!request) throw new Error('no request');
  return request;
};

/** What a shell makes of the command: the arguments curl would get. */
const argumentsOf = (command: string): string[] =>
  execFileSync('sh', ['-c', command.replace(/^curl/, "printf '%s\\0'")], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

test('leaves out what curl does by itself', () => {
  const request = read({
    method: 'POST',
    url: 'https://shop.test/carts?old=1',
    query: [['id', 'a b']],
    headers: [
      ['Host', 'shop.test'],
      ['Content-Length', '9'],
      ['Content-Type', 'application/json'],
      ['Accept-Encoding', 'gzip'],
    ],
    cookies: [['sid', '[Filtered]']],
    data: { a: 1 },
  });
  expect(argumentsOf(curlCommand(request))).toEqual([
    '-H',
    'Content-Type: application/json',
    '-b',
    'sid=[Filtered]',
    '--compressed',
    '--data-raw',
    '{"a":1}',
    '--url',
    'https://shop.test/carts?id=a%20b',
  ]);
});

test('event data cannot leave its quotes', () => {
  const nasty = `'; touch /tmp/owned; $(id) \`id\` "\\`;
  const request = read({
    method: "GET' -o x",
    url: `https://x.test/${nasty}`,
    headers: [[`X${nasty}`, `a\r\nEvil: 1`]],
    data: nasty,
  });
  const given = argumentsOf(curlCommand(request));
  expect(given).toContain(nasty);
  expect(given).toContain(`X${nasty}: a Evil: 1`);
  expect(given).toContain("GET' -O X");
});

test('a form is sent as a form', () => {
  const request = read({
    method: 'PUT',
    url: '/x',
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    data: { a: '1 2', b: '' },
  });
  expect(argumentsOf(curlCommand(request))).toContain('a=1+2&b=');
  expect(argumentsOf(curlCommand(request)).slice(0, 2)).toEqual(['-X', 'PUT']);
});

test('a query in the address is used where none is listed', () => {
  expect(fullUrl(read({ url: 'https://x.test/a?b=1#c' }))).toBe('https://x.test/a?b=1');
  expect(read({ url: 'https://x.test/a', query: 'b=1&b=2' }).query).toEqual([
    ['b', '1'],
    ['b', '2'],
  ]);
  expect(readRequest({ data: {}, meta: undefined })).toBeUndefined();
});
