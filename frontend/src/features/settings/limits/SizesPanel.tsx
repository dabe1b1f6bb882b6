import { useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import type { FieldErrors } from '@/api/problem.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Form } from '@/ui/Form.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { Fields } from '../parts/Fields.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import type { Sizes } from '../queries.ts';
import { useSave } from '../useSave.ts';
import { readAmount, writeAmount } from './amounts.ts';
import { type Checked, useChecked } from './useChecked.ts';

const t = defineMessages({
  title: 'Sizes',
  text: 'Where organization and project both say something, the smaller one counts.',
  event: 'Largest event',
  eventHelp: 'Larger ones are refused with 413. Empty: 1 MiB.',
  field: 'Longest text in a field',
  fieldHelp: 'Longer ones are cut, and the event says that they were. Empty: each field’s own limit.',
  range: 'Between 1 KiB and 1 MiB, or empty.',
});

const LEAST = 2 ** 10;
const MOST = 2 ** 20;
const names = ['maxEventBytes', 'maxFieldBytes'] as const;

const readSize = (form: FormData, name: (typeof names)[number]): { value: number | null } | { wrong: string } => {
  const text = String(form.get(name) ?? '').trim();
  if (text === '') return { value: null };
  const amount = readAmount(text, true);
  return 'wrong' in amount || (amount.value >= LEAST && amount.value <= MOST) ? amount : { wrong: t('range') };
};

const readSizes = (form: FormData): Checked<Sizes> => {
  const wrong: FieldErrors = {};
  const values: Sizes = { maxEventBytes: null, maxFieldBytes: null };
  for (const name of names) {
    const size = readSize(form, name);
    if ('wrong' in size) wrong[name] = [size.wrong];
    else values[name] = size.value;
  }
  return Object.keys(wrong).length > 0 ? { wrong } : { values };
};

const written = (value: number | null | undefined): string => (value ? writeAmount(value, true) : '');

/** How large an event, and a text in it, may be; of an organization or a project, whose address `path` is. */
export function SizesPanel({
  path,
  queryKey,
  saved,
}: {
  path: string;
  queryKey: readonly unknown[];
  saved: Partial<Sizes>;
}) {
  const client = useQueryClient();
  const saving = useSave(
    (values: Sizes) => send(path, { method: 'PUT', body: values }),
    () => client.invalidateQueries({ queryKey }),
  );
  const { errors, submit } = useChecked(saving, readSizes);
  return (
    <Panel title={t('title')} text={t('text')}>
      <Form errors={errors} onSubmit={submit} data-test-id="sizes">
        <Fields>
          <TextField
            name="maxEventBytes"
            label={t('event')}
            help={t('eventHelp')}
            defaultValue={written(saved.maxEventBytes)}
            required={false}
            autoComplete="off"
          />
          <TextField
            name="maxFieldBytes"
            label={t('field')}
            help={t('fieldHelp')}
            defaultValue={written(saved.maxFieldBytes)}
            required={false}
            autoComplete="off"
          />
        </Fields>
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}
