import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { shellRoute } from '@/lib/routing/parents.ts';

const staticData = { nav: 'settings' };
const pages = () => import('./SettingsPage.tsx');
const privacy = () => import('./privacy/PrivacyPage.tsx');
const limits = () => import('./limits/LimitsPage.tsx');

/** Sentry's addresses: /settings/account/…, /settings/{org}/…, /settings/{org}/projects/{project}/… */
export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'settings',
  staticData,
  component: lazyRouteComponent(pages, 'SettingsLayout'),
});

const child = { getParentRoute: () => settingsRoute };

const toDetails = {
  beforeLoad: () => {
    throw redirect({ to: '/settings/account/details/', replace: true });
  },
};
const index = createRoute({ ...child, ...toDetails, path: '/' });
const account = createRoute({ ...child, ...toDetails, path: 'account' });
const accountDetails = createRoute({
  ...child,
  path: 'account/details',
  staticData,
  component: lazyRouteComponent(pages, 'DetailsPage'),
});
const accountSecurity = createRoute({
  ...child,
  path: 'account/security',
  staticData,
  component: lazyRouteComponent(pages, 'SecurityPage'),
});
const accountTokens = createRoute({
  ...child,
  path: 'account/api/auth-tokens',
  staticData,
  component: lazyRouteComponent(pages, 'TokensPage'),
});
const accountNewToken = createRoute({
  ...child,
  path: 'account/api/auth-tokens/new-token',
  staticData,
  component: lazyRouteComponent(pages, 'NewTokenPage'),
});
const organization = createRoute({
  ...child,
  path: '$org',
  staticData,
  component: lazyRouteComponent(pages, 'OrganizationGeneralPage'),
});
const organizationProjects = createRoute({
  ...child,
  path: '$org/projects',
  staticData,
  component: lazyRouteComponent(pages, 'OrganizationProjectsPage'),
});
const members = createRoute({
  ...child,
  path: '$org/members',
  staticData,
  component: lazyRouteComponent(pages, 'MembersPage'),
});
const teams = createRoute({
  ...child,
  path: '$org/teams',
  staticData,
  component: lazyRouteComponent(pages, 'TeamsPage'),
});
const organizationPrivacy = createRoute({
  ...child,
  path: '$org/security-and-privacy',
  staticData,
  component: lazyRouteComponent(privacy, 'OrganizationPrivacyPage'),
});
const organizationLimits = createRoute({
  ...child,
  path: '$org/limits',
  staticData,
  component: lazyRouteComponent(limits, 'OrganizationLimitsPage'),
});
const project = createRoute({
  ...child,
  path: '$org/projects/$project',
  staticData,
  component: lazyRouteComponent(pages, 'ProjectGeneralPage'),
});
const filters = createRoute({
  ...child,
  path: '$org/projects/$project/filters',
  staticData,
  component: lazyRouteComponent(privacy, 'FiltersPage'),
});
const projectPrivacy = createRoute({
  ...child,
  path: '$org/projects/$project/security-and-privacy',
  staticData,
  component: lazyRouteComponent(privacy, 'ProjectPrivacyPage'),
});
const projectLimits = createRoute({
  ...child,
  path: '$org/projects/$project/limits',
  staticData,
  component: lazyRouteComponent(limits, 'ProjectLimitsPage'),
});
const keys = createRoute({
  ...child,
  path: '$org/projects/$project/keys',
  staticData,
  component: lazyRouteComponent(pages, 'KeysPage'),
});
const key = createRoute({
  ...child,
  path: '$org/projects/$project/keys/$keyId',
  staticData,
  component: lazyRouteComponent(pages, 'KeyPage'),
});

const routes = [
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
  organizationPrivacy,
  organizationLimits,
  project,
  filters,
  projectPrivacy,
  projectLimits,
  keys,
  key,
] as const;

export const settingsRoutes = [settingsRoute.addChildren(routes)] as const;
