import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { send } from '@/api/client.ts';
import { meQuery } from '@/api/queries.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Form } from '@/ui/Form.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { mePath } from '../queries.ts';
import { useSave } from '../useSave.ts';

const t = defineMessages({
  title: 'Password',
  panel: 'Change the password',
  text: 'Long is better than strange: four words one remembers beat eight characters one writes down.',
  current: 'Current password',
  next: 'New password',
  again: 'New password once more',
  save: 'Change password',
  done: 'The password is changed.',
});

type Passwords = { password: string; passwordNew: string; passwordVerify: string };

const read = (values: FormData): Passwords => ({
  password: String(values.get('password') ?? ''),
  passwordNew: String(values.get('passwordNew') ?? ''),
  passwordVerify: String(values.get('passwordVerify') ?? ''),
});

/** Changes the password; pasting from a manager works in every field. */
export function SecurityPage() {
  const me = useQuery(meQuery());
  const form = useRef<HTMLDivElement>(null);
  const saving = useSave(
    (passwords: Passwords) => send(`${mePath}password/`, { method: 'PUT', body: passwords }),
    () => form.current?.querySelector('form')?.reset(),
  );
  const field = { type: 'password', required: true } as const;
  return (
    <Page title={t('title')}>
      <Panel title={t('panel')} text={t('text')}>
        <div ref={form}>
          <Form errors={saving.errors} onSubmit={(values) => saving.save(read(values))}>
            {/* Tells password managers whose password this is. */}
            <input type="text" autoComplete="username" value={me.data?.username ?? ''} readOnly hidden />
            <TextField {...field} name="password" label={t('current')} autoComplete="current-password" />
            <TextField {...field} name="passwordNew" label={t('next')} autoComplete="new-password" />
            <TextField {...field} name="passwordVerify" label={t('again')} autoComplete="new-password" />
            <SaveBar saving={saving} label={t('save')} done={t('done')} />
          </Form>
        </div>
      </Panel>
    </Page>
  );
}
