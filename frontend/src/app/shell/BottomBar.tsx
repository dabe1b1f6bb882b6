import { useNavigate } from '@tanstack/react-router';
import { Activity, Ellipsis } from 'lucide-react';
import { registry } from '@/lib/actions/registry.ts';
import { common } from '@/lib/i18n/en.ts';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import type { MenuEntry } from '@/ui/MenuPopup.tsx';
import c from './BottomBar.module.css';
import { healthText, useIngestHealth } from './IngestHealth.tsx';
import { NavLink } from './NavLink.tsx';
import { navEntries, t } from './nav.ts';

const SHOWN = 5;
/** Actions of the shell that have no other place on a phone. */
const moreActions = ['palette', 'theme', 'account', 'sign-out'];

const actionEntries = (): MenuEntry[] =>
  moreActions.flatMap((id) => {
    const action = registry.find(id);
    return action ? [{ id, label: action.label, ...(action.icon ? { icon: action.icon } : {}) }] : [];
  });

/** The rail of a phone: five places and "More". */
export function BottomBar() {
  const navigate = useNavigate();
  const health = useIngestHealth();
  const rest = navEntries.slice(SHOWN);
  const items: MenuEntry[] = [
    ...rest.map((entry) => ({ id: entry.to, label: entry.label, icon: entry.icon })),
    ...actionEntries(),
    { id: 'health', label: healthText(health), icon: Activity, disabled: true, separated: true },
  ];
  const pick = (id: string) => {
    const action = registry.find(id);
    if (action) action.run();
    else void navigate({ to: id });
  };
  return (
    <nav className={c.bar} aria-label={t('main')}>
      {navEntries.slice(0, SHOWN).map((entry) => {
        const Icon = entry.icon;
        return (
          <NavLink key={entry.id} entry={entry} className={c.item}>
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
            <span>{entry.label}</span>
          </NavLink>
        );
      })}
      <LazyMenu
        label={common('more')}
        variant="ghost"
        className={c.item}
        items={items}
        onPick={pick}
        data-test-id="nav-more"
      >
        <Ellipsis size={18} strokeWidth={1.75} aria-hidden="true" />
        <span>{common('more')}</span>
      </LazyMenu>
    </nav>
  );
}
