import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as v from 'valibot';
import { textOf } from '@/lib/routing/globalSearch.schema.ts';
import { rootRoute } from '@/lib/routing/parents.ts';

const schema = v.object({ next: textOf });
type LoginSearch = { next?: string | undefined };

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'auth/login',
  validateSearch: (search): LoginSearch => v.parse(schema, search),
  component: lazyRouteComponent(() => import('./LoginPage.tsx'), 'LoginPage'),
});

export const authRoutes = [loginRoute] as const;
