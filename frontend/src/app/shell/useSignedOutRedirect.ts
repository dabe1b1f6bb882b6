import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { SessionState } from '@/api/session.ts';

/** Nobody is signed in: the sign-in page, and afterwards back to here. */
export const useSignedOutRedirect = (state: SessionState): void => {
  const navigate = useNavigate();
  useEffect(() => {
    if (state !== 'signed-out') return;
    const here = location.pathname + location.search + location.hash;
    void navigate({ to: '/auth/login/', search: here === '/' ? {} : { next: here }, replace: true });
  }, [state, navigate]);
};
