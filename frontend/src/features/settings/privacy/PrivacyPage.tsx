/** The pages of what is kept of an event, in a chunk of their own. The routes load them from here. */
export { FiltersPage } from './FiltersPage.tsx';
export { OrganizationPrivacyPage } from './OrganizationPrivacyPage.tsx';
export { ProjectPrivacyPage } from './ProjectPrivacyPage.tsx';
