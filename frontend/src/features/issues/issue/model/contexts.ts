import { bytes } from '@/lib/format/bytes.ts';
import { asNumber, asRecord, asText, isEmpty, type Json } from '@/lib/json.ts';
import type { EventDetail } from './event.ts';
import { metaAt } from './redaction.ts';

export type ContextRow = { name: string; value: unknown; meta: unknown };

/** One card: a device, a runtime, something the application attached. */
export type ContextCard = {
  id: string;
  title: string;
  /** What it is in a few words: "Safari 18.1". */
  summary: string | undefined;
  rows: ContextRow[];
};

/** The order people look for them in; anything else follows by name. */
const known: Record<string, string> = {
  user: 'User',
  browser: 'Browser',
  client_os: 'Client operating system',
  os: 'Operating system',
  device: 'Device',
  app: 'Application',
  runtime: 'Runtime',
  gpu: 'Graphics',
  culture: 'Culture',
  cloud_resource: 'Cloud',
  trace: 'Trace',
  response: 'Response',
  state: 'State',
};
const order = Object.keys(known);

const rank = (id: string): number => {
  const place = order.indexOf(id);
  return place < 0 ? order.length : place;
};

/** Sizes that SDKs send in bytes; the exact figure stays in the tooltip of the page. */
const isSize = (name: string): boolean =>
  /(^|_)(memory|memory_size|storage_size|free_storage|usable_memory|free_memory)$/.test(name);

const shown = (name: string, value: unknown): unknown => {
  const number = asNumber(value);
  return isSize(name) && number !== undefined && number >= 1024 ? bytes(number) : value;
};

const rowsOf = (context: Json, meta: unknown): ContextRow[] =>
  Object.entries(context)
    .filter(([name, value]) => name !== 'type' && !isEmpty(value))
    .map(([name, value]) => ({ name, value: shown(name, value), meta: metaAt(meta, name) }));

/** Redacted values are null in the data and told of in the remarks only. */
const redactedRows = (context: Json, meta: unknown): ContextRow[] =>
  Object.entries(asRecord(meta) ?? {})
    .filter(([name, remark]) => name !== '' && isEmpty(context[name]) && !isEmpty(remark))
    .map(([name, remark]) => ({ name, value: context[name] ?? null, meta: remark }));

const summaryOf = (context: Json): string | undefined => {
  const name = asText(context.name) ?? asText(context.model) ?? asText(context.family) ?? asText(context.app_name);
  const version = asText(context.version) ?? asText(context.app_version);
  return name ? [name, version].filter(Boolean).join(' ') : undefined;
};

const card = (id: string, context: Json, meta: unknown): ContextCard => ({
  id,
  title: known[id] ?? id,
  summary: id === 'user' || id === 'trace' ? undefined : summaryOf(context),
  rows: [...rowsOf(context, meta), ...redactedRows(context, meta)],
});

/** Extra fields of a user belong to the user, not into a box inside of it. */
const userFields = (event: EventDetail): Json => {
  const { data, ...fields } = event.user ?? {};
  return { ...fields, ...asRecord(data) };
};

/** Everything the SDK said about the surroundings, as cards. */
export const contextCards = (event: EventDetail): ContextCard[] => {
  const contexts = Object.entries(event.contexts ?? {}).flatMap(([id, value]) => {
    const context = asRecord(value);
    return context ? [card(id, context, metaAt(event._meta, 'contexts', id))] : [];
  });
  const user = card('user', userFields(event), metaAt(event._meta, 'user'));
  return [user, ...contexts]
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id));
};
