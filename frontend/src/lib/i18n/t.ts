import type { ReactNode } from 'react';

/** The language the interface speaks: numbers and dates are written as its readers write them. */
export const locale = 'en';

type Plural = { one: string; other: string };
type Message = string | Plural;
type Catalogue = Record<string, Message>;
type Text<M extends Message> = M extends Plural ? M['one'] | M['other'] : M extends string ? M : never;
type Names<S extends string> = S extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;
type Values<M extends Message> = M extends Plural ? Names<Text<M>> | 'n' : Names<Text<M>>;
type Arguments<M extends Message, V> = [Values<M>] extends [never] ? [] : [values: Record<Values<M>, V>];

const plural = new Intl.PluralRules(locale);
const whole = new Intl.NumberFormat(locale);
const placeholder = /\{(\w+)\}/g;

const choose = (message: Message, n: unknown): string =>
  typeof message === 'string' ? message : message[plural.select(Number(n)) === 'one' ? 'one' : 'other'];

const write = (value: unknown): string => (typeof value === 'number' ? whole.format(value) : String(value));

/**
 * Makes the typed `t` of one part of the interface. Keys and placeholders are checked by the compiler; a plural is
 * chosen by `n`; numbers are grouped. `t.rich` does the same with elements for placeholders.
 */
export function defineMessages<const C extends Catalogue>(catalogue: C) {
  const t = <K extends keyof C & string>(key: K, ...[values]: Arguments<C[K], string | number>): string => {
    const given = (values ?? {}) as Record<string, unknown>;
    return choose(catalogue[key] as Message, given.n).replace(placeholder, (_, name: string) => write(given[name]));
  };
  t.rich = <K extends keyof C & string>(key: K, ...[values]: Arguments<C[K], ReactNode>): ReactNode[] => {
    const given = (values ?? {}) as Record<string, ReactNode>;
    const pieces = choose(catalogue[key] as Message, given.n).split(placeholder);
    return pieces.map((piece, at) => (at % 2 === 1 ? given[piece] : piece));
  };
  return t;
}
