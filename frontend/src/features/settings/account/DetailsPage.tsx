import { useQuery, useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { meQuery } from '@/api/queries.ts';
import type { User, UserOptions } from '@/api/types.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { type Preferences, preferences, usePreferences } from '@/lib/preferences.ts';
import { Form } from '@/ui/Form.tsx';
import { ReadField } from '@/ui/ReadField.tsx';
import { Select } from '@/ui/Select.tsx';
import { Switch } from '@/ui/Switch.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { mePath } from '../queries.ts';
import { useSave } from '../useSave.ts';
import c from './DetailsPage.module.css';

const t = defineMessages({
  title: 'Account details',
  person: 'You',
  name: 'Name',
  email: 'E-mail',
  emailHelp: 'Also the name you sign in with.',
  look: 'Look',
  lookText: 'Changes are shown at once and kept with your account.',
  theme: 'Theme',
  system: 'Like the operating system',
  light: 'Light',
  dark: 'Dark',
  density: 'Rows of lists',
  comfortable: 'Comfortable, two lines',
  compact: 'Compact, one line',
  frames: 'Frames of stack traces',
  app: 'Those of the application',
  all: 'All',
  raw: 'As plain text',
  order: 'Order of stack traces',
  newest: 'The call that failed first',
  oldest: 'The call that failed last',
  keys: 'Shortcuts of a single key',
  keysHelp: 'Turn them off if they get in the way of speech input or other tools. Those with Ctrl or ⌘ stay.',
});

const LATEST_FIRST = '-1';
const LATEST_LAST = '1';

function Person({ user }: { user: User }) {
  const client = useQueryClient();
  const saving = useSave(
    (values: { name: string }) => send(mePath, { method: 'PUT', body: values }),
    () => client.invalidateQueries({ queryKey: meQuery().queryKey }),
  );
  return (
    <Panel title={t('person')}>
      <Form
        errors={saving.errors}
        onSubmit={(values) => saving.save({ name: String(values.get('name') ?? '').trim() })}
      >
        <TextField
          name="name"
          label={t('name')}
          defaultValue={user.name}
          autoComplete="name"
          maxLength={200}
          required
        />
        <ReadField label={t('email')} help={t('emailHelp')}>
          {user.email}
        </ReadField>
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}

function Look({ user }: { user: User }) {
  const current = usePreferences();
  const client = useQueryClient();
  const order = useSave(
    (options: UserOptions) => send(mePath, { method: 'PUT', body: { options } }),
    () => client.invalidateQueries({ queryKey: meQuery().queryKey }),
  );
  const options = (...pairs: [id: string, label: string][]) => pairs.map(([id, label]) => ({ id, label }));
  return (
    <Panel title={t('look')} text={t('lookText')}>
      <div className={c.fields}>
        <Select
          label={t('theme')}
          value={current.theme}
          options={options(['system', t('system')], ['light', t('light')], ['dark', t('dark')])}
          onChange={(event) => preferences.change({ theme: event.currentTarget.value as Preferences['theme'] })}
        />
        <Select
          label={t('density')}
          value={current.density}
          options={options(['comfortable', t('comfortable')], ['compact', t('compact')])}
          onChange={(event) => preferences.change({ density: event.currentTarget.value as Preferences['density'] })}
        />
        <Select
          label={t('frames')}
          value={current.frameMode}
          options={options(['app', t('app')], ['all', t('all')], ['raw', t('raw')])}
          onChange={(event) => preferences.change({ frameMode: event.currentTarget.value as Preferences['frameMode'] })}
        />
        <Select
          label={t('order')}
          defaultValue={String(user.options?.stacktraceOrder) === LATEST_LAST ? LATEST_LAST : LATEST_FIRST}
          options={options([LATEST_FIRST, t('newest')], [LATEST_LAST, t('oldest')])}
          onChange={(event) => order.save({ stacktraceOrder: Number(event.currentTarget.value) })}
        />
      </div>
      {order.message && <p role="alert">{order.message}</p>}
      <div>
        <Switch checked={current.singleKeys} onChange={(singleKeys) => preferences.change({ singleKeys })}>
          {t('keys')}
        </Switch>
        <p className={c.help}>{t('keysHelp')}</p>
      </div>
    </Panel>
  );
}

/** Who one is, and how one likes the pages to look. */
export function DetailsPage() {
  const query = useQuery(meQuery());
  return (
    <Page title={t('title')}>
      <Loading query={query}>
        {(user) => (
          <>
            <Person user={user} />
            <Look user={user} />
          </>
        )}
      </Loading>
    </Page>
  );
}
