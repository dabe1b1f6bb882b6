import type { LucideIcon } from 'lucide-react';
import { preferences } from '../preferences.ts';
import { chordOf, createSequencer, type Keys, yieldsTo } from './shortcuts.ts';

/** Something a person can do. Button, menu, palette, shortcut and `?` sheet all read this one object. */
export type Action = {
  id: string;
  label: string;
  /** Heading in the palette and on the shortcut sheet. */
  group: string;
  icon?: LucideIcon;
  /** One or more ways to press it; the first is the one that is shown. */
  keys?: Keys | readonly Keys[];
  /** False hides it from palette and keyboard for now. */
  enabled?: () => boolean;
  /** Keeps movements such as "next row" off the palette, where they make no sense. */
  hidden?: boolean;
  run: () => void;
};

export const keysOf = (action: Action): readonly Keys[] =>
  action.keys === undefined ? [] : typeof action.keys === 'string' ? [action.keys] : action.keys;

const isEnabled = (action: Action): boolean => action.enabled?.() ?? true;

type Layer = { actions: readonly Action[]; base: boolean };
const layers = new Set<Layer>();
const listeners = new Set<() => void>();
let snapshot: readonly Action[] = [];

/** The page's actions are listed before those that are offered everywhere, and win a contested id or key. */
const changed = (): void => {
  const byId = new Map<string, Action>();
  const pages = [...layers].filter((layer) => !layer.base).reverse();
  const bases = [...layers].filter((layer) => layer.base);
  for (const layer of [...pages, ...bases]) {
    for (const action of layer.actions) if (!byId.has(action.id)) byId.set(action.id, action);
  }
  snapshot = [...byId.values()];
  for (const listener of [...listeners]) listener();
};

export const registry = {
  /** Offers actions until the returned function is called; `base` for those of the shell. */
  add(actions: readonly Action[], { base = false } = {}): () => void {
    const layer = { actions, base };
    layers.add(layer);
    changed();
    return () => {
      layers.delete(layer);
      changed();
    };
  },
  all: (): readonly Action[] => snapshot,
  offered: (): Action[] => snapshot.filter(isEnabled),
  find: (id: string): Action | undefined => snapshot.find((action) => action.id === id),
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

const bound = (keys: Keys): Action | undefined =>
  snapshot.find((action) => keysOf(action).includes(keys) && isEnabled(action));

const isPrefix = (keys: Keys): boolean =>
  snapshot.some((action) => keysOf(action).some((own) => own.startsWith(`${keys} `)) && isEnabled(action));

/** Listens for every shortcut of the application; call once. */
export const listenForShortcuts = (target: Pick<Window, 'addEventListener' | 'removeEventListener'>): (() => void) => {
  const sequence = createSequencer(isPrefix);
  const onKeyDown = (event: KeyboardEvent): void => {
    const chord = chordOf(event);
    if (!chord || event.defaultPrevented || yieldsTo(event.target, chord)) return;
    if (!preferences.get().singleKeys && !/(Mod|Meta|Alt)\+/.test(chord)) return;
    const keys = sequence(chord);
    const action = keys === undefined ? undefined : bound(keys);
    if (!action) return;
    event.preventDefault();
    action.run();
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
};
