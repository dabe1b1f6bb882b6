import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { get, send } from './client.ts';
import { outage } from './outage.ts';
import { readLinks } from './page.ts';
import { Problem } from './problem.ts';
import { session, signedIn } from './session.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers });

const fetchMock = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();

beforeEach(() => {
  vi.stubGlobal('fetch', fetchMock);
  vi.stubGlobal('document', { cookie: 'a=b; __Host-csrf=to%20ken' });
});
afterEach(() => {
  fetchMock.mockReset();
  vi.unstubAllGlobals();
});

test('unsafe methods carry the token of the cookie, safe ones do not', async () => {
  fetchMock.mockImplementation(async () => answer(200, {}));
  await send('/api/0/x/', { method: 'PUT', body: { a: 1 } });
  await send('/api/0/x/', { query: { project: ['1', '2'] } });
  const [put, read] = fetchMock.mock.calls;
  expect(put?.[1].headers).toMatchObject({ 'X-CSRFToken': 'to ken', 'Content-Type': 'application/json' });
  expect(read?.[0]).toBe('/api/0/x/?project=1&project=2');
  expect(read?.[1].headers).not.toHaveProperty('X-CSRFToken');
});

test('an expired session waits for the sign-in and repeats the request', async () => {
  signedIn();
  fetchMock.mockImplementationOnce(async () => answer(401, { detail: 'no' }));
  fetchMock.mockImplementationOnce(async () => answer(200, { id: '1' }));
  const pending = get('/api/0/x/');
  await vi.waitFor(() => expect(session.get()).toBe('expired'));
  signedIn();
  expect(await pending).toEqual({ id: '1' });
});

test('a refusal becomes a Problem with its fields and its wait', async () => {
  fetchMock.mockImplementationOnce(async () => answer(400, { slug: ['Taken.'] }));
  await expect(get('/api/0/x/')).rejects.toMatchObject({
    status: 400,
    message: 'Taken.',
    fields: { slug: ['Taken.'] },
  });
  fetchMock.mockImplementationOnce(async () => answer(429, { detail: 'Slow down.' }, { 'Retry-After': '7' }));
  await expect(get('/api/0/x/')).rejects.toMatchObject({ status: 429, message: 'Slow down.', retryAfter: 7 });
});

test('an unreachable server and a page that is not JSON are Problems too', async () => {
  fetchMock.mockImplementationOnce(async () => {
    throw new TypeError('Failed to fetch');
  });
  await expect(get('/api/0/x/')).rejects.toBeInstanceOf(Problem);
  fetchMock.mockImplementationOnce(async () => new Response('<html>', { status: 200 }));
  await expect(get('/api/0/x/')).rejects.toMatchObject({ status: 200 });
});

test('an empty answer is no data', async () => {
  fetchMock.mockImplementationOnce(async () => answer(204, undefined));
  expect(await get('/api/0/x/')).toBeUndefined();
});

test('the Link header names only neighbours that exist', () => {
  const header =
    '<http://h/api/0/x/?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", ' +
    '<http://h/api/0/x/?query=a%2Cb&cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"';
  expect(readLinks(header)).toEqual({ next: '0:100:0' });
  expect(readLinks(null)).toEqual({});
});

test('the page is told while the server is away, and when it is back', async () => {
  fetchMock.mockImplementationOnce(async () =>
    answer(503, { detail: 'The database is not reachable.' }, { 'Retry-After': '5' }),
  );
  await expect(get('/api/0/x/')).rejects.toMatchObject({ status: 503 });
  expect(outage.get()?.message).toBe('The database is not reachable.');
  fetchMock.mockImplementationOnce(async () => answer(200, {}));
  await get('/api/0/x/');
  expect(outage.get()).toBeUndefined();
});
