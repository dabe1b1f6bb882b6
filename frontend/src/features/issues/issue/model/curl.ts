import { bodyText, fullUrl, type HttpRequest } from './request.ts';

/** Quotes for a POSIX shell: nothing inside single quotes is special but the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A line break would end a header early, whatever the quotes. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

/** What curl works out by itself, or would only get wrong. */
const own = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'cookie', 'accept-encoding']);

const headerOptions = (request: HttpRequest): string[] =>
  request.headers
    .filter(([name]) => !own.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${quote(`${oneLine(name)}: ${oneLine(value)}`)}`);

const cookieOption = (request: HttpRequest): string[] => {
  const sent = request.headers.find(([name]) => name.toLowerCase() === 'cookie')?.[1];
  const text = request.cookies.map(([name, value]) => `${name}=${value}`).join('; ') || sent;
  return text ? [`-b ${quote(oneLine(text))}`] : [];
};

const methodOption = (method: string, hasBody: boolean): string[] => {
  if (method === 'HEAD') return ['--head'];
  return method === (hasBody ? 'POST' : 'GET') ? [] : [`-X ${quote(method)}`];
};

/** The request as a command that can be pasted into a shell. Event data cannot leave its quotes. */
export const curlCommand = (request: HttpRequest): string => {
  const body = bodyText(request);
  const compressed = request.headers.some(([name]) => name.toLowerCase() === 'accept-encoding');
  const options = [
    ...methodOption(request.method.toUpperCase(), body !== undefined),
    ...headerOptions(request),
    ...cookieOption(request),
    ...(compressed ? ['--compressed'] : []),
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
    `--url ${quote(oneLine(fullUrl(request)))}`,
  ];
  return ['curl', ...options].join(' \\\n  ');
};
