import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { orgRoute, shellRoute } from '@/lib/routing/parents.ts';

/** First run of an organization: Sentry's address for it. */
export const onboardingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'onboarding/$org',
  staticData: { nav: 'issues' },
  component: lazyRouteComponent(() => import('./OnboardingPage.tsx'), 'OnboardingPage'),
});

export const gettingStartedRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'projects/$project/getting-started',
  staticData: { nav: 'projects' },
  component: lazyRouteComponent(() => import('./GettingStartedPage.tsx'), 'GettingStartedPage'),
});

export const onboardingShellRoutes = [onboardingRoute] as const;
export const onboardingOrgRoutes = [gettingStartedRoute] as const;
