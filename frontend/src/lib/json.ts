/**
 * Readers for values that came from outside and may be anything. Event data is written by strangers: nothing here
 * throws, and what does not fit is simply absent.
 */
export type Json = Record<string, unknown>;

export const asRecord = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Text that says something: numbers and booleans become text, empty text is absent. */
export const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

export const asNumber = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

/** True for null, "", [] and {}: nothing that would be worth a line. */
export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const MAX_DEPTH = 6;

/** Writes a value until the room is used up, so that a huge one costs no more than a small one. */
const write = (value: unknown, depth: number, room: { left: number }): string => {
  const keep = (text: string): string => {
    room.left -= text.length;
    return text;
  };
  if (typeof value === 'string') return keep(depth === 0 ? value : JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return keep(String(value));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const entries = Object.entries(value);
  if (entries.length === 0) return keep(Array.isArray(value) ? '[]' : '{}');
  if (depth >= MAX_DEPTH) return keep(`${open}…${close}`);
  const parts: string[] = [];
  for (const [name, item] of entries) {
    if (room.left <= 0) {
      parts.push('…');
      break;
    }
    parts.push((Array.isArray(value) ? '' : keep(`${name}: `)) + write(item, depth + 1, room));
  }
  return open + parts.join(', ') + close;
};

/** A value on one line, as one would write it: strings bare at the top, quoted inside. What is too long ends in "…". */
export const inline = (value: unknown, limit = 4000): string => {
  const text = write(value, 0, { left: limit });
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
};
