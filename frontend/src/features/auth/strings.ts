import { defineMessages } from '@/lib/i18n/t.ts';

export const t = defineMessages({
  title: 'Sign in',
  lead: 'Sign in to {host}',
  email: 'E-mail',
  password: 'Password',
  remember: 'Stay signed in on this device',
  show: 'Show the password',
  hide: 'Hide the password',
  firstTime: 'First time here?',
  firstRun:
    'The first administrator and the password were printed by “make up”; “make -s credentials” shows them again until the password is changed.',
  wait: { one: 'Too many attempts. Try again in {n} second.', other: 'Too many attempts. Try again in {n} seconds.' },
  expired: 'Your session has ended',
  expiredText: 'Sign in again to go on where you are. Nothing you typed is lost.',
  version: 'Version {version}',
  signOutFailed: 'Signing out did not reach the server. You may still be signed in.',
});
