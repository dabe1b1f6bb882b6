import { createStore } from '@/lib/store.ts';

/**
 * What the browser knows about being signed in. "unknown" until the first answer, "expired" when a page that was signed
 * in gets a 401: then a dialog opens over the page and the refused requests wait for it.
 */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'expired';

/** Without this cookie nobody can be signed in: it comes with the session. Spares a visitor a refused request. */
const mayBeSignedIn = (): boolean =>
  typeof document === 'undefined' || /(?:^|; )(?:__Host-)?csrf=/.test(document.cookie);

export const session = createStore<SessionState>(mayBeSignedIn() ? 'unknown' : 'signed-out');
let waiting: (() => void)[] = [];

/** Called for a 401; resolves when somebody has signed in again. */
export const untilSignedIn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    session.set(session.get() === 'signed-in' || session.get() === 'expired' ? 'expired' : 'signed-out');
  });

/** Lets the waiting requests go again. */
export const signedIn = (): void => {
  session.set('signed-in');
  const released = waiting;
  waiting = [];
  for (const release of released) release();
};

/** After signing out on purpose nothing shall be asked again. */
export const signedOut = (): void => {
  waiting = [];
  session.set('signed-out');
};
