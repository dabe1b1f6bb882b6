import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { shellRoute } from '@/lib/routing/parents.ts';

const staticData = { nav: 'settings' };

/** Sentry's addresses: /settings/account/…, /settings/{org}/…, /settings/{org}/projects/{project}/… */
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'settings',
  staticData,
  component: lazyRouteComponent(() => import('./SettingsLayout.tsx'), 'SettingsLayout'),
});

const child = { getParentRoute: () => settingsRoute };

const index = createRoute({
  ...child,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/account/details/', replace: true });
  },
});
const account = createRoute({
  ...child,
  path: 'account',
  beforeLoad: () => {
    throw redirect({ to: '/settings/account/details/', replace: true });
  },
});
const accountDetails = createRoute({
  ...child,
  path: 'account/details',
  staticData,
  component: lazyRouteComponent(() => import('./account/DetailsPage.tsx'), 'DetailsPage'),
});
const accountSecurity = createRoute({
  ...child,
  path: 'account/security',
  staticData,
  component: lazyRouteComponent(() => import('./account/SecurityPage.tsx'), 'SecurityPage'),
});
const accountTokens = createRoute({
  ...child,
  path: 'account/api/auth-tokens',
  staticData,
  component: lazyRouteComponent(() => import('./account/TokensPage.tsx'), 'TokensPage'),
});
const accountNewToken = createRoute({
  ...child,
  path: 'account/api/auth-tokens/new-token',
  staticData,
  component: lazyRouteComponent(() => import('./account/NewTokenPage.tsx'), 'NewTokenPage'),
});
const organization = createRoute({
  ...child,
  path: '$org',
  staticData,
  component: lazyRouteComponent(() => import('./organization/GeneralPage.tsx'), 'OrganizationGeneralPage'),
});
const organizationProjects = createRoute({
  ...child,
  path: '$org/projects',
  staticData,
  component: lazyRouteComponent(() => import('./organization/ProjectsPage.tsx'), 'OrganizationProjectsPage'),
});
const members = createRoute({
  ...child,
  path: '$org/members',
  staticData,
  component: lazyRouteComponent(() => import('./organization/MembersPage.tsx'), 'MembersPage'),
});
const teams = createRoute({
  ...child,
  path: '$org/teams',
  staticData,
  component: lazyRouteComponent(() => import('./organization/TeamsPage.tsx'), 'TeamsPage'),
});
const project = createRoute({
  ...child,
  path: '$org/projects/$project',
  staticData,
  component: lazyRouteComponent(() => import('./project/GeneralPage.tsx'), 'ProjectGeneralPage'),
});
const keys = createRoute({
  ...child,
  path: '$org/projects/$project/keys',
  staticData,
  component: lazyRouteComponent(() => import('./project/KeysPage.tsx'), 'KeysPage'),
});
const key = createRoute({
  ...child,
  path: '$org/projects/$project/keys/$keyId',
  staticData,
  component: lazyRouteComponent(() => import('./project/KeyPage.tsx'), 'KeyPage'),
});

const pages = [
  index,
  account,
  accountDetails,
  accountSecurity,
  accountTokens,
  accountNewToken,
  organization,
  organizationProjects,
  members,
  teams,
  project,
  keys,
  key,
] as const;

export const settingsRoutes = [settingsRoute.addChildren(pages)] as const;
