const plainKey = /^[A-Za-z0-9_.-]+$/;

/** Words the search language takes for itself: a tag of that name is asked for in brackets. */
const fields = new Set([
  'is',
  'has',
  'id',
  'issue',
  'age',
  'assigned',
  'bookmarks',
  'message',
  'title',
  'timestamp',
  'date',
]);

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A value meant as it stands: spaces and brackets need quotes, a star would be a wildcard. */
const literal = (value: string): string => {
  const escaped = value.replaceAll('*', '\\*');
  return /^[^\s()"[\],\\]+$/.test(value) ? escaped : quoted(value).replaceAll('*', '\\*');
};

/** The search term that finds everything with this tag. */
export const tagFilter = (key: string, value: string): string => {
  const name = !plainKey.test(key) ? quoted(key) : fields.has(key) ? `tags[${key}]` : key;
  return `${name}:${value === '' ? '""' : literal(value)}`;
};
