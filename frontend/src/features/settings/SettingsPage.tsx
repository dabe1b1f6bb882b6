/**
 * Every page of the settings in one chunk: each is small, and whoever opens one soon opens another. The routes load it
 * from here.
 */
export { DetailsPage } from './account/DetailsPage.tsx';
export { NewTokenPage } from './account/NewTokenPage.tsx';
export { SecurityPage } from './account/SecurityPage.tsx';
export { TokensPage } from './account/TokensPage.tsx';
export { OrganizationGeneralPage } from './organization/GeneralPage.tsx';
export { MembersPage } from './organization/MembersPage.tsx';
export { OrganizationProjectsPage } from './organization/ProjectsPage.tsx';
export { TeamsPage } from './organization/TeamsPage.tsx';
export { ProjectGeneralPage } from './project/GeneralPage.tsx';
export { KeyPage } from './project/KeyPage.tsx';
export { KeysPage } from './project/KeysPage.tsx';
export { SettingsLayout } from './SettingsLayout.tsx';
