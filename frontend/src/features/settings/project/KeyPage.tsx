import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { send } from '@/api/client.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Breadcrumbs } from '@/ui/Breadcrumbs.tsx';
import { Button } from '@/ui/Button.tsx';
import { Checkbox } from '@/ui/Checkbox.tsx';
import { Form } from '@/ui/Form.tsx';
import { Select } from '@/ui/Select.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { toast } from '@/ui/toast.ts';
import { CopyLine } from '../parts/CopyLine.tsx';
import { Fields } from '../parts/Fields.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { type ClientKey, keyPath, keyQuery, keysQuery, type RateLimit } from '../queries.ts';
import { useSave } from '../useSave.ts';
import { otherForms } from './dsnForms.ts';
import c from './KeyPage.module.css';
import { readLimit, windowLabel, windows } from './rateLimit.ts';

const ConfirmDialog = lazy(() => import('@/ui/ConfirmDialog.tsx'));

const t = defineMessages({
  keys: 'Client keys',
  title: 'Key {name}',
  dsn: 'DSN',
  addresses: 'Addresses',
  addressesText: 'The DSN is for SDKs. The others take what browsers and other programs send by themselves.',
  settings: 'Settings',
  name: 'Name',
  active: 'Accepts events',
  count: 'At most',
  countHelp: 'Number of events; empty for no limit.',
  window: 'in',
  danger: 'Delete this key',
  dangerText: 'Programs that use it are refused from then on. To try that first, switch the key off.',
  remove: 'Delete key…',
  removeTitle: 'Delete {name}?',
  removeText: 'Events sent with this key are refused from then on. This cannot be taken back.',
  removed: '{name} is deleted',
});

type Place = { org: string; project: string; key: string };
type Values = { name: string; isActive: boolean; rateLimit: RateLimit | null };

const read = (values: FormData): Values => ({
  name: String(values.get('name') ?? '').trim(),
  isActive: values.get('isActive') === 'on',
  rateLimit: readLimit(String(values.get('count') ?? ''), String(values.get('window') ?? '')),
});

/** A window that another client chose stays among the choices. */
const windowOptions = (current: number | undefined) =>
  current === undefined || windows.some(({ id }) => id === String(current))
    ? windows
    : [...windows, { id: String(current), label: windowLabel(current) }];

function Settings({ item, place }: { item: ClientKey; place: Place }) {
  const client = useQueryClient();
  const saving = useSave(
    (values: Values) => send(fillPath(keyPath, place), { method: 'PUT', body: values }),
    async () => {
      await client.invalidateQueries({ queryKey: keyQuery(place.org, place.project, place.key).queryKey });
      await client.invalidateQueries({ queryKey: keysQuery(place.org, place.project).queryKey });
    },
  );
  return (
    <Panel title={t('settings')}>
      <Form errors={saving.errors} onSubmit={(values) => saving.save(read(values))}>
        <TextField name="name" label={t('name')} defaultValue={item.name} required maxLength={64} />
        <div className={c.check}>
          <Checkbox id="key-active" name="isActive" defaultChecked={item.isActive} />
          <label htmlFor="key-active">{t('active')}</label>
        </div>
        <Fields>
          <TextField
            name="count"
            label={t('count')}
            help={t('countHelp')}
            type="number"
            min={1}
            required={false}
            defaultValue={item.rateLimit?.count ?? ''}
          />
          <Select
            name="window"
            label={t('window')}
            options={windowOptions(item.rateLimit?.window)}
            defaultValue={String(item.rateLimit?.window ?? 60)}
          />
        </Fields>
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}

function Danger({ item, place }: { item: ClientKey; place: Place }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, ask] = useState(false);
  const { org, project } = place;
  const remove = async () => {
    await send(fillPath(keyPath, place), { method: 'DELETE' });
    toast({ tone: 'success', text: t('removed', { name: item.name }) });
    await client.invalidateQueries({ queryKey: keysQuery(org, project).queryKey });
    await navigate({ to: '/settings/$org/projects/$project/keys/', params: { org, project } });
  };
  return (
    <Panel title={t('danger')} text={t('dangerText')} danger>
      <div>
        <Button variant="danger" onPress={() => ask(true)} data-test-id="delete-key">
          {t('remove')}
        </Button>
      </div>
      {asking && (
        <Suspense>
          <ConfirmDialog
            title={t('removeTitle', { name: item.name })}
            verb={common('delete')}
            onConfirm={remove}
            onClose={() => ask(false)}
          >
            {t('removeText')}
          </ConfirmDialog>
        </Suspense>
      )}
    </Panel>
  );
}

/** One key: its addresses, its limit, its end. */
export function KeyPage() {
  const {
    org = '',
    project = '',
    keyId: key = '',
  } = useParams({ strict: false }) as Record<string, string | undefined>;
  const place = { org, project, key };
  const query = useQuery(keyQuery(org, project, key));
  const up = (
    <Breadcrumbs>
      <Link to="/settings/$org/projects/$project/keys/" params={{ org, project }}>
        {t('keys')}
      </Link>
      <span>{query.data?.name}</span>
    </Breadcrumbs>
  );
  return (
    <Page title={t('title', { name: query.data?.name ?? '' })} up={up}>
      <Loading query={query}>
        {(item) => (
          <>
            <Panel title={t('addresses')} text={t('addressesText')}>
              <CopyLine label={t('dsn')} value={item.dsn.public} />
              {otherForms(item.dsn).map(({ id, label, value }) => (
                <CopyLine key={id} label={label} value={value} />
              ))}
            </Panel>
            <Settings key={item.id} item={item} place={place} />
            <Danger item={item} place={place} />
          </>
        )}
      </Loading>
    </Page>
  );
}
