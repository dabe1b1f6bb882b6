import { useQuery } from '@tanstack/react-query';
import { useMatches } from '@tanstack/react-router';
import { Moon, Search, Sun } from 'lucide-react';
import { meQuery } from '@/api/queries.ts';
import { registry } from '@/lib/actions/registry.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { shownTheme, usePreferences } from '@/lib/preferences.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { IconButton } from '@/ui/IconButton.tsx';
import { Kbd } from '@/ui/Kbd.tsx';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import type { MenuEntry } from '@/ui/MenuPopup.tsx';
import { PageFilters } from './PageFilters.tsx';
import c from './TopBar.module.css';

const t = defineMessages({ search: 'Search or jump to', theme: 'Switch theme', account: 'Account of {name}' });

const run = (id: string) => registry.find(id)?.run();

function AccountMenu() {
  const { data: me } = useQuery(meQuery());
  const name = me?.name || me?.email || '…';
  const actions = ['account', 'shortcuts', 'sign-out'].flatMap((id): MenuEntry[] => {
    const action = registry.find(id);
    return action ? [{ id, label: action.label, ...(action.icon ? { icon: action.icon } : {}) }] : [];
  });
  const items: MenuEntry[] = [{ id: 'who', label: me?.email ?? name, disabled: true }, ...actions];
  return (
    <LazyMenu
      label={t('account', { name })}
      variant="ghost"
      icon
      className={c.me}
      items={items}
      onPick={run}
      data-test-id="account-menu"
    >
      <Avatar name={name} size={26} />
    </LazyMenu>
  );
}

/** One place for project, environment and time, the search and the account: the same on every page. */
export function TopBar() {
  const filtered = useMatches().some((match) => match.staticData.pageFilters);
  const { theme } = usePreferences();
  return (
    <header className={c.top}>
      {filtered && <PageFilters />}
      <button type="button" className={c.search} onClick={() => run('palette')} data-test-id="open-palette">
        <Search size={14} aria-hidden="true" />
        <span className={c.prompt}>{t('search')}</span>
        <Kbd keys="Mod+k" />
      </button>
      <span className={c.wide}>
        <IconButton
          label={t('theme')}
          keys="t"
          icon={shownTheme(theme) === 'dark' ? Sun : Moon}
          size="sm"
          onPress={() => run('theme')}
          data-test-id="theme"
        />
      </span>
      <AccountMenu />
    </header>
  );
}
