import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Button } from '@/ui/Button.tsx';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';

const t = defineMessages({
  missing: 'There is no page at this address',
  missingText: 'The link may be old, or its end may have been cut off.',
  home: 'Go to the issues',
});

/** What a page shows when it could not be drawn. The rest of the application goes on. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} onRetry={retry} />;
}

export function NotFoundPage() {
  const router = useRouter();
  useTitle(t('missing'));
  return (
    <EmptyState
      icon={Compass}
      title={t('missing')}
      level="h1"
      action={<Button onPress={() => router.navigate({ to: '/' })}>{t('home')}</Button>}
    >
      {t('missingText')}
    </EmptyState>
  );
}
