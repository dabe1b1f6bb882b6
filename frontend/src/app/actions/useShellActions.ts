import { useNavigate } from '@tanstack/react-router';
import { CircleUser, Keyboard, LogOut, Moon, Rows3, Search, Undo2 } from 'lucide-react';
import { useOrg } from '@/api/useOrg.ts';
import { useSignOut } from '@/features/auth/useSignOut.ts';
import type { Action } from '@/lib/actions/registry.ts';
import { useActions } from '@/lib/actions/useActions.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { preferences, shownTheme } from '@/lib/preferences.ts';
import { rememberedFilters } from '@/lib/routing/filters.ts';
import { canUndo, undoLast } from '@/ui/toast.ts';
import type { ShellOverlay } from '../shell/AppShell.tsx';
import { t as nav, navEntries } from '../shell/nav.ts';

const t = defineMessages({
  everywhere: 'Everywhere',
  palette: 'Search or jump to',
  shortcuts: 'Keyboard shortcuts',
  theme: 'Switch theme',
  density: 'Switch row density',
  undo: 'Undo the last change',
  account: 'Account settings',
  signOut: 'Sign out',
});

const switchTheme = (): void =>
  preferences.change({ theme: shownTheme(preferences.get().theme) === 'dark' ? 'light' : 'dark' });

const switchDensity = (): void =>
  preferences.change({ density: preferences.get().density === 'compact' ? 'comfortable' : 'compact' });

/** What can be done from every page. */
export const useShellActions = (open: (overlay: ShellOverlay) => void): void => {
  const navigate = useNavigate();
  const org = useOrg();
  const signOut = useSignOut();
  const group = t('everywhere');
  const places: Action[] = navEntries.map((entry) => ({
    id: `go-${entry.id}`,
    label: nav('goTo', { place: entry.label }),
    group: nav('go'),
    icon: entry.icon,
    keys: entry.keys,
    run: () =>
      void navigate({ to: entry.to, params: { org }, search: entry.id === 'issues' ? rememberedFilters(org) : {} }),
  }));
  useActions(
    [
      ...places,
      {
        id: 'palette',
        label: t('palette'),
        group,
        icon: Search,
        keys: 'Mod+k',
        hidden: true,
        run: () => open('palette'),
      },
      { id: 'shortcuts', label: t('shortcuts'), group, icon: Keyboard, keys: '?', run: () => open('shortcuts') },
      { id: 'theme', label: t('theme'), group, icon: Moon, keys: 't', run: switchTheme },
      { id: 'density', label: t('density'), group, icon: Rows3, keys: 'd', run: switchDensity },
      { id: 'undo', label: t('undo'), group, icon: Undo2, keys: 'z', enabled: canUndo, run: undoLast },
      { id: 'account', label: t('account'), group, icon: CircleUser, run: () => void navigate({ to: '/settings/' }) },
      { id: 'sign-out', label: t('signOut'), group, icon: LogOut, run: signOut },
    ],
    { base: true },
  );
};
