-- Monitors and their check-ins: storage/monitors.c, worker/digest/check_in_store.c, worker/jobs/monitors.c.  Locks:
-- monitor, monitor_environment, check_in, monitor_incident; several monitors in the order of project and slug.

-- :name monitor_find
select project_id, id, is_disabled, crontab, interval_count, interval_unit, timezone, checkin_margin, max_runtime,
       failure_threshold, recovery_threshold
  from monitor where project_id = $1 and slug = $2
   for no key update;

-- :name monitor_get
select project_id, id, is_disabled, crontab, interval_count, interval_unit, timezone, checkin_margin, max_runtime,
       failure_threshold, recovery_threshold
  from monitor where project_id = $1 and id = $2
   for no key update;

-- $1 project, $2 guid of a new one, $3 slug, $4 columns, $5 now
-- :name monitor_configure
insert into monitor as m (project_id, guid, slug, name, is_upserting, crontab, interval_count, interval_unit, timezone,
                          checkin_margin, max_runtime, failure_threshold, recovery_threshold, date_created)
select $1, $2, $3, $3, true, c.crontab, c.interval_count, c.interval_unit, c.timezone, c.checkin_margin, c.max_runtime,
       c.failure_threshold, c.recovery_threshold, $5
  from jsonb_to_record($4::jsonb) c(crontab text, interval_count int, interval_unit text, timezone text,
                                    checkin_margin int, max_runtime int, failure_threshold int, recovery_threshold int)
    on conflict (project_id, slug) do update
   set is_upserting = true, crontab = excluded.crontab, interval_count = excluded.interval_count,
       interval_unit = excluded.interval_unit, timezone = excluded.timezone, checkin_margin = excluded.checkin_margin,
       max_runtime = excluded.max_runtime, failure_threshold = excluded.failure_threshold,
       recovery_threshold = excluded.recovery_threshold
 where (m.crontab, m.interval_count, m.interval_unit, m.timezone, m.checkin_margin, m.max_runtime, m.failure_threshold,
        m.recovery_threshold)
       is distinct from (excluded.crontab, excluded.interval_count, excluded.interval_unit, excluded.timezone,
                         excluded.checkin_margin, excluded.max_runtime, excluded.failure_threshold,
                         excluded.recovery_threshold);

-- $5 environments that a monitor may have
-- :name monitor_environment_add
insert into monitor_environment (project_id, monitor_id, environment_id, rate_started, date_created)
select $1, $2, $3, $4, $4
 where (select count(*) from monitor_environment where project_id = $1 and monitor_id = $2) < $5::bigint
    on conflict do nothing;

-- :name monitor_environment_lock
select status, last_checkin, next_checkin, next_checkin_latest, rate_started, rate_count
  from monitor_environment where project_id = $1 and monitor_id = $2 and environment_id = $3
   for no key update;

-- :name monitor_environment_save
update monitor_environment
   set status = $4, last_checkin = $5, next_checkin = $6, next_checkin_latest = $7, rate_started = $8, rate_count = $9
 where project_id = $1 and monitor_id = $2 and environment_id = $3;

-- The check-in that has taken too long first: $4 up to when.
-- :name check_in_due
select id, date_added, timeout_at
  from check_in
 where project_id = $1 and monitor_id = $2 and environment_id = $3 and timeout_at <= $4
 order by timeout_at, id limit 1;

-- Whether a newer one says how it went.
-- :name check_in_time_out
with gone as (
    update check_in set status = 5, timeout_at = null, date_updated = $3 where project_id = $1 and id = $2
 returning project_id, monitor_id, environment_id, date_added
)
select exists (select from check_in c
                where c.project_id = g.project_id and c.monitor_id = g.monitor_id
                  and c.environment_id = g.environment_id and c.date_added > g.date_added and c.status in (1, 2))
  from gone g;

-- $5 when it was expected, $6 when that is over
-- :name check_in_missed
insert into check_in (project_id, id, monitor_id, environment_id, status, expected, date_added, date_updated)
values ($1, $2, $3, $4, 4, $5, $5, $6);

-- How many of the last $4 that have ended went well.
-- :name check_in_successes
select count(*) filter (where status = 1)
  from (select status from check_in
         where project_id = $1 and monitor_id = $2 and environment_id = $3 and status <> 3
         order by date_added desc, id limit $4::bigint) recent;

-- An incident begins when, up to the one of $4, the last $5 that have ended all went wrong.
-- :name monitor_incident_begin
with recent as (
    select id, status, date_added from check_in
     where project_id = $1 and monitor_id = $2 and environment_id = $3 and status <> 3 and date_added <= $4
     order by date_added desc, id limit $5::bigint
), first as (
    select (array_agg(id order by date_added))[1] as id, min(date_added) as date_added from recent
    having count(*) = $5::bigint and bool_and(status <> 1)
)
insert into monitor_incident as i (project_id, monitor_id, environment_id, check_in_id, started)
select $1, $2, $3, id, date_added from first
    on conflict (project_id, monitor_id, environment_id) where resolved is null do update set started = i.started
returning i.id;

-- :name monitor_incident_resolve
update monitor_incident set resolved = $4
 where project_id = $1 and monitor_id = $2 and environment_id = $3 and resolved is null;

-- ---- check-ins as they come

-- :name check_in_find
select id, monitor_id, environment_id, status, date_added from check_in where project_id = $1 and id = $2
   for no key update;

-- :name check_in_newest_in_progress
select id, monitor_id, environment_id, status, date_added
  from check_in
 where project_id = $1 and monitor_id = $2 and environment_id = $3 and status = 3
 order by date_added desc, id limit 1
   for no key update;

-- $6 duration, $7 trace, $8 when it was expected, $9 when it is too late, $10 when it began, $11 received
-- :name check_in_add
insert into check_in (project_id, id, monitor_id, environment_id, status, duration, trace_id, expected, timeout_at,
                      in_progress, date_added, date_updated)
values ($1, $2, $3, $4, $5::smallint, $6, $7, $8, $9, case when $5::smallint = 3 then $11::timestamptz end, $10, $11);

-- $3 status, $4 duration (null: since it began, once it has ended), $5 when it is too late, $6 received
-- :name check_in_change
update check_in
   set status = $3::smallint, timeout_at = $5, date_updated = $6,
       duration = coalesce($4, case when $3::smallint <> 3 then extract(epoch from $6 - date_added) * 1000 end, duration)
 where project_id = $1 and id = $2;

-- :name check_in_lasted
update check_in
   set duration = coalesce($3, extract(epoch from $4 - date_added) * 1000), date_updated = $4
 where project_id = $1 and id = $2;

-- ---- the job

-- Up to when everything that was accepted is stored.
-- :name monitor_clock
select min(updated - make_interval(secs => lag_seconds)) from digest_lag;

-- :name monitor_due
select e.project_id, e.monitor_id, e.environment_id
  from monitor_environment e
  join monitor m on m.project_id = e.project_id and m.id = e.monitor_id
 where e.next_checkin_latest <= $1 and not m.is_disabled
 union
select c.project_id, c.monitor_id, c.environment_id
  from check_in c
  join monitor m on m.project_id = c.project_id and m.id = c.monitor_id
 where c.timeout_at <= $1 and not m.is_disabled
 order by 1, 2, 3
 limit $2::bigint;

-- :name retention_check_ins
with c as (delete from check_in where date_added < $1::timestamptz returning 1),
     i as (delete from monitor_incident where resolved < $1::timestamptz returning 1)
select (select count(*) from c) + (select count(*) from i);
