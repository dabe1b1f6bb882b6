export type Page<T> = {
  rows: T[];
  /** How many match in all, where the server counted. */
  hits: number | undefined;
  /** There are more than `hits`: the server stopped counting. */
  uncounted: boolean;
  next: string | undefined;
  previous: string | undefined;
};

type Links = Partial<Record<'next' | 'previous', string>>;
const link = /<[^>]*>((?:\s*;\s*\w+="[^"]*")+)/g;
const attribute = /(\w+)="([^"]*)"/g;

/** Reads Sentry's Link header: a neighbour counts only when it says `results="true"`. */
export const readLinks = (header: string | null): Links => {
  const links: Links = {};
  for (const [, attributes] of (header ?? '').matchAll(link)) {
    const found = new Map([...(attributes ?? '').matchAll(attribute)].map(([, key, value]) => [key, value]));
    const rel = found.get('rel');
    if (found.get('results') === 'true' && (rel === 'next' || rel === 'previous'))
      links[rel] = found.get('cursor') ?? '';
  }
  return links;
};

const count = (header: string | null): number | undefined => (header === null ? undefined : Number(header));

export const toPage = <T>(rows: T[], headers: Headers): Page<T> => ({
  rows,
  hits: count(headers.get('X-Hits')),
  uncounted: headers.has('X-Max-Hits') && headers.get('X-Hits') === headers.get('X-Max-Hits'),
  next: undefined,
  previous: undefined,
  ...readLinks(headers.get('Link')),
});
