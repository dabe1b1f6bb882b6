import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { session } from '@/api/session.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useStore } from '@/lib/store.ts';
import { useShellActions } from '../actions/useShellActions.ts';
import c from './AppShell.module.css';
import { BottomBar } from './BottomBar.tsx';
import { NavRail } from './NavRail.tsx';
import { OutageBanner } from './OutageBanner.tsx';
import { TopBar } from './TopBar.tsx';
import { useFocusOnNewPage } from './useFocusOnNewPage.ts';
import { usePreferenceSync } from './usePreferenceSync.ts';
import { useSignedOutRedirect } from './useSignedOutRedirect.ts';

const CommandPalette = lazy(() => import('../actions/CommandPalette.tsx'));
const ShortcutSheet = lazy(() => import('../actions/ShortcutSheet.tsx'));
const SignInDialog = lazy(() => import('@/features/auth/SignInDialog.tsx'));

const t = defineMessages({ skip: 'Skip to content' });

export type ShellOverlay = 'palette' | 'shortcuts';

/** The frame around every page: rail, top bar, and what floats above. */
function Frame({ expired }: { expired: boolean }) {
  const [overlay, setOverlay] = useState<ShellOverlay>();
  const close = () => setOverlay(undefined);
  useShellActions(setOverlay);
  useFocusOnNewPage();
  usePreferenceSync();
  return (
    <div className={c.shell}>
      <a href="#main" className={c.skip}>
        {t('skip')}
      </a>
      <NavRail />
      <TopBar />
      <main id="main" className={c.main} tabIndex={-1} data-scroll-restoration-id="main">
        <OutageBanner />
        <Outlet />
      </main>
      <BottomBar />
      <Suspense>
        {overlay === 'palette' && <CommandPalette onClose={close} />}
        {overlay === 'shortcuts' && <ShortcutSheet onClose={close} />}
        {expired && <SignInDialog />}
      </Suspense>
    </div>
  );
}

/** Everything behind the sign-in. Nothing is asked for on behalf of nobody. */
export function AppShell() {
  const state = useStore(session);
  useSignedOutRedirect(state);
  return state === 'signed-out' ? null : <Frame expired={state === 'expired'} />;
}
