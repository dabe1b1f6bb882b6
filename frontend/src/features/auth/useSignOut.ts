import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { problemStatus } from '@/api/problem.ts';
import { signedOut } from '@/api/session.ts';
import { toast } from '@/ui/toast.ts';
import { signOut } from './queries.ts';
import { t } from './strings.ts';

/** Ends the session on the server first; the page only forgets when that worked, or when it was over already. */
export const useSignOut = (): (() => void) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  return () => {
    const leave = () => {
      signedOut();
      client.clear();
      return navigate({ to: '/auth/login/', search: {} });
    };
    signOut().then(leave, (error: unknown) =>
      problemStatus(error) === 401 ? leave() : toast({ tone: 'error', text: t('signOutFailed') }),
    );
  };
};
