import { send } from '@/api/client.ts';
import { apiOptions } from '@/api/options.ts';
import { STALE } from '@/api/stale.ts';
import type { User } from '@/api/types.ts';

type AuthConfig = { publicUrl: string; version: string; canRegister: boolean; needsLogin: boolean };

/** Also makes the server set the CSRF cookie, which the sign-in needs. */
export const authConfigQuery = () =>
  apiOptions<AuthConfig>()('/api/0/auth/config/', { staleTime: STALE.calm, signIn: false });

export type Credentials = { username: string; password: string; remember: boolean };

export const signIn = async (credentials: Credentials): Promise<User> => {
  const reply = await send<{ user: User }>('/api/0/auth/login/', { method: 'POST', body: credentials, signIn: false });
  return reply.data.user;
};

export const signOut = () => send('/api/0/auth/', { method: 'DELETE', signIn: false });
