import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Problem } from '@/api/problem.ts';
import { meQuery } from '@/api/queries.ts';
import { signedIn } from '@/api/session.ts';
import type { User } from '@/api/types.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Button } from '@/ui/Button.tsx';
import { Checkbox } from '@/ui/Checkbox.tsx';
import { Form } from '@/ui/Form.tsx';
import { IconButton } from '@/ui/IconButton.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { authConfigQuery, signIn } from './queries.ts';
import c from './SignInForm.module.css';
import { t } from './strings.ts';

const DEFAULT_WAIT = 30;

type Failure = { text: string; until?: number };

const failureOf = (error: unknown): Failure => {
  if (error instanceof Problem && error.status === 429) {
    return { text: '', until: Date.now() + (error.retryAfter ?? DEFAULT_WAIT) * 1000 };
  }
  return { text: error instanceof Error ? error.message : String(error) };
};

const useSecondsLeft = (until: number | undefined): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!until) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until ? Math.max(0, Math.ceil((until - now) / 1000)) : 0;
};

function PasswordField() {
  const [shown, show] = useState(false);
  return (
    <div className={c.password}>
      <TextField
        name="password"
        label={t('password')}
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        required
        data-test-id="password"
      />
      <IconButton
        label={t(shown ? 'hide' : 'show')}
        icon={shown ? EyeOff : Eye}
        className={c.reveal}
        onPress={() => show(!shown)}
      />
    </div>
  );
}

/** E-mail and password; used by the page and by the dialog over an expired one. */
export function SignInForm({ email, onSignedIn }: { email?: string | undefined; onSignedIn: (user: User) => void }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const left = useSecondsLeft(failure?.until);
  useQuery(authConfigQuery());
  const submit = (values: FormData) => {
    setBusy(true);
    setFailure(undefined);
    signIn({
      username: String(values.get('username')),
      password: String(values.get('password')),
      remember: values.has('remember'),
    })
      .then((user) => {
        onSignedIn(user);
        client.setQueryData(meQuery().queryKey, user);
        signedIn();
      })
      .catch((error: unknown) => setFailure(failureOf(error)))
      .finally(() => setBusy(false));
  };
  const message = left > 0 ? t('wait', { n: left }) : failure?.text;
  return (
    <Form onSubmit={submit} aria-label={t('title')} data-test-id="sign-in">
      {message && <Banner tone="error">{message}</Banner>}
      <TextField
        name="username"
        label={t('email')}
        type="email"
        autoComplete="username"
        defaultValue={email}
        autoFocus={!email}
        required
        data-test-id="email"
      />
      <PasswordField />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: Checkbox is the control. */}
      <label className={c.remember}>
        <Checkbox name="remember" />
        {t('remember')}
      </label>
      <Button
        type="submit"
        variant="primary"
        size="lg"
        busy={busy}
        isDisabled={left > 0}
        className={c.submit}
        data-test-id="submit"
      >
        {t('title')}
      </Button>
    </Form>
  );
}
