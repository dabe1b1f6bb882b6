import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { projectsQuery } from '@/api/queries.ts';
import type { Issue, Project } from '@/api/types.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from '@/ui/Button.tsx';
import primary from '@/ui/buttonLink.module.css';
import type { Dsn } from './dsn.ts';
import c from './FirstEvent.module.css';
import { firstIssueQuery } from './queries.ts';
import { sendSample } from './sampleEvent.ts';

const t = defineMessages({
  waiting: 'Waiting for the first event…',
  waitingText: 'This line changes by itself as soon as something arrives.',
  arrived: 'The first event is here',
  open: 'Open {id}',
  sample: 'Send a sample event',
  sent: 'The sample is on its way.',
  refused: 'The sample was not taken: {reason}',
  unreachable: 'The server cannot be asked right now; trying again.',
});

const POLL = 1500;
const POLL_AFTER = 30_000;

const titleOf = ({ metadata, title }: Issue): string => metadata.type ?? title;

function Arrived({ issue, org }: { issue: Issue; org: string }) {
  return (
    <>
      <CircleCheck size={18} className={c.done} aria-hidden="true" />
      <div className={c.text}>
        <b>{t('arrived')}</b>
        <p className={c.title}>{titleOf(issue)}</p>
      </div>
      <Link
        to="/organizations/$org/issues/$issueId/"
        params={{ org, issueId: issue.id }}
        search={{}}
        className={primary.button}
        data-test-id="first-issue"
      >
        {t('open', { id: issue.shortId })}
        <ArrowRight size={14} aria-hidden="true" />
      </Link>
    </>
  );
}

function Waiting({ dsn, failed }: { dsn: Dsn; failed: boolean }) {
  const [state, setState] = useState<'idle' | 'busy' | 'sent'>('idle');
  const [refusal, setRefusal] = useState<string>();
  const send = async () => {
    setState('busy');
    const reason = await sendSample(dsn);
    setRefusal(reason);
    setState(reason === undefined ? 'sent' : 'idle');
  };
  const note = refusal ? t('refused', { reason: refusal }) : state === 'sent' ? t('sent') : t('waitingText');
  return (
    <>
      <span className={c.pulse} aria-hidden="true" />
      <div className={c.text}>
        <b>{t('waiting')}</b>
        <p>{failed ? t('unreachable') : note}</p>
      </div>
      <Button busy={state === 'busy'} onPress={() => void send()} data-test-id="send-sample">
        {t('sample')}
      </Button>
    </>
  );
}

/** Watches a project until its first event is there, then leads to it. */
export function FirstEvent({ org, project, dsn }: { org: string; project: Project; dsn: Dsn }) {
  const client = useQueryClient();
  const query = useQuery({
    ...firstIssueQuery(org, project.id),
    refetchInterval: ({ state }) => (state.data?.length ? POLL_AFTER : POLL),
    retry: false,
  });
  const issue = query.data?.[0];
  const arrived = issue !== undefined;
  useEffect(() => {
    if (arrived) void client.invalidateQueries({ queryKey: projectsQuery(org).queryKey });
  }, [arrived, client, org]);
  return (
    <div className={c.line} role="status" data-arrived={arrived || undefined} data-test-id="first-event">
      {issue ? <Arrived issue={issue} org={org} /> : <Waiting dsn={dsn} failed={query.isError} />}
    </div>
  );
}
