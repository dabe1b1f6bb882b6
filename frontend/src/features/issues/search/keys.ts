import { levels } from '@/design/tokens.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import type { KnownKey } from './suggest.ts';

const t = defineMessages({
  is: 'state of the issue',
  level: 'how bad',
  assigned: 'who looks after it',
  has: 'a tag is present',
  release: 'version it happened in',
  environment: 'where it happened',
  priority: 'high, medium or low',
  firstSeen: 'when it began',
  lastSeen: 'when it last happened',
  timesSeen: 'number of events',
  age: 'how long ago it began',
  bookmarks: 'bookmarked by',
  message: 'text of the event',
  transaction: 'name of the transaction',
  tag: 'tag',
  recent: 'recent',
});

const times = ['-1h', '-24h', '-7d', '+14d'] as const;

/** What every issue can be searched by. Tags of the organization come beside these. */
export const issueKeys: readonly KnownKey[] = [
  {
    key: 'is',
    detail: t('is'),
    values: [
      'unresolved',
      'resolved',
      'archived',
      'new',
      'ongoing',
      'regressed',
      'escalating',
      'assigned',
      'unassigned',
    ],
  },
  { key: 'level', detail: t('level'), values: levels },
  { key: 'assigned', detail: t('assigned'), values: ['me', 'none', 'my_teams'] },
  { key: 'has', detail: t('has') },
  { key: 'release', detail: t('release') },
  { key: 'environment', detail: t('environment') },
  { key: 'issue.priority', detail: t('priority'), values: ['high', 'medium', 'low'] },
  { key: 'firstSeen', detail: t('firstSeen'), values: times },
  { key: 'lastSeen', detail: t('lastSeen'), values: times },
  { key: 'age', detail: t('age'), values: times },
  { key: 'timesSeen', detail: t('timesSeen'), values: ['>10', '>100', '>1000'] },
  { key: 'bookmarks', detail: t('bookmarks'), values: ['me'] },
  { key: 'message', detail: t('message') },
  { key: 'transaction', detail: t('transaction') },
];

/** Keys the server knows besides: they are right, though not worth a suggestion. */
const quiet = new Set(
  (
    'id issue issue.id issue.type issue.category assigned_to assigned_or_suggested bookmarked_by subscribed_by subscribed ' +
    'first_seen last_seen first_release firstRelease times_seen user user.id user.email user.username user.ip user_count ' +
    'error.type error.value error.handled error.unhandled error.mechanism stack.filename stack.function stack.module ' +
    'stack.abs_path stack.in_app platform platform.name device device.family os os.name browser browser.name http.url ' +
    'http.method http.status_code trace release.version release.build release.package dist sdk.name title culprit location ' +
    'timestamp date event.type event.timestamp status substatus linked app url server_name logger'
  ).split(' '),
);

export const tagDetail = (): string => t('tag');
export const recentDetail = (): string => t('recent');

export const isKnownKey = (key: string, tags: readonly string[]): boolean =>
  issueKeys.some((known) => known.key === key) ||
  quiet.has(key) ||
  tags.includes(key) ||
  /^(tags|flags)\[/.test(key) ||
  /^(device|os|geo|app|gpu|runtime|browser)\./.test(key);
