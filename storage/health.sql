-- How far the digest is behind: api/health.c.

-- $1 projects, $2 now
-- :name ingest_health
select (select value from instance where name = 'digest') as digest,
       (select coalesce(sum(quantity), 0)
          from outcome_hour
         where project_id = any($1::bigint[]) and outcome = 0
           and hour >= date_trunc('hour', $2::timestamptz - interval '5 minutes')) as accepted,
       (select max(updated) from log_cursor) as cursor_moved;

-- :name health_probe
select 1;
