import { RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Problem } from '@/api/problem.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import c from './ErrorState.module.css';

const t = defineMessages({
  offline: 'The server cannot be reached',
  denied: 'You do not have access to this',
  missing: 'This does not exist, or you do not have access to it',
  busy: 'Too many requests',
  unavailable: 'The server cannot answer right now',
  refused: 'The server did not accept this request',
  broken: 'Something went wrong',
  wait: { one: 'Try again in {n} second', other: 'Try again in {n} seconds' },
  request: 'Request id',
});

const titles: readonly [matches: (status: number) => boolean, key: Parameters<typeof t>[0]][] = [
  [(status) => status === 0, 'offline'],
  [(status) => status === 403, 'denied'],
  [(status) => status === 404, 'missing'],
  [(status) => status === 429, 'busy'],
  [(status) => status === 503, 'unavailable'],
  [(status) => status >= 400 && status < 500, 'refused'],
];

const titleOf = (error: unknown): string => {
  const status = error instanceof Problem ? error.status : Number.NaN;
  const key = titles.find(([matches]) => matches(status))?.[1] ?? 'broken';
  return t(key as 'broken');
};

const useCountdown = (seconds: number): number => {
  const [left, setLeft] = useState(seconds);
  useEffect(() => setLeft(seconds), [seconds]);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
};

/** What happened, what the server said, and a way on. With a wait from the server, the button counts it down. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = error instanceof Problem ? error : undefined;
  const left = useCountdown(problem?.retryAfter ?? 0);
  return (
    <div className={c.error} role="alert" data-test-id="error-state">
      <h2>{titleOf(error)}</h2>
      <p className={c.text}>{error instanceof Error ? error.message : ''}</p>
      {problem?.requestId && (
        <p className={c.request}>
          {t('request')} <code>{problem.requestId}</code>
          <CopyButton text={problem.requestId} />
        </p>
      )}
      {onRetry && (
        <Button onPress={onRetry} isDisabled={left > 0} data-test-id="retry">
          <RotateCw size={14} aria-hidden="true" />
          {left > 0 ? t('wait', { n: left }) : common('retry')}
        </Button>
      )}
    </div>
  );
}
