import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { send } from '@/api/client.ts';
import { meQuery } from '@/api/queries.ts';
import type { UserOptions } from '@/api/types.ts';
import { type Preferences, preferences } from '@/lib/preferences.ts';

const mirrored = ['theme', 'density', 'frameMode'] as const;
const PAUSE = 1000;

const pick = (options: Pick<Preferences, (typeof mirrored)[number]>): UserOptions =>
  Object.fromEntries(mirrored.map((key) => [key, options[key]]));

const allowed: Record<(typeof mirrored)[number], readonly string[]> = {
  theme: ['system', 'light', 'dark'],
  density: ['comfortable', 'compact'],
  frameMode: ['app', 'all', 'raw'],
};

/** What the server remembers, as far as it is something we know. */
export const readOptions = (options: UserOptions | undefined): Partial<Preferences> =>
  Object.fromEntries(
    mirrored.flatMap((key) => (allowed[key].includes(options?.[key] ?? '') ? [[key, options?.[key]]] : [])),
  );

/** Keeps the preferences of this browser and of the account alike: taken over once, sent when they change. */
export const usePreferenceSync = (): void => {
  const { data: me } = useQuery(meQuery());
  useEffect(() => {
    if (me && preferences.isFresh()) preferences.change(readOptions(me.options));
  }, [me]);
  useEffect(() => {
    let sent = JSON.stringify(pick(preferences.get()));
    let timer: ReturnType<typeof setTimeout>;
    const stop = preferences.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const options = pick(preferences.get());
        if (JSON.stringify(options) === sent) return;
        sent = JSON.stringify(options);
        // The browser keeps them in any case; the account catches up with the next change.
        send('/api/0/users/me/', { method: 'PUT', body: { options }, signIn: false }).catch(() => undefined);
      }, PAUSE);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
};
