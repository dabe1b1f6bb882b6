import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { SessionState } from '@/api/session.ts';

/** Nobody is signed in: the sign-in page, and afterwards back to here. */
export const useSignedOutRedirect = (state: SessionState): void => {
  const router = useRouter();
  useEffect(() => {
    if (state !== 'signed-out') return;
    const { href: here, pathname } = router.latestLocation;
    if (pathname === '/auth/login/') return; // who signed out is on the way already
    void router.navigate({ to: '/auth/login/', search: here === '/' ? {} : { next: here }, replace: true });
  }, [state, router]);
};
