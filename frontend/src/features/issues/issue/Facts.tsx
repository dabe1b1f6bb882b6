import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import { percent } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { inWords } from '@/lib/time/relative.ts';
import { inBothZones } from '@/lib/time/zone.ts';
import c from './Facts.module.css';
import { type Facts as FactsData, factsOf } from './model/facts.ts';
import { type IssueDetail, issueTagsQuery } from './queries.ts';

const t = defineMessages({
  times: { one: '{n} time', other: '{n} times' },
  people: { one: '{n} person', other: '{n} people' },
  seen: 'Seen {times}',
  seenBy: 'Seen {times} by {people}',
  sinceRelease: ' since release {release}, {age} ago.',
  since: ', first {age} ago.',
  started: ' It started {after} after that deploy.',
  startedAnd: ' It started {after} after that deploy and {share} of events are {place}.',
  place: ' Of all events, {share} are {place}.',
  everyone: ' All events are {place}.',
  startedEveryone: ' It started {after} after that deploy and all events are {place}.',
});

/** How to say where events are, for each kind of place. */
const places = defineMessages({
  browser: 'in {value}',
  os: 'on {value}',
  device: 'on {value}',
  'device.family': 'on {value}',
  runtime: 'on {value}',
  server_name: 'on the server {value}',
  url: 'at {value}',
  transaction: 'in {value}',
  environment: 'in the environment {value}',
  release: 'in release {value}',
});
type PlaceKey = Parameters<typeof places>[0];

const strong = (text: string): ReactNode => <b>{text}</b>;

const age = (iso: string): ReactNode => (
  <time dateTime={iso} title={inBothZones(iso)}>
    {inWords((Date.now() - Date.parse(iso)) / 1000)}
  </time>
);

const opening = ({ count, userCount, firstSeen, release }: FactsData): ReactNode[] => {
  const times = strong(t('times', { n: count }));
  const who =
    userCount > 0
      ? t.rich('seenBy', { times, people: strong(t('people', { n: userCount })) })
      : t.rich('seen', { times });
  const when = release
    ? t.rich('sinceRelease', { release: strong(release), age: age(firstSeen) })
    : t.rich('since', { age: age(firstSeen) });
  return [...who, ...when];
};

const ending = ({ afterDeploy, concentration }: FactsData): ReactNode[] => {
  const after = afterDeploy === undefined ? undefined : strong(inWords(afterDeploy));
  if (!concentration) return after ? t.rich('started', { after }) : [];
  const everyone = concentration.share === 1;
  const share = strong(percent(concentration.share));
  const place = <>{places.rich(concentration.key as PlaceKey, { value: strong(concentration.value) })}</>;
  if (!after) return everyone ? t.rich('everyone', { place }) : t.rich('place', { share, place });
  return everyone ? t.rich('startedEveryone', { after, place }) : t.rich('startedAnd', { after, share, place });
};

/** The issue in one sentence: how much, who, since when, and where it sits. */
export function Facts({ issue, place }: { issue: IssueDetail; place: { org: string; issue: string } }) {
  const tags = useQuery(issueTagsQuery(place));
  const facts = factsOf({
    count: Number(issue.count),
    userCount: issue.userCount,
    firstSeen: issue.firstSeen,
    firstRelease: issue.firstRelease,
    tags: tags.data ?? [],
  });
  return (
    <p className={c.sentence} data-test-id="facts">
      {[...opening(facts), ...ending(facts)].map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence keep their places.
        <Fragment key={at}>{piece}</Fragment>
      ))}
    </p>
  );
}
