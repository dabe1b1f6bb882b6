import { readStored, writeStored } from './storage.ts';
import { createStore, useStore } from './store.ts';

export type Preferences = {
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  /** Which frames a stack trace opens with. */
  frameMode: 'app' | 'all' | 'raw';
  /** Single-key shortcuts can be switched off (WCAG 2.1.4). */
  singleKeys: boolean;
};

const defaults: Preferences = { theme: 'system', density: 'comfortable', frameMode: 'app', singleKeys: true };
const store = createStore<Preferences>(
  typeof localStorage === 'undefined'
    ? defaults
    : { ...defaults, ...readStored<Partial<Preferences>>('preferences', {}) },
);

const prefersDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** The theme as shown: "system" resolved. */
export const shownTheme = (theme: Preferences['theme']): 'light' | 'dark' =>
  theme === 'system' ? (prefersDark() ? 'dark' : 'light') : theme;

const paint = ({ theme, density }: Preferences): void => {
  const { dataset } = document.documentElement;
  dataset.theme = shownTheme(theme);
  dataset.density = density;
};

export const preferences = {
  get: store.get,
  subscribe: store.subscribe,
  /** Nothing has been chosen in this browser yet. */
  isFresh: (): boolean => readStored<object | null>('preferences', null) === null,
  /** Changes some preferences: painted at once, kept in this browser, mirrored to the server by whoever subscribes. */
  change(change: Partial<Preferences>): void {
    const next = { ...store.get(), ...change };
    writeStored('preferences', next);
    paint(next);
    store.set(next);
  },
  /** Follows the operating system while the theme is "system". */
  followSystem(): void {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => paint(store.get()));
  },
};

export const usePreferences = (): Preferences => useStore(store);
