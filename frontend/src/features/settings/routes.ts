import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/lib/routing/parents.ts';

/** Sentry's addresses: /settings/account/…, /settings/{org}/…, /settings/{org}/projects/{project}/… */
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'settings',
  staticData: { nav: 'settings' },
  component: lazyRouteComponent(() => import('./SettingsPage.tsx'), 'SettingsPage'),
});

export const settingsRoutes = [settingsRoute] as const;
