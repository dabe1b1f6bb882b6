/** The tabs that are lists, in one chunk: each is small. */
export { EventsTab } from './EventsTab.tsx';
export { TagsTab } from './TagsTab.tsx';
export { TagTab } from './TagTab.tsx';
