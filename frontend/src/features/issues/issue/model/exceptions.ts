import { asList, asRecord, asText, type Json } from '@/lib/json.ts';
import type { Entry } from './event.ts';
import { metaAt } from './redaction.ts';
import { type Order, readStack, type Stack } from './stack.ts';

export type Mechanism = {
  type: string | undefined;
  handled: boolean | undefined;
  helpLink: string | undefined;
  description: string | undefined;
  source: string | undefined;
  data: Json | undefined;
  id: number | undefined;
  parent: number | undefined;
  isGroup: boolean;
};

/** One error of a chain. */
export type Exception = {
  at: number;
  type: string | undefined;
  value: string | undefined;
  module: string | undefined;
  threadId: string | undefined;
  mechanism: Mechanism | undefined;
  stack: Stack | undefined;
  /** The frames as they came, where the server has replaced them by those of the source. */
  rawStack: Stack | undefined;
  meta: unknown;
  /** How it belongs to the one shown above it. */
  relation: 'main' | 'cause' | 'member' | 'effect';
  /** The name of the error it belongs to. */
  parent: string | undefined;
};

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;

const readMechanism = (value: unknown): Mechanism | undefined => {
  const raw = asRecord(value);
  if (!raw) return undefined;
  const field = (camel: string, snake: string) => raw[camel] ?? raw[snake];
  return {
    type: asText(raw.type),
    handled: typeof raw.handled === 'boolean' ? raw.handled : undefined,
    helpLink: asText(field('helpLink', 'help_link')),
    description: asText(raw.description),
    source: asText(raw.source),
    data: asRecord(raw.data),
    id: wholeNumber(field('exceptionId', 'exception_id')),
    parent: wholeNumber(field('parentId', 'parent_id')),
    isGroup: field('isExceptionGroup', 'is_exception_group') === true,
  };
};

const nameOf = (exception: { type: string | undefined; module: string | undefined }): string | undefined =>
  exception.type ?? exception.module;

const readOne = (value: unknown, at: number, meta: unknown): Exception => {
  const raw = asRecord(value) ?? {};
  const own = metaAt(meta, 'values', at);
  return {
    at,
    type: asText(raw.type),
    value: asText(raw.value),
    module: asText(raw.module),
    threadId: asText(raw.threadId),
    mechanism: readMechanism(raw.mechanism),
    stack: readStack(raw.stacktrace, metaAt(own, 'stacktrace')),
    rawStack: readStack(raw.rawStacktrace, metaAt(own, 'rawStacktrace')),
    meta: own,
    relation: 'main',
    parent: undefined,
  };
};

/** Says of each error how it belongs to another: SDKs that number their errors say so, others send a plain chain. */
const relate = (chain: Exception[]): Exception[] => {
  const byId = new Map(
    chain.flatMap((error) => (error.mechanism?.id === undefined ? [] : [[error.mechanism.id, error]])),
  );
  return chain.map((error, at) => {
    if (at === chain.length - 1) return error;
    const numbered = error.mechanism?.parent === undefined ? undefined : byId.get(error.mechanism.parent);
    const parent = numbered ?? chain[at + 1];
    const relation = numbered?.mechanism?.isGroup ? 'member' : 'cause';
    return { ...error, relation, parent: parent && nameOf(parent) };
  });
};

/**
 * The errors of an event. SDKs send the first cause first and the error that was reported last; newest first shows the
 * reported one on top and its causes below.
 */
export const readExceptions = (entry: Entry | undefined, order: Order): Exception[] => {
  if (!entry) return [];
  const chain = relate(asList(entry.data.values).map((value, at) => readOne(value, at, entry.meta)));
  if (order === 'newest') return chain.toReversed();
  return chain.map((error, at) => ({
    ...error,
    relation: at === 0 ? 'main' : 'effect',
    parent: nameOf(chain[at - 1] ?? error),
  }));
};

/** The error that names the issue: the one that was reported. */
export const mainException = (entry: Entry | undefined): Exception | undefined => readExceptions(entry, 'newest')[0];

/** "TypeError: x is undefined", with whatever of it exists. */
export const headline = ({ type, value, module }: Pick<Exception, 'type' | 'value' | 'module'>): string =>
  [type ?? module, value].filter(Boolean).join(': ');
