/** Where to go after signing in: a path of this site only, never another origin. */
export const localPath = (candidate: string | undefined, fallback = '/'): string => {
  if (!candidate?.startsWith('/') || /^\/[/\\]/.test(candidate)) return fallback;
  const resolved = new URL(candidate, 'http://same.invalid');
  // Dots that fall away may leave two slashes in front, which begin another host.
  const isLocal = resolved.host === 'same.invalid' && !resolved.pathname.startsWith('//');
  return isLocal ? resolved.pathname + resolved.search + resolved.hash : fallback;
};

const allowedProtocols = new Set(['http:', 'https:', 'mailto:']);

/** A link found in event data, if it is one that may be opened; its host is shown beside it. */
export const externalLink = (text: string): { href: string; host: string } | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return allowedProtocols.has(url.protocol) ? { href: url.href, host: url.host || url.pathname } : undefined;
};

type QueryValue = string | number | boolean | undefined | null;
export type Query = Record<string, QueryValue | readonly QueryValue[]>;

/** Writes a query string in Sentry's form: plain values, lists as repeated keys, absent values left out, empty ones kept. */
export const queryString = (query: Query): string => {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) params.append(key, String(item));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
};

/** Fills `{name}` places of a path template, each percent-encoded. */
export const fillPath = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
