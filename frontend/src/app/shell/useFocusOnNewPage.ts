import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** When what had the focus has gone with its page, the new page gets it, so that reading and tabbing begin there. */
export const useFocusOnNewPage = (): void => {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current !== undefined && last.current !== path && document.activeElement === document.body) {
      document.getElementById('main')?.focus({ preventScroll: true });
    }
    last.current = path;
  }, [path]);
};
