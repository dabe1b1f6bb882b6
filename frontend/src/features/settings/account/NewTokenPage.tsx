import { useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Breadcrumbs } from '@/ui/Breadcrumbs.tsx';
import { classes } from '@/ui/classes.ts';
import { Form } from '@/ui/Form.tsx';
import { Select } from '@/ui/Select.tsx';
import { TextField } from '@/ui/TextField.tsx';
import lists from '../organization/lists.module.css';
import { CopyLine } from '../parts/CopyLine.tsx';
import { Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import link from '../parts/TextLink.module.css';
import { type Token, tokensPath, tokensQuery } from '../queries.ts';
import { useSave } from '../useSave.ts';
import c from './NewTokenPage.module.css';
import { levelsOf, resources, scopesOf } from './scopes.ts';

const t = defineMessages({
  title: 'New API token',
  panel: 'What it is for',
  name: 'Name',
  nameHelp: 'So that you know later which program uses it.',
  scopes: 'What it may do',
  scopesText: 'Give as little as the program needs.',
  chosen: 'Scopes: {scopes}',
  nothing: 'Choose at least one scope.',
  create: 'Create token',
  doneTitle: 'Your new token',
  doneText: 'Copy it now: it is shown this once and never again.',
  token: 'Token',
  back: 'Back to the tokens',
  tokens: 'API tokens',
});

const asked = (scopes: unknown): string[] =>
  (Array.isArray(scopes) ? scopes : [scopes]).flatMap((item) => String(item ?? '').split(/[\s,]+/)).filter(Boolean);

function Created({ token }: { token: string }) {
  return (
    <Panel title={t('doneTitle')}>
      <Banner tone="success">{t('doneText')}</Banner>
      <CopyLine label={t('token')} value={token} data-test-id="token" />
      <p>
        <Link to="/settings/account/api/auth-tokens/" className={classes(link.link, link.act)}>
          {t('back')}
        </Link>
      </p>
    </Panel>
  );
}

const up = (
  <Breadcrumbs>
    <Link to="/settings/account/api/auth-tokens/">{t('tokens')}</Link>
    <span>{t('title')}</span>
  </Breadcrumbs>
);

/** Makes a token; `?scopes=` in the address chooses some beforehand, as sentry-cli's sign-in does. */
export function NewTokenPage() {
  const client = useQueryClient();
  const search = useSearch({ strict: false }) as { scopes?: unknown; name?: unknown };
  const [chosen, choose] = useState(() => levelsOf(asked(search.scopes)));
  const [created, setCreated] = useState<string>();
  const scopes = scopesOf(chosen);
  const saving = useSave(async (name: string) => {
    const { data } = await send<Token>(tokensPath, { method: 'POST', body: { name, scopes } });
    setCreated(data.token);
    await client.invalidateQueries({ queryKey: tokensQuery().queryKey });
  });
  if (created) {
    return (
      <Page title={t('title')} up={up}>
        <Created token={created} />
      </Page>
    );
  }
  return (
    <Page title={t('title')} up={up}>
      <Form errors={saving.errors} onSubmit={(values) => saving.save(String(values.get('name') ?? '').trim())}>
        <Panel title={t('panel')}>
          <TextField
            name="name"
            label={t('name')}
            help={t('nameHelp')}
            required
            maxLength={200}
            defaultValue={typeof search.name === 'string' ? search.name : ''}
          />
        </Panel>
        <Panel title={t('scopes')} text={t('scopesText')}>
          <div className={c.scopes}>
            {resources.map(({ id, label, levels }) => (
              <Select
                key={id}
                label={label}
                options={levels}
                value={chosen[id] ?? 'none'}
                onChange={(event) => choose({ ...chosen, [id]: event.currentTarget.value })}
                data-test-id={`scope-${id}`}
              />
            ))}
          </div>
          <p className={lists.quiet} role="status">
            {scopes.length > 0 ? t('chosen', { scopes: scopes.join(' ') }) : t('nothing')}
          </p>
        </Panel>
        <SaveBar saving={saving} label={t('create')} disabled={scopes.length === 0} />
      </Form>
    </Page>
  );
}
