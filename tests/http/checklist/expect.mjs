// What entries of the checklist say of a stored event: a pattern of the members that matter.
import assert from 'node:assert/strict';

/** In a pattern: the member is null or not there. */
export const GONE = Symbol('gone');

/**
 * Asserts that a value has what the pattern names.  Objects may have more members, lists must be as long; a function
 * gets the value and asserts by itself.
 */
export function like(actual, pattern, path = 'it') {
  if (typeof pattern === 'function') return pattern(actual, path);
  if (pattern === GONE) return assert.ok(actual === undefined || actual === null, `${path} is ${JSON.stringify(actual)}`);
  if (pattern === null || typeof pattern !== 'object')
    return assert.deepEqual(actual, pattern, `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(pattern)}`);
  assert.ok(actual !== null && typeof actual === 'object', `${path} is ${JSON.stringify(actual)}`);
  if (Array.isArray(pattern)) assert.equal(actual.length, pattern.length, `${path} is ${JSON.stringify(actual)}`);
  for (const key of Object.keys(pattern)) like(actual[key], pattern[key], `${path}.${key}`);
}

/** A list in which one value is like the part. */
export const has = (part) => (list, path) => {
  const fits = (value) => {
    try {
      like(value, part);
      return true;
    } catch {
      return false;
    }
  };
  assert.ok(Array.isArray(list) && list.some(fits), `${path} has no ${JSON.stringify(part)}: ${JSON.stringify(list)}`);
};

/** A list in which no value is like the part. */
export const lacks = (part) => (list, path) => assert.throws(() => has(part)(list, path), `${path} has ${JSON.stringify(part)}`);

/** An error of the kind at the path in the event's `errors`. */
export const fault = (type, name, rest = {}) => has({ type, name, ...rest });

/** Pairs, compared as an object: of equal keys the first. */
export const pairs = (pattern) => (list, path) => {
  assert.ok(Array.isArray(list), `${path} is ${JSON.stringify(list)}`);
  like(Object.fromEntries([...list].reverse()), pattern, path);
};

/** In a pattern: whatever it is. */
export const ANY = () => {};

export const matches = (expression) => (text, path) => assert.match(String(text), expression, path);

export const near =
  (number, distance = 0.002) =>
  (actual, path) =>
    assert.ok(Math.abs(actual - number) <= distance, `${path} is ${actual}, not near ${number}`);

export const both =
  (...patterns) =>
  (value, path) => {
    for (const pattern of patterns) like(value, pattern, path);
  };

/** An entry whose events, sent one by one, are stored like their patterns: [event, pattern, how it is sent]. */
export const events = (id, words, ...cases) => [
  id,
  words,
  (c) => Promise.all(cases.map(async ([event, pattern, how]) => like(await c.normalized(event, how), pattern, JSON.stringify(event).slice(0, 80)))),
];
