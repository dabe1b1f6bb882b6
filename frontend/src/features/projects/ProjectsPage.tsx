import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Box, Plus, Search, Settings } from 'lucide-react';
import { useState } from 'react';
import { projectsQuery } from '@/api/queries.ts';
import type { Project } from '@/api/types.ts';
import { Sparkbars } from '@/charts/Sparkbars.tsx';
import { compact, full } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useTitle } from '@/lib/useTitle.ts';
import { Badge } from '@/ui/Badge.tsx';
import primary from '@/ui/buttonLink.module.css';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { LevelMark } from '@/ui/LevelMark.tsx';
import { PlatformMark } from '@/ui/PlatformMark.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import c from './ProjectsPage.module.css';
import { lastIssuesQuery, projectDayQuery } from './queries.ts';
import { useSeen } from './useSeen.ts';

const t = defineMessages({
  title: 'Projects',
  create: 'New project',
  search: 'Find a project',
  noneTitle: 'No project yet',
  noneText: 'A project collects the events of one program.',
  noFit: 'No project fits “{text}”.',
  events: { one: '{n} event in 24 hours', other: '{n} events in 24 hours' },
  last: 'last event {age}',
  quiet: 'quiet for 90 days',
  latest: 'Latest issues',
  count: { one: '{n} event', other: '{n} events' },
  waiting: 'no event yet',
  setUp: 'Set up',
  settings: 'Settings of {project}',
  anyPlatform: 'other',
  ago: ' ago',
});

const REFRESH = 60_000;
const NO_EVENTS = new Array<number>(24).fill(0);

/** How many issues a project shows that has the page to itself. */
const LATEST = 8;
/** Fewer cards than these share the width of the page. */
const MANY = 4;

type CardProps = { org: string; project: Project };
type AskedProps = CardProps & {
  /** Whether the card has been on the screen. */
  asked: boolean;
  /** It is the only one. */
  alone: boolean;
};

function SetUp({ org, project }: CardProps) {
  return (
    <span className={c.fresh}>
      <Badge tone="info">{t('waiting')}</Badge>
      <Link
        to="/organizations/$org/projects/$project/getting-started/"
        params={{ org, project: project.slug }}
        search={{}}
        className={c.setUp}
      >
        {t('setUp')}
      </Link>
    </span>
  );
}

const useLastIssues = ({ org, project, asked, alone }: AskedProps) =>
  useQuery({
    ...lastIssuesQuery(org, project.id, alone ? LATEST : 1),
    enabled: asked && project.firstEvent !== null,
  });

/** What happened last, below the pulse of the only project. */
function Latest(props: AskedProps) {
  const { data = [] } = useLastIssues(props);
  if (data.length === 0) return null;
  return (
    <section className={c.latest} aria-labelledby="latest-issues">
      <h3 id="latest-issues">{t('latest')}</h3>
      <ul>
        {data.map((issue) => (
          <li key={issue.id}>
            <LevelMark level={issue.level} />
            <Link to="/organizations/$org/issues/$issueId/" params={{ org: props.org, issueId: issue.id }} search={{}}>
              <b>{issue.metadata.type ?? issue.title}</b> {issue.metadata.type && issue.metadata.value}
            </Link>
            <span className="num" title={t('count', { n: Number(issue.count) })}>
              {compact(Number(issue.count))}
            </span>
            <span className={c.age}>
              <TimeAgo iso={issue.lastSeen} suffix={t('ago')} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LastEvent(props: AskedProps) {
  const { org, project } = props;
  const query = useLastIssues(props);
  if (project.firstEvent === null) return <SetUp org={org} project={project} />;
  if (!query.data) return null;
  const last = query.data[0]?.lastSeen;
  return last ? (
    <span>{t.rich('last', { age: <TimeAgo key="age" iso={last} suffix={t('ago')} /> })}</span>
  ) : (
    <span>{t('quiet')}</span>
  );
}

/** The last 24 hours as bars with their sum, and when the last event came. */
function Pulse(props: AskedProps) {
  const { org, project, asked } = props;
  const query = useQuery({ ...projectDayQuery(org, project.id), enabled: asked, refetchInterval: REFRESH });
  const values = (query.data?.data ?? []).map(([, [point]]) => point?.count ?? 0);
  return (
    <>
      <div className={c.day}>
        <Sparkbars values={values.length > 0 ? values : NO_EVENTS} width={240} height={36} />
      </div>
      <footer>
        <span className="num">{query.data && t('events', { n: values.reduce((sum, value) => sum + value, 0) })}</span>
        <LastEvent {...props} />
      </footer>
    </>
  );
}

function Card({ org, project, alone }: CardProps & { alone: boolean }) {
  // With hundreds of projects only those on the screen are asked about.
  const { element, seen } = useSeen<HTMLLIElement>();
  return (
    <li ref={element} className={c.card} data-alone={alone || undefined} data-test-id={`project-${project.slug}`}>
      <header>
        <PlatformMark platform={project.platform} size={36} />
        <div className={c.names}>
          <h2>
            <Link
              to="/organizations/$org/issues/"
              params={{ org }}
              search={{ project: [project.id] }}
              className={c.open}
            >
              {project.slug}
            </Link>
          </h2>
          <p>{project.platform || t('anyPlatform')}</p>
        </div>
        <Link
          to="/settings/$org/projects/$project/"
          params={{ org, project: project.slug }}
          className={c.settings}
          aria-label={t('settings', { project: project.slug })}
          title={t('settings', { project: project.slug })}
        >
          <Settings size={15} aria-hidden="true" />
        </Link>
      </header>
      <Pulse org={org} project={project} asked={seen} alone={alone} />
      {alone && <Latest org={org} project={project} asked={seen} alone />}
    </li>
  );
}

function NewProjectLink({ org }: { org: string }) {
  return (
    <Link
      to="/organizations/$org/projects/new/"
      params={{ org }}
      search={{}}
      className={primary.button}
      data-test-id="new-project"
    >
      <Plus size={14} aria-hidden="true" />
      {t('create')}
    </Link>
  );
}

/** Every project of the organization, and whether events arrive. */
export function ProjectsPage() {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const [text, setText] = useState('');
  const query = useQuery(projectsQuery(org));
  useTitle(t('title'));
  const needle = text.trim().toLowerCase();
  const found = (query.data ?? []).filter(({ slug, platform }) => `${slug} ${platform}`.toLowerCase().includes(needle));
  return (
    <div className={c.page}>
      <header className={c.head}>
        <h1>{t('title')}</h1>
        {query.data && query.data.length > 0 && <span className={c.count}>{full(query.data.length)}</span>}
        <span className={c.search}>
          <Search size={13} aria-hidden="true" />
          <input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </span>
        <NewProjectLink org={org} />
      </header>
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && !query.error && <Skeleton rows={3} height={150} />}
      {query.data?.length === 0 && (
        <EmptyState icon={Box} title={t('noneTitle')} action={<NewProjectLink org={org} />}>
          {t('noneText')}
        </EmptyState>
      )}
      {query.data && query.data.length > 0 && found.length === 0 && (
        <p className={c.none} role="status">
          {t('noFit', { text })}
        </p>
      )}
      <ul className={c.cards} data-few={(query.data?.length ?? 0) < MANY || undefined}>
        {found.map((project) => (
          <Card key={project.id} org={org} project={project} alone={query.data?.length === 1} />
        ))}
      </ul>
    </div>
  );
}
