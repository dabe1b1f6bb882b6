-- How far the digest is behind: api/health.c.

-- The slowest lane speaks for the lag, the longest silent one for being alive.
-- :name ingest_health
select coalesce(max(lag_seconds), 0) as lag_seconds, coalesce(sum(backlog_bytes), 0)::bigint as backlog_bytes,
       coalesce(sum(events_per_minute), 0)::bigint as events_per_minute, min(updated) as updated
  from digest_lag;

-- :name health_probe
select 1;
