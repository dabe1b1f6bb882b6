import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import type { ReactNode } from 'react';
import { Sparkbars } from '@/charts/Sparkbars.tsx';
import { full, percent } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { type GlobalSearch, globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { Avatar } from '@/ui/Avatar.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import type { ReleaseFact, TagSummary } from './model/facts.ts';
import { tagFilter } from './model/tagFilter.ts';
import { valuesOf } from './model/tagOrder.ts';
import { ShareBar } from './parts/ShareBar.tsx';
import { type IssueDetail, issueTagsQuery, type Person } from './queries.ts';
import c from './SideColumn.module.css';

const t = defineMessages({
  day: 'Last 24 hours',
  where: 'Where it happens',
  all: 'All tags',
  seen: 'First and last seen',
  first: 'First',
  last: 'Last',
  ago: ' ago',
  noRelease: 'no release',
  release: 'Find issues in release {version}',
  people: 'People',
  takingPart: 'Taking part',
  seenBy: 'Seen by',
});

const DAY = 86_400_000;
const SHOWN_TAGS = 6;
const SHOWN_PEOPLE = 8;
const preferred = [
  'browser',
  'os',
  'device',
  'runtime',
  'release',
  'environment',
  'server_name',
  'transaction',
  'url',
  'level',
];

/** Tags that say how, not where; the head and the stack trace tell them. */
const saysNothing = new Set(['level', 'handled', 'mechanism', 'user']);

/** Tags that differ before those that never do; among them those that say where, then the applications' own. */
const tellingTags = (tags: readonly TagSummary[]): TagSummary[] => {
  const rank = (key: string) => (preferred.includes(key) ? preferred.indexOf(key) : preferred.length);
  const same = (tag: TagSummary) => Number(valuesOf(tag) < 2);
  return tags
    .filter(({ key, topValues }) => topValues.length > 0 && !saysNothing.has(key) && !key.endsWith('.name'))
    .toSorted((a, b) => same(a) - same(b) || rank(a.key) - rank(b.key))
    .slice(0, SHOWN_TAGS);
};

function Block({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className={c.block}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const shareOf = ({ topValues, totalValues }: TagSummary): number =>
  (topValues[0]?.count ?? 0) / Math.max(1, totalValues);

function Top({ tag: { topValues } }: { tag: TagSummary }) {
  return <span className={c.tagTop}>{topValues[0]?.value || topValues[0]?.name}</span>;
}

/** Bars for tags that divide the events; what is the same everywhere needs a line only. */
function TagBars({ place, environment }: { place: { org: string; issue: string }; environment: readonly string[] }) {
  const query = useQuery(issueTagsQuery(place, environment));
  const search = globalPart(useSearch({ strict: false }));
  const params = { org: place.org, issueId: place.issue };
  if (!query.data) return <Skeleton rows={6} height={57} />;
  return (
    <>
      {tellingTags(query.data).map((tag) => (
        <Link
          key={tag.key}
          to="/organizations/$org/issues/$issueId/distributions/$tagKey/"
          params={{ ...params, tagKey: tag.key }}
          search={search}
          className={c.tag}
        >
          <span className={c.tagHead}>
            <span>{tag.key}</span>
            {valuesOf(tag) > 1 ? <span className="num">{percent(shareOf(tag))}</span> : <Top tag={tag} />}
          </span>
          {valuesOf(tag) > 1 && (
            <>
              <ShareBar values={tag.topValues} total={tag.totalValues} />
              <Top tag={tag} />
            </>
          )}
        </Link>
      ))}
      <Link to="/organizations/$org/issues/$issueId/distributions/" params={params} search={search} className={c.all}>
        {t('all')}
      </Link>
    </>
  );
}

function Seen({ label, at, release, org }: { label: string; at: string; release: ReleaseFact | null; org: string }) {
  const search = globalPart(useSearch({ strict: false }));
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Rocket size={12} aria-hidden="true" />
        {release ? (
          <Link
            to="/organizations/$org/issues/"
            params={{ org }}
            search={{ ...search, query: tagFilter('release', release.version) }}
            title={t('release', { version: release.version })}
            className={c.release}
          >
            {release.shortVersion ?? release.version}
          </Link>
        ) : (
          <span className={c.none}>{t('noRelease')}</span>
        )}
        <span className={c.age}>
          <TimeAgo iso={at} suffix={t('ago')} />
        </span>
      </dd>
    </>
  );
}

function People({ label, people }: { label: string; people: readonly Person[] }) {
  if (people.length === 0) return null;
  return (
    <div className={c.people}>
      <span className={c.peopleLabel}>{label}</span>
      {people.slice(0, SHOWN_PEOPLE).map(({ id, name, email }) => (
        <Avatar key={id} name={name || email} />
      ))}
      {people.length > SHOWN_PEOPLE && <span>+{people.length - SHOWN_PEOPLE}</span>}
    </div>
  );
}

/** What one wants to know of the issue while reading one of its events. */
export function SideColumn({ issue, place }: { issue: IssueDetail; place: { org: string; issue: string } }) {
  const { environment = [] } = useSearch({ strict: false }) as GlobalSearch;
  // An issue of today has its day in the large chart.
  const old = Date.now() - Date.parse(issue.firstSeen) > DAY;
  const day = (issue.stats?.['24h'] ?? []).map(([, count]) => count);
  return (
    <>
      {old && day.length > 0 && (
        <Block
          title={
            <>
              {t('day')} <span className="num">{full(day.reduce((sum, count) => sum + count, 0))}</span>
            </>
          }
        >
          <Sparkbars values={day} width={248} height={40} />
        </Block>
      )}
      <Block title={t('seen')}>
        <dl className={c.seen}>
          <Seen label={t('first')} at={issue.firstSeen} release={issue.firstRelease} org={place.org} />
          <Seen label={t('last')} at={issue.lastSeen} release={issue.lastRelease} org={place.org} />
        </dl>
      </Block>
      <Block title={t('where')}>
        <TagBars place={place} environment={environment} />
      </Block>
      {(issue.participants.length > 0 || issue.seenBy.length > 0) && (
        <Block title={t('people')}>
          <People label={t('takingPart')} people={issue.participants} />
          <People label={t('seenBy')} people={issue.seenBy} />
        </Block>
      )}
    </>
  );
}
