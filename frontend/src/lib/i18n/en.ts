import { defineMessages } from './t.ts';

/** Words that every part of the interface uses. A feature's own sentences stay in the feature. */
export const common = defineMessages({
  product: 'Vedette',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  saved: 'Saved',
  delete: 'Delete',
  undo: 'Undo',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  loading: 'Loading',
  optional: 'optional',
  clear: 'Clear',
  more: 'More',
  none: 'None',
  notifications: 'Notifications',
});
