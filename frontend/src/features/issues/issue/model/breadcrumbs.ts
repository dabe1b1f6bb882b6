import { asList, asRecord, asText, inline, isEmpty, type Json } from '@/lib/json.ts';
import type { Entry } from './event.ts';
import { metaAt } from './redaction.ts';

export type BreadcrumbKind =
  | 'navigation'
  | 'http'
  | 'user'
  | 'query'
  | 'error'
  | 'debug'
  | 'info'
  | 'console'
  | 'system';

/** Something that happened before the event. */
export type Breadcrumb = {
  at: number;
  kind: BreadcrumbKind;
  category: string;
  level: string;
  message: string | undefined;
  data: Json | undefined;
  timestamp: string | undefined;
  meta: unknown;
};

const byType: Record<string, BreadcrumbKind> = {
  navigation: 'navigation',
  http: 'http',
  user: 'user',
  ui: 'user',
  query: 'query',
  error: 'error',
  exception: 'error',
  debug: 'debug',
  info: 'info',
  system: 'system',
  transaction: 'info',
};
const byCategory: readonly [start: string, kind: BreadcrumbKind][] = [
  ['navigation', 'navigation'],
  ['xhr', 'http'],
  ['fetch', 'http'],
  ['http', 'http'],
  ['ui', 'user'],
  ['touch', 'user'],
  ['query', 'query'],
  ['db', 'query'],
  ['sql', 'query'],
  ['redis', 'query'],
  ['console', 'console'],
  ['exception', 'error'],
  ['error', 'error'],
];

const kindOf = (type: string | undefined, category: string, level: string): BreadcrumbKind => {
  const typed = type && type !== 'default' ? byType[type] : undefined;
  const told = typed ?? byCategory.find(([start]) => category.startsWith(start))?.[1];
  return told ?? (level === 'error' || level === 'fatal' ? 'error' : 'info');
};

const readOne = (value: unknown, at: number, meta: unknown): Breadcrumb => {
  const raw = asRecord(value) ?? {};
  const category = asText(raw.category) ?? asText(raw.type) ?? 'default';
  const level = asText(raw.level) ?? 'info';
  return {
    at,
    kind: kindOf(asText(raw.type), category, level),
    category,
    level,
    message: asText(raw.message),
    data: isEmpty(raw.data) ? undefined : asRecord(raw.data),
    timestamp: asText(raw.timestamp),
    meta: metaAt(meta, 'values', at),
  };
};

/** The trail of an event, the newest first, as one reads it from the error backwards. */
export const readBreadcrumbs = (entry: Entry | undefined): Breadcrumb[] =>
  asList(entry?.data.values)
    .map((value, at) => readOne(value, at, entry?.meta))
    .toReversed();

type Summary = { text: string; rest: Json | undefined };

/** What is left to show below a summary that has told some of the data. */
const without = (data: Json, told: readonly string[]): Json | undefined => {
  const rest = Object.entries(data).filter(([name, value]) => !told.includes(name) && !isEmpty(value));
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
};

const httpSummary = (data: Json): Summary | undefined => {
  const request = [asText(data.method), asText(data.url)].filter(Boolean).join(' ');
  const status = asText(data.status_code) ?? asText(data.statusCode);
  const text = [request, status && `→ ${status}`].filter(Boolean).join(' ');
  return request ? { text, rest: without(data, ['method', 'url', 'status_code', 'statusCode']) } : undefined;
};

const navigationSummary = (data: Json): Summary | undefined => {
  const text = [asText(data.from), asText(data.to)].filter(Boolean).join(' → ');
  return text ? { text, rest: without(data, ['from', 'to']) } : undefined;
};

const madeFrom = (kind: BreadcrumbKind, data: Json): Summary | undefined => {
  if (kind === 'http') return httpSummary(data);
  return kind === 'navigation' ? navigationSummary(data) : undefined;
};

/** The one line that says what happened, and what is left of the data to open below it. */
export const summaryOf = ({ kind, message, data }: Breadcrumb): Summary => {
  const made = data && madeFrom(kind, data);
  if (made) return { text: [message, made.text].filter(Boolean).join(' — '), rest: made.rest };
  return message ? { text: message, rest: data } : { text: data ? inline(data) : '', rest: undefined };
};

/** A request that failed colours its line although its level is "info". */
export const isFailure = ({ level, data }: Breadcrumb): boolean => {
  const status = Number(asText(data?.status_code) ?? asText(data?.statusCode) ?? 0);
  return level === 'error' || level === 'fatal' || status >= 500;
};

/** Whether a line holds what somebody typed into the search of the trail. */
export const matches = (crumb: Breadcrumb, text: string): boolean => {
  const needle = text.trim().toLowerCase();
  if (needle === '') return true;
  const hay = [crumb.category, crumb.level, crumb.message ?? '', crumb.data ? inline(crumb.data) : ''];
  return hay.join('\n').toLowerCase().includes(needle);
};

/** Time before the event: "-1.24 s", "-3 min". */
export const beforeEvent = (timestamp: string, eventTime: string): number | undefined => {
  const distance = Date.parse(timestamp) - Date.parse(eventTime);
  return Number.isNaN(distance) ? undefined : distance;
};
