/** The pages of limits, in a chunk of their own. The routes load them from here. */
export { OrganizationLimitsPage } from './OrganizationLimitsPage.tsx';
export { ProjectLimitsPage } from './ProjectLimitsPage.tsx';
