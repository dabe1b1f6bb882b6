const LONGEST = 50;

/** The short name a name suggests: "Shop — API v2" → "shop-api-v2". Never all digits, which would read as an id. */
export const slugOf = (name: string): string => {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return /^\d+$/.test(slug) ? `project-${slug}` : slug;
};
