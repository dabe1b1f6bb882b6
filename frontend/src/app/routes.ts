import { createRoute, redirect } from '@tanstack/react-router';
import { organizationsQuery } from '@/api/queries.ts';
import { session } from '@/api/session.ts';
import { authRoutes } from '@/features/auth/routes.ts';
import { issueRoutes } from '@/features/issues/issue/routes.ts';
import { issueStreamRoutes } from '@/features/issues/routes.ts';
import { onboardingOrgRoutes, onboardingShellRoutes } from '@/features/onboarding/routes.ts';
import { projectRoutes } from '@/features/projects/routes.ts';
import { settingsRoutes } from '@/features/settings/routes.ts';
import { usageRoutes } from '@/features/usage/routes.ts';
import { orgRoute, rootRoute, shellRoute } from '@/lib/routing/parents.ts';
import { readStored } from '@/lib/storage.ts';
import { ErrorPage, NotFoundPage } from './errorBoundary.tsx';
import { AppShell } from './shell/AppShell.tsx';

/** The front door leads to the issues of the organization visited last. */
const indexRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    if (session.get() === 'signed-out') return;
    const organizations = await context.queryClient.ensureQueryData(organizationsQuery());
    const last = readStored<string>('org', '');
    const org = organizations.find(({ slug }) => slug === last) ?? organizations[0];
    if (org) throw redirect({ to: '/organizations/$org/issues/', params: { org: org.slug }, replace: true });
  },
});

/** Any other address keeps the frame, so that there is a way on. */
const unknownRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: NotFoundPage });

rootRoute.update({ errorComponent: ErrorPage, notFoundComponent: NotFoundPage });
shellRoute.update({ component: AppShell, errorComponent: ErrorPage, notFoundComponent: NotFoundPage });

/** Every feature brings its own routes; here they only meet. */
export const routeTree = rootRoute.addChildren([
  ...authRoutes,
  shellRoute.addChildren([
    indexRoute,
    unknownRoute,
    ...onboardingShellRoutes,
    ...settingsRoutes,
    orgRoute.addChildren([
      ...issueStreamRoutes,
      ...issueRoutes,
      ...projectRoutes,
      ...usageRoutes,
      ...onboardingOrgRoutes,
    ]),
  ]),
]);
