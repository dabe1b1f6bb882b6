import { type Query, queryString } from '@/lib/url.ts';
import { isPassing, outage } from './outage.ts';
import { malformedProblem, offlineProblem, type Problem, problemOf } from './problem.ts';
import { session, untilSignedIn } from './session.ts';

export type Request = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** False: a 401 is an answer like others. Else it opens the sign-in and the request is repeated afterwards. */
  signIn?: boolean;
};

/** A successful answer with the headers that lists need. */
export type Reply<T> = { data: T; status: number; headers: Headers };

const csrfCookie = /(?:^|; )(?:__Host-)?csrf=([^;]+)/;
const csrfToken = (): string => decodeURIComponent(csrfCookie.exec(document.cookie)?.[1] ?? '');

const init = ({ method = 'GET', body, signal, headers }: Request): RequestInit => ({
  method,
  credentials: 'same-origin',
  headers: {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(method === 'GET' ? {} : { 'X-CSRFToken': csrfToken() }),
    ...headers,
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  ...(signal ? { signal } : {}),
});

/** Tells the page that the server is away, then fails. */
const failed = (problem: Problem): Problem => {
  if (isPassing(problem)) outage.set(problem);
  return problem;
};

const reach = async (path: string, request: Request): Promise<Response> => {
  try {
    return await fetch(path + queryString(request.query ?? {}), init(request));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw failed(offlineProblem());
  }
};

const readData = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw malformedProblem(response.status);
  }
};

/** Sends one request to our own origin. Resolves for 2xx and 304, throws a `Problem` otherwise. */
export const send = async <T>(path: string, request: Request = {}): Promise<Reply<T>> => {
  const response = await reach(path, request);
  if (response.status === 401 && request.signIn !== false) {
    await untilSignedIn();
    return send(path, request);
  }
  if (!response.ok && response.status !== 304) throw failed(await problemOf(response));
  outage.set(undefined);
  if (request.signIn !== false && session.get() === 'unknown') session.set('signed-in');
  return { data: (await readData(response)) as T, status: response.status, headers: response.headers };
};

export const get = async <T>(path: string, request: Omit<Request, 'method' | 'body'> = {}): Promise<T> =>
  (await send<T>(path, request)).data;
