import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { orgRoute } from '@/lib/routing/parents.ts';

export const projectsRoute = createRoute({
  getParentRoute: () => orgRoute,
  path: 'projects',
  staticData: { nav: 'projects' },
  component: lazyRouteComponent(() => import('./ProjectsPage.tsx'), 'ProjectsPage'),
});

export const projectRoutes = [projectsRoute] as const;
