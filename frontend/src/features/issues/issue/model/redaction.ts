import { asList, asNumber, asRecord, asText } from '@/lib/json.ts';

/** What the server did to a value before it was stored. */
export type Remark = {
  kind: 'removed' | 'substituted' | 'masked' | 'pseudonymised' | 'shortened' | 'annotated';
  rule: string;
  /** The part of the text that stands for what was there; absent when it is all of it. */
  range: [from: number, to: number] | undefined;
};

export type Redaction = { remarks: Remark[]; errors: string[]; originalLength: number | undefined };

const kinds: Record<string, Remark['kind']> = {
  x: 'removed',
  s: 'substituted',
  m: 'masked',
  p: 'pseudonymised',
  a: 'annotated',
};

/** Follows a path through the tree of remarks, which mirrors the tree of values; list places are text keys. */
export const metaAt = (meta: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((node, step) => asRecord(node)?.[String(step)], meta);

const readRemark = (value: unknown): Remark | undefined => {
  const [rule, kind, from, to] = asList(value);
  const name = asText(rule);
  if (name === undefined) return undefined;
  const [start, end] = [asNumber(from), asNumber(to)];
  return {
    kind: name === '!limit' ? 'shortened' : (kinds[String(kind)] ?? 'annotated'),
    rule: name,
    range: start === undefined || end === undefined ? undefined : [start, end],
  };
};

/** The remarks on one value, if there are any. */
export const redactionOf = (meta: unknown): Redaction | undefined => {
  const own = asRecord(asRecord(meta)?.['']);
  if (!own) return undefined;
  const remarks = asList(own.rem).flatMap((item) => readRemark(item) ?? []);
  const errors = asList(own.err).flatMap((item) => asText(Array.isArray(item) ? item[0] : item) ?? []);
  return remarks.length > 0 || errors.length > 0 ? { remarks, errors, originalLength: asNumber(own.len) } : undefined;
};

const placeholder = /^(\[(Filtered|ip|email|imei|mac|uuid|iban|creditcard|pemkey|auth|user|usssn)\]|\*{4,})$/;

/** A value that scrubbing left behind, recognised by its look where no remark came along. */
export const looksRedacted = (text: string): boolean => placeholder.test(text);

export type Stretch = { text: string; remark: Remark | undefined };

/** Cuts a text where redaction begins and ends, so that exactly the replaced part can be marked. */
export const stretches = (text: string, redaction: Redaction | undefined): Stretch[] => {
  const characters = [...text];
  const marked = (redaction?.remarks ?? [])
    .flatMap((remark) => (remark.range ? [{ remark, from: remark.range[0], to: remark.range[1] }] : []))
    .sort((a, b) => a.from - b.from);
  const pieces: Stretch[] = [];
  let at = 0;
  for (const { remark, from, to } of marked) {
    if (from < at || to > characters.length || to <= from) continue;
    if (from > at) pieces.push({ text: characters.slice(at, from).join(''), remark: undefined });
    pieces.push({ text: characters.slice(from, to).join(''), remark });
    at = to;
  }
  if (at < characters.length || pieces.length === 0)
    pieces.push({ text: characters.slice(at).join(''), remark: undefined });
  return pieces;
};
