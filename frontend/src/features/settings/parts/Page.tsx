import type { ReactNode } from 'react';
import { useTitle } from '@/lib/useTitle.ts';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import c from './Page.module.css';

type Loaded<T> = { data: T | undefined; error: Error | null; refetch: () => unknown };

/** A settings page: its heading, and its content once that is there. */
export function Page({
  title,
  up,
  text,
  aside,
  children,
}: {
  title: string;
  /** The way up, above the title. */
  up?: ReactNode;
  text?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={c.page}>
      <header className={c.head}>
        <div>
          {up}
          <h1>{title}</h1>
          {text && <p>{text}</p>}
        </div>
        {aside}
      </header>
      {children}
    </div>
  );
}

/** What an answer shows, or why there is none yet. */
export function Loading<T>({
  query,
  rows = 4,
  children,
}: {
  query: Loaded<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={rows} height={44} />;
}
