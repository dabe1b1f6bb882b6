import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import * as v from 'valibot';
import { type GlobalSearch, globalPart, readGlobalSearch, textOf } from '@/lib/routing/globalSearch.schema.ts';
import { orgRoute, shellRoute } from '@/lib/routing/parents.ts';

const platformEntry = v.looseObject({ platform: textOf });
export type GuideSearch = { platform?: string | undefined };

const readPlatform = (search: Record<string, unknown>): GuideSearch => ({
  platform: v.parse(platformEntry, search).platform,
});

/** First run of an organization: Sentry's address for it. */
export const onboardingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'onboarding/$org',
  staticData: { nav: 'issues' },
  validateSearch: readPlatform,
  component: lazyRouteComponent(() => import('./OnboardingPage.tsx'), 'OnboardingPage'),
});

/** Sentry has a page for each step; here they are one page. */
const onboardingStepRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'onboarding/$org/$step',
  beforeLoad: ({ params: { org } }) => {
    throw redirect({ to: '/onboarding/$org/', params: { org }, replace: true });
  },
});

export const gettingStartedRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'projects/$project/getting-started',
  staticData: { nav: 'projects' },
  validateSearch: (search: Record<string, unknown>): GlobalSearch & GuideSearch => ({
    ...globalPart(readGlobalSearch(search)),
    ...readPlatform(search),
  }),
  component: lazyRouteComponent(() => import('./GettingStartedPage.tsx'), 'GettingStartedPage'),
});

export const newProjectRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'projects/new',
  staticData: { nav: 'projects' },
  component: lazyRouteComponent(() => import('./NewProjectPage.tsx'), 'NewProjectPage'),
});

export const onboardingShellRoutes = [onboardingRoute, onboardingStepRoute] as const;
export const onboardingOrgRoutes = [newProjectRoute, gettingStartedRoute] as const;
