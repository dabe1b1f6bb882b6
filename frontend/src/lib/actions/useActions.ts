import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { type Action, registry } from './registry.ts';

/**
 * Offers actions while the calling component is on the page. `run` and `enabled` are always those of the last render, so
 * the list may be made anew each time; ids and keys must not change between renders.
 */
export const useActions = (actions: readonly Action[], { base = false } = {}): void => {
  const latest = useRef(actions);
  useLayoutEffect(() => {
    latest.current = actions;
  });
  const signature = actions.map((action) => action.id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids say when the set has changed; everything else is read late.
  useEffect(() => {
    const current = (id: string) => latest.current.find((action) => action.id === id);
    return registry.add(
      latest.current.map((action) => ({
        ...action,
        run: () => current(action.id)?.run(),
        enabled: () => current(action.id)?.enabled?.() ?? true,
      })),
      { base },
    );
  }, [signature, base]);
};

/** One registered action, for a button or tooltip that shows its keys. */
export const useAction = (id: string): Action | undefined => {
  useSyncExternalStore(registry.subscribe, registry.all);
  return registry.find(id);
};
