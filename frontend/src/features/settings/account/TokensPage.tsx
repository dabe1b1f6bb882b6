import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from '@/ui/Button.tsx';
import primary from '@/ui/buttonLink.module.css';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import { toast } from '@/ui/toast.ts';
import { Loading, Page } from '../parts/Page.tsx';
import { type Token, tokensPath, tokensQuery } from '../queries.ts';
import c from './TokensPage.module.css';

const ConfirmDialog = lazy(() => import('@/ui/ConfirmDialog.tsx'));

const t = defineMessages({
  title: 'API tokens',
  text: 'A token lets a program act in your name, within its scopes. Send it as “Authorization: Bearer …”.',
  create: 'New token',
  label: 'Your API tokens',
  noneTitle: 'No token yet',
  noneText: 'Create one for a script, a CI job or the command line.',
  name: 'Name',
  unnamed: 'Without a name',
  scopes: 'Scopes',
  noScopes: 'none',
  created: 'Created',
  ago: ' ago',
  revoke: 'Revoke',
  revokeLabel: 'Revoke {name}',
  revokeTitle: 'Revoke {name}?',
  revokeText: 'Programs that use this token are refused from then on. This cannot be taken back.',
  revoked: '{name} is revoked',
});

const nameOf = ({ name }: Token): string => name || t('unnamed');

const columnsFor = (revoke: (token: Token) => void): TableColumn<Token>[] => [
  {
    id: 'name',
    header: t('name'),
    cell: (token) => (
      <>
        <b className={c.name}>{nameOf(token)}</b>{' '}
        {token.tokenLastCharacters && <code className={c.end}>…{token.tokenLastCharacters}</code>}
      </>
    ),
  },
  {
    id: 'scopes',
    header: t('scopes'),
    optional: true,
    cell: ({ scopes }) => <span className={c.scopes}>{scopes.join(' ') || t('noScopes')}</span>,
  },
  {
    id: 'created',
    header: t('created'),
    align: 'end',
    cell: ({ dateCreated }) => (
      <span className={c.age}>
        <TimeAgo iso={dateCreated} suffix={t('ago')} />
      </span>
    ),
  },
  {
    id: 'revoke',
    header: <span className="sr-only">{t('revoke')}</span>,
    align: 'end',
    cell: (token) => (
      <Button
        size="sm"
        aria-label={t('revokeLabel', { name: nameOf(token) })}
        onPress={() => revoke(token)}
        data-test-id="revoke"
      >
        {t('revoke')}
      </Button>
    ),
  },
];

/** The tokens one has made, and the way to take them back. */
export function TokensPage() {
  const client = useQueryClient();
  const query = useQuery(tokensQuery());
  const [doomed, setDoomed] = useState<Token>();
  const create = (
    <Link to="/settings/account/api/auth-tokens/new-token/" className={primary.button} data-test-id="new-token">
      <Plus size={14} aria-hidden="true" />
      {t('create')}
    </Link>
  );
  const revoke = async (token: Token) => {
    await send(`${tokensPath}${token.id}/`, { method: 'DELETE' });
    toast({ tone: 'success', text: t('revoked', { name: nameOf(token) }) });
    await client.invalidateQueries({ queryKey: tokensQuery().queryKey });
  };
  return (
    <Page title={t('title')} text={t('text')} aside={create}>
      <Loading query={query}>
        {(tokens) =>
          tokens.length > 0 ? (
            <Table label={t('label')} columns={columnsFor(setDoomed)} rows={tokens} rowKey={({ id }) => id} />
          ) : (
            <EmptyState icon={KeyRound} title={t('noneTitle')}>
              {t('noneText')}
            </EmptyState>
          )
        }
      </Loading>
      {doomed && (
        <Suspense>
          <ConfirmDialog
            title={t('revokeTitle', { name: nameOf(doomed) })}
            verb={t('revoke')}
            onConfirm={() => revoke(doomed)}
            onClose={() => setDoomed(undefined)}
          >
            {t('revokeText')}
          </ConfirmDialog>
        </Suspense>
      )}
    </Page>
  );
}
