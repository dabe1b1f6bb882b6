import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { categories, categoryNames, isBytes } from '@/api/categories.ts';
import { send } from '@/api/client.ts';
import { projectsQuery } from '@/api/queries.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Form } from '@/ui/Form.tsx';
import { Select } from '@/ui/Select.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { Fields } from '../parts/Fields.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { useSave } from '../useSave.ts';
import { CapRow } from './CapRow.tsx';
import { besideLimit, EVERYTHING, everything, type NewCap, readCap } from './caps.ts';
import c from './Limits.module.css';
import { type Cap, capsPath, setByHand, useCapsAgain } from './queries.ts';
import { useChecked } from './useChecked.ts';

const t = defineMessages({
  title: 'Caps',
  text: 'What is over a cap is refused with 429, and SDKs are told for how long; it is counted as limited.',
  none: 'No cap yet: everything is taken.',
  add: 'Add a cap',
  category: 'Of',
  project: 'Where',
  all: 'All projects together',
  limit: 'At most',
  countHelp: 'A number: 500, 10k, 2M. 0 takes nothing.',
  sizeHelp: 'A size: 500 MiB, 2 GiB. 0 takes nothing.',
  period: 'In',
  minute: 'a minute',
  hour: 'an hour',
  day: 'a day',
  month: 'a month',
  button: 'Add',
  added: 'Added',
});

const periods = (['minute', 'hour', 'day', 'month'] as const).map((id) => ({ id, label: t(id) }));
const kinds = [
  ...categories.map((id) => ({ id: id as string, label: categoryNames[id] })),
  { id: EVERYTHING, label: everything },
];

/** Of the whole organization, or of one of its projects. */
function WhereField({ org }: { org: string }) {
  const { data = [] } = useQuery(projectsQuery(org));
  const options = [{ id: '', label: t('all') }, ...data.map(({ slug }) => ({ id: slug, label: slug }))];
  return <Select name="project" label={t('project')} options={options} />;
}

function NewCapForm({ org, project, caps }: { org: string; project: string | undefined; caps: readonly Cap[] }) {
  const again = useCapsAgain(org);
  const [category, setCategory] = useState<string>(categories[0]);
  const [made, setMade] = useState(0);
  const saving = useSave(
    (values: NewCap) => send(fillPath(capsPath, { org }), { method: 'POST', body: values }),
    async () => {
      await again();
      setMade((count) => count + 1);
    },
  );
  const { errors, submit } = useChecked(saving, (form) => readCap(form, caps));
  return (
    <Form aria-label={t('add')} errors={besideLimit(errors)} onSubmit={submit} data-test-id="cap-new">
      <h3>{t('add')}</h3>
      <Fields>
        <Select
          name="category"
          label={t('category')}
          options={kinds}
          value={category}
          onChange={(event) => setCategory(event.currentTarget.value)}
        />
        {project === undefined ? <WhereField org={org} /> : <input type="hidden" name="project" value={project} />}
        <TextField
          key={made}
          name="limit"
          label={t('limit')}
          help={isBytes(category) ? t('sizeHelp') : t('countHelp')}
          autoComplete="off"
        />
        <Select name="period" label={t('period')} options={periods} defaultValue="day" />
      </Fields>
      <SaveBar saving={saving} label={t('button')} done={t('added')} />
    </Form>
  );
}

/** The caps of an organization, or those of one project, with their use; adds, changes and deletes them. */
export function CapsPanel({ org, project, caps }: { org: string; project?: string; caps: readonly Cap[] }) {
  const own = caps.filter(setByHand);
  const shown = project === undefined ? own : own.filter((cap) => cap.project === project);
  return (
    <Panel title={t('title')} text={t('text')}>
      {shown.length > 0 ? (
        <ul className={c.rows}>
          {shown.map((cap) => (
            <CapRow key={cap.id} org={org} cap={cap} />
          ))}
        </ul>
      ) : (
        <p className={c.quiet}>{t('none')}</p>
      )}
      <NewCapForm org={org} project={project} caps={own} />
    </Panel>
  );
}
