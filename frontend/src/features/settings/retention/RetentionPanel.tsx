import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { send } from '@/api/client.ts';
import { dataKindName } from '@/api/dataKinds.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Form } from '@/ui/Form.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { Loading } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { useSave } from '../useSave.ts';
import { changedDays, type Days, deletesData } from './days.ts';
import { type Retention, retentionPath, retentionQuery } from './queries.ts';
import c from './RetentionPanel.module.css';

const ConfirmDialog = lazy(() => import('@/ui/ConfirmDialog.tsx'));

const t = defineMessages({
  title: 'Retention',
  text: 'How many days each kind of data is kept. Empty fields follow the instance, which keeps nothing for longer.',
  most: { one: 'The instance keeps {n} day.', other: 'The instance keeps {n} days.' },
  askTitle: 'Keep data for less?',
  askText: 'What is older than that is deleted within the hour. This cannot be taken back.',
  askVerb: 'Delete and keep less',
});

function Fields({ org, kinds }: { org: string; kinds: Retention[] }) {
  const client = useQueryClient();
  const [asked, ask] = useState<Days>();
  const saving = useSave(
    (body: Days) => send(fillPath(retentionPath, { org }), { method: 'PUT', body }),
    () => client.invalidateQueries({ queryKey: retentionQuery(org).queryKey }),
  );
  const submit = (values: FormData) => {
    const changes = changedDays(kinds, values);
    if (deletesData(kinds, changes)) ask(changes);
    else saving.save(changes);
  };
  return (
    <>
      <Form errors={saving.errors} onSubmit={submit} data-test-id="retention">
        <div className={c.kinds}>
          {kinds.map(({ kind, own, most }) => (
            <TextField
              key={kind}
              name={kind}
              label={dataKindName(kind)}
              help={t('most', { n: most })}
              type="number"
              min={1}
              max={most}
              placeholder={String(most)}
              defaultValue={own ?? ''}
            />
          ))}
        </div>
        <SaveBar saving={saving} />
      </Form>
      {asked && (
        <Suspense>
          <ConfirmDialog
            title={t('askTitle')}
            verb={t('askVerb')}
            onConfirm={async () => saving.save(asked)}
            onClose={() => ask(undefined)}
          >
            {t('askText')}
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}

/** How long the organization keeps each kind of data: as long as the instance, or less. */
export function RetentionPanel({ org }: { org: string }) {
  const query = useQuery(retentionQuery(org));
  return (
    <Panel title={t('title')} text={t('text')}>
      <Loading query={query}>{(kinds) => <Fields org={org} kinds={kinds} />}</Loading>
    </Panel>
  );
}
