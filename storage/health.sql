-- How the server is: api/health.c and api/metrics.c.

-- The slowest lane speaks for the lag, the longest silent one for being alive.
-- :name ingest_health
select coalesce(max(lag_seconds), 0) as lag_seconds, coalesce(sum(backlog_bytes), 0)::bigint as backlog_bytes,
       coalesce(sum(events_per_minute), 0)::bigint as events_per_minute, min(updated) as updated,
       (select count(*) from poison where replayed is null) as poison_count
  from digest_lag;

-- :name health_probe
select 1;

-- Figures that only the database knows.
-- :name health_figures
select (select count(*) from poison where replayed is null),
       (select count(*) from job where done_at is null and failed_at is null and run_at <= $1::timestamptz),
       (select count(*) from job where failed_at is not null),
       (select count(*) from digest_batch),
       pg_database_size(current_database()),
       (select coalesce(sum(size), 0)::bigint from blob);
