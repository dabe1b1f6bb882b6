import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

type Change = Record<string, unknown>;

/**
 * Changes some keys of the current address and leaves the rest, unknown keys too. `replace` for typing and dragging, a new
 * history entry for submitting, sorting and zooming.
 */
export const useSearchChange = (): ((change: Change, options?: { replace?: boolean }) => void) => {
  const navigate = useNavigate();
  return useCallback(
    (change, { replace = false } = {}) => {
      // The one place where a search is changed without knowing the route, hence the cast.
      const search = ((previous: Change) => ({ ...previous, ...change })) as never;
      void navigate({ to: './', search, replace, resetScroll: !replace });
    },
    [navigate],
  );
};
