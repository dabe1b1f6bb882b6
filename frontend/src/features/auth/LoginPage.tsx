import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { session } from '@/api/session.ts';
import { common } from '@/lib/i18n/en.ts';
import { useStore } from '@/lib/store.ts';
import { localPath } from '@/lib/url.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Logo } from '@/ui/Logo.tsx';
import c from './LoginPage.module.css';
import { authConfigQuery } from './queries.ts';
import { loginRoute } from './routes.ts';
import { SignInForm } from './SignInForm.tsx';
import { t } from './strings.ts';

/** The only page without the shell. Somebody who is signed in already goes on at once. */
export function LoginPage() {
  const { next } = loginRoute.useSearch();
  const router = useRouter();
  const navigate = useNavigate();
  const client = useQueryClient();
  const config = useQuery(authConfigQuery());
  const state = useStore(session);
  useTitle(t('title'));
  useEffect(() => {
    if (state !== 'signed-in' && config.data?.needsLogin !== false) return;
    // The session was there, only not the cookie that tells of it; with the answer that has come back.
    if (state === 'signed-out') session.set('unknown');
    void navigate({ href: localPath(next), replace: true });
  }, [state, config.data, next, navigate]);
  return (
    <main className={c.page}>
      <div className={c.card}>
        <header className={c.head}>
          <Logo size={36} />
          <h1>{common('product')}</h1>
          <p>{t('lead', { host: location.host })}</p>
        </header>
        <SignInForm
          onSignedIn={() => {
            client.clear();
            void router.invalidate();
          }}
        />
      </div>
      <details className={c.note}>
        <summary>{t('firstTime')}</summary>
        {t('firstRun')}
      </details>
      {config.data?.version && <p className={c.version}>{t('version', { version: config.data.version })}</p>}
    </main>
  );
}
