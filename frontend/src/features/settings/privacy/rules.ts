import { defineMessages } from '@/lib/i18n/t.ts';

/**
 * Advanced scrubbing rules between the JSON that the server keeps, {rules: {id: …}, applications: {selector: [id]}},
 * and a list as people write them: do this with that, found there.
 */
export type Rule = { method: string; type: string; source: string; pattern: string; placeholder: string };

const t = defineMessages({
  mask: 'Mask',
  remove: 'Remove',
  hash: 'Hash',
  replace: 'Replace',
  anything: 'Anything',
  creditcard: 'Credit card numbers',
  password: 'Passwords',
  bearer: 'Bearer tokens',
  ip: 'IP addresses',
  email: 'E-mail addresses',
  iban: 'IBANs',
  imei: 'IMEIs',
  mac: 'MAC addresses',
  uuid: 'UUIDs',
  pemkey: 'PEM keys',
  urlauth: 'Sign-ins in URLs',
  usssn: 'US social security numbers',
  userpath: 'User names in paths',
  pattern: 'What a regular expression finds',
});

const optionsOf = (ids: readonly Parameters<typeof t>[0][]) => ids.map((id) => ({ id, label: t(id) }));

export const methods = optionsOf(['mask', 'remove', 'hash', 'replace']);
export const types = optionsOf([
  'anything',
  'creditcard',
  'password',
  'bearer',
  'ip',
  'email',
  'iban',
  'imei',
  'mac',
  'uuid',
  'pemkey',
  'urlauth',
  'usssn',
  'userpath',
  'pattern',
]);

export const newRule = (): Rule => ({ method: 'mask', type: 'creditcard', source: '**', pattern: '', placeholder: '' });

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAmong = (value: unknown, options: readonly { id: string }[]): value is string =>
  options.some(({ id }) => id === value);
const hasOnly = (value: Json, names: readonly string[]): boolean =>
  Object.entries(value).every(([name, member]) => names.includes(name) || member === null);

const readRule = (value: unknown, source: string): Rule | undefined => {
  if (!isObject(value) || !hasOnly(value, ['type', 'pattern', 'redaction'])) return undefined;
  const { type, pattern = '', redaction } = value;
  if (!isAmong(type, types) || typeof pattern !== 'string' || !isObject(redaction)) return undefined;
  const { method, text = '' } = redaction;
  if (!isAmong(method, methods) || typeof text !== 'string' || !hasOnly(redaction, ['method', 'text']))
    return undefined;
  return { method, type, source, pattern, placeholder: text };
};

/** The rules of a configuration; undefined when it says something that the list cannot. */
export const parseRules = (text: string): Rule[] | undefined => {
  if (text.trim() === '') return [];
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(config) || !hasOnly(config, ['rules', 'applications'])) return undefined;
  const { rules = {}, applications = {} } = config;
  if (!isObject(rules) || !isObject(applications)) return undefined;
  const used = new Set<unknown>();
  const list: Rule[] = [];
  for (const [source, ids] of Object.entries(applications)) {
    if (!Array.isArray(ids)) return undefined;
    for (const id of ids) {
      const rule = typeof id === 'string' && Object.hasOwn(rules, id) ? readRule(rules[id], source) : undefined;
      if (!rule) return undefined;
      used.add(id);
      list.push(rule);
    }
  }
  return Object.keys(rules).every((id) => used.has(id)) ? list : undefined;
};

const writeRule = ({ method, type, pattern, placeholder }: Rule) => ({
  type,
  ...(type === 'pattern' ? { pattern } : {}),
  redaction: { method, ...(method === 'replace' && placeholder !== '' ? { text: placeholder } : {}) },
});

/** The configuration of a list; empty for none. */
export const printRules = (list: readonly Rule[]): string => {
  if (list.length === 0) return '';
  const applications: Record<string, string[]> = {};
  list.forEach(({ source }, at) => {
    const selector = source.trim();
    applications[selector] = [...(applications[selector] ?? []), String(at)];
  });
  return JSON.stringify({ rules: Object.fromEntries(list.map((rule, at) => [at, writeRule(rule)])), applications });
};

/** The same configuration with a member a line; as it is where it is no JSON. */
export const indented = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};
