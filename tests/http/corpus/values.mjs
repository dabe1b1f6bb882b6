// Values of items as the protocol reads them (ingest.md §3): what an item must be stored with, undefined where the
// protocol leaves it open.  Times are microseconds since 1970.
const DAY = 86400e6;
const MINUTE = 60e6;
/** Senders' clocks are corrected when they are off by as much. */
const DRIFT_LEAST = 55 * MINUTE;
export const RETENTION = 90 * DAY;
export const TRACE_AGE_MOST = 5 * DAY;
export const FUTURE_MOST = MINUTE;

/** What stands where personal data was. */
export const FILTERED = '[Filtered]';

/** A JSON payload; undefined when it is none. */
export function parsed(payload) {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const plain = (id) => id?.replaceAll('-', '').toLowerCase();
const isId = (digits) => (text) => typeof text === 'string' && new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(text) && !/^0+$/.test(text);
export const traceId = (text) => (isId(32)(plain(text)) ? plain(text) : null);
export const spanId = (text) => (isId(16)(text) ? text.toLowerCase() : null);

/** Seconds since 1970, or ISO 8601 where UTC is meant when nothing is said. */
export function moment(value) {
  if (typeof value === 'number') return Math.round(value * 1e6);
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(value ?? '');
  if (!match) return /^\d+(\.\d+)?$/.test(value ?? '') ? Math.round(Number(value) * 1e6) : undefined;
  return Date.parse(`${match[1]}T${match[2]}${match[4] ?? 'Z'}`) * 1e3 + Math.round(Number(match[3] ?? 0) * 1e6);
}

/** What must be added to the times of an item that the server has received then. */
export function drift({ sentAt }, received) {
  const by = sentAt ? received - moment(sentAt) : 0;
  return Math.abs(by) < DRIFT_LEAST ? 0 : by;
}

/** The time of an event in its stored row: corrected, and now where it cannot be. */
export const eventTime = (submission, value) => (row) => {
  const corrected = moment(value) + drift(submission, row.received);
  const isBelieved = corrected >= row.received - RETENTION && corrected <= row.received + FUTURE_MOST;
  return isBelieved ? corrected : row.received;
};

const FORBIDDEN = /[\x00-\x1f\x7f/\\]/;
const named = (value, most, reserved) => {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const isFine = text && [...text].length <= most && !FORBIDDEN.test(text) && !reserved.includes(text.toLowerCase());
  return isFine ? text : null;
};
export const release = (value) => named(value, 200, ['.', '..', 'latest']);
export const environment = (value) => named(value, 64, ['.', '..', 'none']);
export const dist = (value) => (/^[\w.-]{1,64}$/.test(value ?? '') ? value : null);

const PLATFORMS = 'as3 c cfml cocoa csharp elixir go groovy haskell java javascript native node objc other perl php python ruby'.split(' ');
export const platform = (value) => (PLATFORMS.includes(value) ? value : 'other');

const LEVELS = { debug: 'debug', info: 'info', log: 'info', warning: 'warning', error: 'error', fatal: 'fatal', critical: 'fatal' };
const PYTHON_LEVELS = { 10: 'debug', 20: 'info', 30: 'warning', 40: 'error', 50: 'fatal' };
export const level = (value, otherwise = 'error') => LEVELS[value] ?? PYTHON_LEVELS[value] ?? otherwise;

export const cut = (text, most) => [...text].slice(0, most).join('');

/** What a title shows of a text. */
export function firstLine(text) {
  const line = [...text.trim().split('\n')[0].trim()];
  return line.length > 100 ? `${line.slice(0, 97).join('')}...` : line.join('');
}

/** [key, value] pairs. */
const tagsOf = (event) => (Array.isArray(event.tags) ? event.tags : Object.entries(event.tags ?? {}));
export const tagOf = (event, key) => tagsOf(event).find((pair) => pair?.[0] === key)?.[1];

/** Tags that mean something else to the server. */
const TAKEN = ['environment', 'release', 'dist', 'user', 'filename', 'function'];
const isTag = (key, value) => /^[\w.:-]{1,200}$/.test(key) && !TAKEN.includes(key) && /^.{1,200}$/u.test(value) && value === value.trim();

/** All that an event's stored tags must hold: what was sent, but for personal data, and what the server adds. */
export const storedTags = (event) => (row) => {
  const sent = tagsOf(event)
    .filter((pair) => pair?.[0] && ['string', 'number'].includes(typeof pair[1]))
    .map(([key, value]) => [key.trim().replaceAll(' ', '-'), typeof value === 'number' ? String(Math.trunc(value)) : value])
    .filter(([key, value]) => isTag(key, value) && !row.tags[key]?.includes(FILTERED));
  return { ...row.tags, ...Object.fromEntries(sent.reverse()) };
};
