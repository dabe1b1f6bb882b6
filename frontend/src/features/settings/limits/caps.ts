import { type Category, categoryNames, isBytes } from '@/api/categories.ts';
import type { FieldErrors } from '@/api/problem.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { readAmount } from './amounts.ts';
import type { Cap, Period } from './queries.ts';
import type { Checked } from './useChecked.ts';

const t = defineMessages({
  everything: 'Everything',
  mixed: 'Only 0, which stops all: some of it is counted, some of it is measured.',
  twice: 'There is such a cap already. Change that one.',
});

/** The choice that stands for no category: all of them. */
export const EVERYTHING = '';

export const everything = t('everything');

export const nameOf = ({ categories }: Pick<Cap, 'categories'>): string =>
  categories.length === 0 ? everything : categories.map((each) => categoryNames[each as Category] ?? each).join(', ');

export const isSize = ({ categories }: Pick<Cap, 'categories'>): boolean =>
  categories.length > 0 && categories.every(isBytes);

export type NewCap = { project: string | null; categories: string[]; period: Period; limit: number };

const isSame = (one: NewCap, other: Cap): boolean =>
  one.project === other.project && one.period === other.period && String(one.categories) === String(other.categories);

const wrong = (text: string): { wrong: FieldErrors } => ({ wrong: { limit: [text] } });

/** Reads the form of a new cap beside those that there are. */
export const readCap = (form: FormData, present: readonly Cap[]): Checked<NewCap> => {
  const field = (name: string) => String(form.get(name) ?? '');
  const category = field('category');
  const categories = category === EVERYTHING ? [] : [category];
  const amount = readAmount(field('limit'), isSize({ categories }));
  if ('wrong' in amount) return wrong(amount.wrong);
  if (categories.length === 0 && amount.value > 0) return wrong(t('mixed'));
  const cap = {
    project: field('project') || null,
    categories,
    period: field('period') as Period,
    limit: amount.value,
  };
  return present.some((other) => isSame(cap, other)) ? wrong(t('twice')) : { values: cap };
};

/** Reads the form that changes one. */
export const readLimit = (form: FormData, cap: Cap): Checked<{ limit: number }> => {
  const amount = readAmount(String(form.get('limit') ?? ''), isSize(cap));
  return 'wrong' in amount ? wrong(amount.wrong) : { values: { limit: amount.value } };
};

/** What the server refuses of a cap is told beside its only field of text. */
export const besideLimit = (errors: FieldErrors): FieldErrors => {
  const all = Object.values(errors).flat();
  return all.length > 0 ? { limit: all } : {};
};
