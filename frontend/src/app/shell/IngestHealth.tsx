import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Activity } from 'lucide-react';
import { ingestHealthQuery } from '@/api/queries.ts';
import type { IngestHealth } from '@/api/types.ts';
import { useOrg } from '@/api/useOrg.ts';
import { bytes } from '@/lib/format/bytes.ts';
import { rate } from '@/lib/format/rate.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Tooltip } from '@/ui/Tooltip.tsx';
import c from './IngestHealth.module.css';

const t = defineMessages({
  healthy: 'Ingest healthy',
  delayed: 'Ingest {n} s behind',
  stopped: 'Ingest stopped',
  unknown: 'Ingest not known',
  detail: '{rate} accepted, {lag} s behind, {backlog} waiting',
  poison: '{n} set aside',
});
const POLL = 10_000;

export const useIngestHealth = (): IngestHealth | undefined => {
  const org = useOrg();
  const { data, isError } = useQuery({ ...ingestHealthQuery(org), enabled: org !== '', refetchInterval: POLL });
  return isError ? undefined : data;
};

export const healthText = (health: IngestHealth | undefined): string =>
  health ? t(health.status, { n: Math.round(health.lagSeconds) }) : t('unknown');

const detailText = (health: IngestHealth): string => {
  const detail = t('detail', {
    rate: rate(health.eventsPerMinute),
    lag: Math.round(health.lagSeconds),
    backlog: bytes(health.backlogBytes),
  });
  return health.poisonCount > 0 ? `${detail}, ${t('poison', { n: health.poisonCount })}` : detail;
};

/** "Is it down or am I fine?" answered on every page: state and rate, more in the tooltip; a press asks again. */
export function IngestHealthLine() {
  const client = useQueryClient();
  const org = useOrg();
  const health = useIngestHealth();
  const text = healthText(health);
  return (
    <Tooltip text={health ? detailText(health) : text}>
      <button
        type="button"
        className={c.line}
        data-status={health?.status ?? 'unknown'}
        data-test-id="ingest-health"
        onClick={() => client.invalidateQueries(ingestHealthQuery(org))}
      >
        <Activity size={13} aria-hidden="true" />
        <span className={c.text}>{text}</span>
        {health && <span className={`${c.rate} num`}>{rate(health.eventsPerMinute)}</span>}
      </button>
    </Tooltip>
  );
}
