import { Outlet } from '@tanstack/react-router';
import c from './SettingsLayout.module.css';
import { SettingsNav } from './SettingsNav.tsx';

/** Settings: what there is at the left, one page of it at the right. */
export function SettingsLayout() {
  return (
    <div className={c.layout}>
      <SettingsNav />
      <Outlet />
    </div>
  );
}
