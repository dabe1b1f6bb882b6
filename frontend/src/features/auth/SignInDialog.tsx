import { useQuery } from '@tanstack/react-query';
import { meQuery } from '@/api/queries.ts';
import type { User } from '@/api/types.ts';
import { Dialog } from '@/ui/Dialog.tsx';
import c from './SignInDialog.module.css';
import { SignInForm } from './SignInForm.tsx';
import { t } from './strings.ts';

/** Over a page whose session has ended: after signing in the waiting requests go again and the page goes on. */
export default function SignInDialog() {
  const { data: me } = useQuery({ ...meQuery(), enabled: false });
  const leaveIfSomebodyElse = (user: User) => {
    // Another person must not inherit what is on the page.
    if (me && user.id !== me.id) location.assign('/');
  };
  return (
    <Dialog title={t('expired')} onClose={() => undefined} dismissable={false}>
      <p className={c.text}>{t('expiredText')}</p>
      <SignInForm email={me?.email} onSignedIn={leaveIfSomebodyElse} />
    </Dialog>
  );
}
