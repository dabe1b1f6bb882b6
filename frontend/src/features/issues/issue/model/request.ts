import { asRecord, asText, isEmpty } from '@/lib/json.ts';
import { type Entry, readPairs } from './event.ts';

type Pair = [name: string, value: string];

/** The HTTP request during which the event happened. */
export type HttpRequest = {
  method: string;
  /** Without query and fragment. */
  url: string;
  query: Pair[];
  fragment: string | undefined;
  headers: Pair[];
  cookies: Pair[];
  body: unknown;
  contentType: string | undefined;
  env: Pair[];
  meta: unknown;
};

const readQuery = (value: unknown): Pair[] =>
  typeof value === 'string' ? [...new URLSearchParams(value)] : readPairs(value);

const cut = (url: string): string => url.replace(/[?#].*$/, '');

export const readRequest = (entry: Entry | undefined): HttpRequest | undefined => {
  if (!entry || isEmpty(entry.data)) return undefined;
  const { data } = entry;
  const url = asText(data.url) ?? '';
  const own = readQuery(data.query);
  const inUrl = /\?([^#]*)/.exec(url)?.[1];
  const headers = readPairs(data.headers);
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return {
    method: asText(data.method) ?? 'GET',
    url: cut(url),
    query: own.length > 0 || !inUrl ? own : [...new URLSearchParams(inUrl)],
    fragment: asText(data.fragment),
    headers,
    cookies: readPairs(data.cookies),
    body: isEmpty(data.data) ? undefined : data.data,
    contentType: contentType ?? asText(data.inferredContentType),
    env: readPairs(data.env),
    meta: entry.meta,
  };
};

/** The address with its query, as one would type it. */
export const fullUrl = ({ url, query, fragment }: HttpRequest): string => {
  const text = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return `${url}${text && `?${text}`}${fragment ? `#${fragment}` : ''}`;
};

/** The last part of the path, for a heading: "GET /carts/7". */
export const pathOf = (url: string): string => {
  if (!URL.canParse(url)) return url;
  return new URL(url).pathname;
};

export const isForm = (request: HttpRequest): boolean =>
  request.contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;

/** The body as it went over the wire, as far as it is known. */
export const bodyText = (request: HttpRequest): string | undefined => {
  const { body } = request;
  if (body === undefined) return undefined;
  if (typeof body === 'string') return body;
  const record = asRecord(body);
  if (record && isForm(request)) {
    return new URLSearchParams(Object.entries(record).map(([name, value]) => [name, asText(value) ?? ''])).toString();
  }
  return JSON.stringify(body);
};
