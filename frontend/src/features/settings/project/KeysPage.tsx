import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Badge } from '@/ui/Badge.tsx';
import { classes } from '@/ui/classes.ts';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { Form } from '@/ui/Form.tsx';
import { Switch } from '@/ui/Switch.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { toast } from '@/ui/toast.ts';
import { CopyLine } from '../parts/CopyLine.tsx';
import { Loading, Page } from '../parts/Page.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import link from '../parts/TextLink.module.css';
import { type ClientKey, keyPath, keysPath, keysQuery } from '../queries.ts';
import { useSave } from '../useSave.ts';
import c from './KeysPage.module.css';
import { limitText } from './rateLimit.ts';

const t = defineMessages({
  title: 'Client keys',
  text: 'SDKs send events with a DSN, which holds one of these keys. A key allows sending, and nothing else.',
  dsn: 'DSN',
  active: 'Accepts events',
  off: 'off',
  limit: 'Limit: {limit}',
  noLimit: 'No rate limit',
  configure: 'Configure',
  noneTitle: 'No key yet',
  noneText: 'Without a key nothing can send events to this project.',
  create: 'New key',
  createText: 'A key of its own for each program lets you limit or stop one without the others.',
  name: 'Name',
  createButton: 'Create key',
});

type Place = { org: string; project: string };

function Key({ item, place }: { item: ClientKey; place: Place }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const flip = async (isActive: boolean) => {
    setBusy(true);
    await send(fillPath(keyPath, { ...place, key: item.id }), { method: 'PUT', body: { isActive } }).catch(
      (error: Error) => toast({ tone: 'error', text: error.message }),
    );
    await client.invalidateQueries({ queryKey: keysQuery(place.org, place.project).queryKey });
    setBusy(false);
  };
  return (
    <li className={c.key} data-off={!item.isActive || undefined}>
      <header>
        <h2>
          <Link
            to="/settings/$org/projects/$project/keys/$keyId/"
            params={{ ...place, keyId: item.id }}
            className={link.link}
          >
            {item.name}
          </Link>
          {!item.isActive && <Badge>{t('off')}</Badge>}
        </h2>
        <Switch checked={item.isActive} disabled={busy} onChange={(active) => void flip(active)}>
          {t('active')}
        </Switch>
      </header>
      <CopyLine label={t('dsn')} value={item.dsn.public} />
      <footer>
        <span>{item.rateLimit ? t('limit', { limit: limitText(item.rateLimit) }) : t('noLimit')}</span>
        <Link
          to="/settings/$org/projects/$project/keys/$keyId/"
          params={{ ...place, keyId: item.id }}
          className={classes(link.link, link.act)}
        >
          {t('configure')}
        </Link>
      </footer>
    </li>
  );
}

function NewKey({ place }: { place: Place }) {
  const client = useQueryClient();
  const [made, setMade] = useState(0);
  const saving = useSave(
    (name: string) => send(fillPath(keysPath, place), { method: 'POST', body: { name } }),
    () => {
      setMade((count) => count + 1);
      return client.invalidateQueries({ queryKey: keysQuery(place.org, place.project).queryKey });
    },
  );
  return (
    <Panel title={t('create')} text={t('createText')}>
      <Form
        key={made}
        errors={saving.errors}
        onSubmit={(values) => saving.save(String(values.get('name') ?? '').trim())}
      >
        <TextField name="name" label={t('name')} required maxLength={64} />
        <SaveBar saving={saving} label={t('createButton')} />
      </Form>
    </Panel>
  );
}

/** The keys with which programs may send events to a project. */
export function KeysPage() {
  const { org = '', project = '' } = useParams({ strict: false }) as Partial<Place>;
  const place = { org, project };
  const query = useQuery(keysQuery(org, project));
  return (
    <Page title={t('title')} text={t('text')}>
      <Loading query={query}>
        {(keys) =>
          keys.length > 0 ? (
            <ul className={c.keys}>
              {keys.map((item) => (
                <Key key={item.id} item={item} place={place} />
              ))}
            </ul>
          ) : (
            <EmptyState icon={KeyRound} title={t('noneTitle')}>
              {t('noneText')}
            </EmptyState>
          )
        }
      </Loading>
      <NewKey place={place} />
    </Page>
  );
}
