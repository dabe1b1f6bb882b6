import { asList, asRecord, asText, type Json } from '@/lib/json.ts';

export type EventTag = { key: string; value: string; query?: string };

export type EventUser = {
  id?: string | null;
  email?: string | null;
  username?: string | null;
  name?: string | null;
  ip_address?: string | null;
  geo?: Json | null;
  data?: Json | null;
};

/** One thing that went wrong while the server processed the event. */
export type ProcessingError = { type: string; message?: string; data?: Json };

/** The answer of the event endpoints. Everything an SDK sent stays `unknown` until a reader of this folder has looked at it. */
export type EventDetail = {
  id: string;
  eventID: string;
  groupID: string | null;
  projectID: string;
  title: string;
  message: string | null;
  platform: string | null;
  type: string;
  dateCreated: string;
  dateReceived?: string | null;
  culprit?: string | null;
  location?: string | null;
  size?: number | null;
  user: EventUser | null;
  tags: EventTag[];
  contexts: Json | null;
  context?: Json | null;
  entries: { type: string; data: unknown }[];
  sdk: { name?: string | null; version?: string | null } | null;
  release?: { version?: string | null; shortVersion?: string | null } | null;
  dist?: string | null;
  errors: ProcessingError[];
  metadata: { type?: string; value?: string; title?: string };
  packages?: Record<string, unknown> | null;
  _meta?: Json | null;
  fingerprints?: string[] | null;
  groupingConfig?: { id?: string } | null;
  nextEventID?: string | null;
  previousEventID?: string | null;
};

/** A row of the event list. */
export type EventRow = {
  id: string;
  eventID: string;
  title: string;
  message: string | null;
  dateCreated: string;
  platform: string | null;
  user: EventUser | null;
  tags: EventTag[];
};

export type Entry = { data: Json; meta: Json | undefined };

/** The entry of one kind with the remarks that belong to it. */
export const entryOf = (event: EventDetail, type: string): Entry | undefined => {
  const at = event.entries.findIndex((entry) => entry.type === type);
  const data = asRecord(event.entries[at]?.data);
  if (!data) return undefined;
  const metaOfEntry = asRecord(asRecord(event._meta?.entries)?.[String(at)]);
  return { data, meta: asRecord(metaOfEntry?.data) };
};

export const tagOf = (event: { tags: EventTag[] }, key: string): string | undefined =>
  asText(event.tags.find((tag) => tag.key === key)?.value);

/** What to call somebody, from the most to the least telling. */
export const userLabel = (user: EventUser | null | undefined): string | undefined =>
  asText(user?.email) ?? asText(user?.username) ?? asText(user?.name) ?? asText(user?.id) ?? asText(user?.ip_address);

/** Pairs as the API sends headers, query and cookies: lists of two, or an object. */
export const readPairs = (value: unknown): [name: string, value: string][] => {
  const record = asRecord(value);
  const pairs = record ? Object.entries(record) : asList(value).map((pair) => asList(pair));
  return pairs.flatMap(([name, content]) => {
    const label = asText(name);
    return label === undefined ? [] : [[label, asText(content) ?? '']];
  });
};
