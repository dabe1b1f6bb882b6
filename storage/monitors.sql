-- Monitors and their check-ins: storage/monitors.c, worker/digest/check_in_store.c, worker/jobs/*.c.  Locks:
-- monitor, monitor_environment, check_in, monitor_incident; several monitors in the order of project and slug.  What
-- follows for an incident's issue is left to a job of its own, because issues are locked before monitors.

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

-- Its issue is resolved by the job.
-- :name monitor_incident_resolve
with over as (
    update monitor_incident set resolved = $4::timestamptz
     where project_id = $1 and monitor_id = $2 and environment_id = $3 and resolved is null
 returning project_id, id
)
insert into job (kind, project_id, data, run_at, date_created)
select 'occurrence', project_id, jsonb_build_object('incident', id), $4::timestamptz, $4::timestamptz from over;

-- The newest $5 check-ins up to the one of $4 that ended badly are to be events of the open incident's issue, unless
-- nobody wants to hear of it; $6 now
-- :name monitor_occur
insert into job (kind, project_id, data, run_at, date_created)
select 'occurrence', i.project_id, jsonb_build_object('incident', i.id, 'checkIn', c.id), $6::timestamptz, $6::timestamptz
  from monitor_incident i
  join monitor m on m.project_id = i.project_id and m.id = i.monitor_id
  join monitor_environment e on e.project_id = i.project_id and e.monitor_id = i.monitor_id
                            and e.environment_id = i.environment_id
 cross join lateral (
    select id, date_added from check_in
     where project_id = i.project_id and monitor_id = i.monitor_id and environment_id = i.environment_id
       and status not in (1, 3) and date_added <= $4::timestamptz
     order by date_added desc, id limit $5::bigint
 ) c
 where i.project_id = $1 and i.monitor_id = $2 and i.environment_id = $3 and i.resolved is null
   and not m.is_muted and not e.is_muted
 order by c.date_added, c.id;

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

-- ---- the jobs

-- A check-in that ended badly, as an event of its incident's issue.  $1 project, $2 {"incident", "checkIn"}
-- :name monitor_occurrence
select c.id,
       jsonb_strip_nulls(jsonb_build_object(
           'platform', 'other', 'level', 'error', 'timestamp', extract(epoch from c.date_added),
           'environment', nullif(e.name, ''), 'message', 'Monitor failure: ' || m.name,
           'checksum', md5('monitor incident ' || i.id),
           'tags', jsonb_build_object('monitor.id', m.guid, 'monitor.slug', m.slug, 'monitor.incident', i.id::text),
           'contexts', jsonb_build_object(
               'monitor', jsonb_build_object(
                   'id', m.guid, 'slug', m.slug, 'name', m.name, 'check_in_id', c.id, 'expected', c.expected,
                   'status', (array['unknown', 'ok', 'error', 'in_progress', 'missed', 'timeout'])[c.status + 1]),
               'trace', case when c.trace_id is not null
                             then jsonb_build_object('trace_id', replace(c.trace_id::text, '-', ''),
                                                     'span_id', left(replace(c.id::text, '-', ''), 16)) end)))
  from monitor_incident i
  join check_in c on c.project_id = i.project_id and c.id = ($2::jsonb ->> 'checkIn')::uuid
  join monitor m on m.project_id = i.project_id and m.id = i.monitor_id
  join environment e on e.project_id = i.project_id and e.id = i.environment_id
 where i.project_id = $1 and i.id = ($2::jsonb ->> 'incident')::bigint;

-- An incident that is over has nothing left to do.  $1 project, $2 {"incident"}, $3 now
-- :name monitor_issue_resolve
with changed as (
    update issue i set status = 1, resolved_at = $3::timestamptz
      from monitor_incident m
      join issue_hash h on h.project_id = m.project_id and h.hash = md5('monitor incident ' || m.id)::uuid
     where m.project_id = $1 and m.id = ($2::jsonb ->> 'incident')::bigint and m.resolved is not null
       and i.project_id = h.project_id and i.id = h.issue_id and i.status = 0
 returning i.project_id, i.id
)
insert into activity (project_id, issue_id, type, date_created)
select project_id, id, 'set_resolved', $3::timestamptz from changed;

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

-- ---- the web API: api/monitors.c

-- $1 projects, $2 slug or guid (null: all), $3 environments (null: all), $4 part of a name as a pattern, $5 limit,
-- $6 offset
-- :name monitor_list
select m.guid::text as "id", m.name as "name", m.slug as "slug",
       case when m.is_disabled then 'disabled' else 'active' end as "status", m.is_muted as "isMuted",
       m.is_upserting as "isUpserting",
       jsonb_build_object(
           'schedule_type', case when m.crontab is null then 'interval' else 'crontab' end,
           'schedule', case when m.crontab is null then jsonb_build_array(m.interval_count, m.interval_unit)
                       else to_jsonb(m.crontab) end,
           'checkin_margin', m.checkin_margin, 'max_runtime', m.max_runtime, 'timezone', m.timezone,
           'failure_issue_threshold', m.failure_threshold, 'recovery_threshold', m.recovery_threshold,
           'alert_rule_id', null) as "config",
       m.date_created as "dateCreated",
       jsonb_build_object(
           'id', p.id::text, 'slug', p.slug, 'name', p.name, 'platform', p.platform,
           'dateCreated', to_char(p.date_created, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'firstEvent', to_char(p.first_event, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'color', '#3f5aa6',
           'status', 'active', 'hasAccess', true, 'hasSessions', p.has_sessions, 'hasMonitors', true,
           'features', '[]'::jsonb, 'access', '[]'::jsonb,
           'avatar', '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb)
       || '{"isBookmarked": false, "isMember": true, "firstTransactionEvent": false, "hasFeedbacks": false,
            "hasFlags": false, "hasMinifiedStackTrace": false, "hasNewFeedbacks": false, "hasProfiles": false,
            "hasReplays": false, "hasInsightsHttp": false, "hasInsightsDb": false, "hasInsightsAssets": false,
            "hasInsightsAppStart": false, "hasInsightsScreenLoad": false, "hasInsightsVitals": false,
            "hasInsightsCaches": false, "hasInsightsQueues": false, "hasInsightsAgentMonitoring": false,
            "hasInsightsMCP": false, "hasLogs": false, "hasTraceMetrics": false, "isInternal": false,
            "isPublic": false}'::jsonb as "project",
       coalesce(places.list, '[]') as "environments",
       case when t.id is not null then jsonb_build_object('type', 'team', 'id', t.id::text, 'name', t.slug)
            when u.id is not null then jsonb_build_object('type', 'user', 'id', u.id::text, 'name',
                                                          coalesce(nullif(u.name, ''), u.email), 'email', u.email)
       end as "owner"
  from monitor m
  join project p on p.id = m.project_id
  left join team t on t.id = m.owner_team_id
  left join app_user u on u.id = m.owner_user_id
  left join lateral (
    select jsonb_agg(jsonb_build_object(
               'name', e.name, 'status', case when m.is_disabled then 'disabled' else me.status end,
               'isMuted', m.is_muted or me.is_muted,
               'dateCreated', to_char(m.date_created, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'lastCheckIn', to_char(me.last_checkin, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'nextCheckIn', to_char(me.next_checkin, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'nextCheckInLatest', to_char(me.next_checkin_latest, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'activeIncident', (
                   select jsonb_build_object(
                              'startingTimestamp', to_char(i.started, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                              'resolvingTimestamp', null, 'brokenNotice', null)
                     from monitor_incident i
                    where i.project_id = me.project_id and i.monitor_id = me.monitor_id
                      and i.environment_id = me.environment_id and i.resolved is null))
                     order by me.last_checkin desc nulls last, e.name) as list
      from monitor_environment me
      join environment e on e.project_id = me.project_id and e.id = me.environment_id
     where me.project_id = m.project_id and me.monitor_id = m.id
       and ($3::bigint[] is null or me.environment_id = any($3::bigint[]))
  ) places on true
 where m.project_id = any($1::bigint[])
   and ($2::text is null or m.slug = $2::text or m.guid::text = $2::text)
   and (m.name ilike $4::text or m.slug ilike $4::text)
   and ($2::text is not null or $3::bigint[] is null or places.list is not null)
 order by m.is_disabled,
          not exists (select from monitor_environment e
                       where e.project_id = m.project_id and e.monitor_id = m.id and e.status = 'error'),
          m.name, m.project_id, m.id
 limit $5::bigint offset $6::bigint;

-- The monitor that a path names: $1 projects, $2 slug or guid.
-- :name monitor_named
select project_id, id, slug
  from monitor
 where project_id = any($1::bigint[]) and (slug = $2 or guid::text = $2)
 order by project_id, id limit 1;

-- $1 project, $2 monitor, $3 environments (null: all), $4 and $5 from and to, $6 limit, $7 offset
-- :name check_in_list
select c.id::text as "id", e.name as "environment",
       (array['unknown', 'ok', 'error', 'in_progress', 'missed', 'timeout'])[c.status + 1] as "status",
       c.duration as "duration", c.date_added as "dateCreated", c.date_added as "dateAdded",
       c.date_updated as "dateUpdated", c.in_progress as "dateInProgress",
       date_trunc('minute', c.date_updated) as "dateClock", c.expected as "expectedTime",
       jsonb_build_object(
           'schedule_type', case when m.crontab is null then 'interval' else 'crontab' end,
           'schedule', case when m.crontab is null then jsonb_build_array(m.interval_count, m.interval_unit)
                       else to_jsonb(m.crontab) end,
           'checkin_margin', m.checkin_margin, 'max_runtime', m.max_runtime, 'timezone', m.timezone,
           'failure_issue_threshold', m.failure_threshold, 'recovery_threshold', m.recovery_threshold,
           'alert_rule_id', null) as "monitorConfig",
       '[]'::jsonb as "groups"
  from check_in c
  join monitor m on m.project_id = c.project_id and m.id = c.monitor_id
  join environment e on e.project_id = c.project_id and e.id = c.environment_id
 where c.project_id = $1 and c.monitor_id = $2 and ($3::bigint[] is null or c.environment_id = any($3::bigint[]))
   and c.date_added >= $4 and c.date_added <= $5
 order by c.date_added desc, c.id
 limit $6::bigint offset $7::bigint;

-- How many check-ins of each status began in a bucket of $6 seconds.
-- $1 project, $2 monitor, $3 environments (null: all), $4 and $5 from and to
-- :name check_in_stats
select div(extract(epoch from date_added)::bigint, $6::bigint)::bigint * $6::bigint as "ts",
       count(*) filter (where status = 1) as "ok", count(*) filter (where status = 2) as "error",
       count(*) filter (where status = 3) as "in_progress", count(*) filter (where status = 4) as "missed",
       count(*) filter (where status = 5) as "timeout", count(*) filter (where status = 0) as "unknown",
       coalesce(avg(duration), 0)::bigint as "duration"
  from check_in
 where project_id = $1 and monitor_id = $2 and ($3::bigint[] is null or environment_id = any($3::bigint[]))
   and date_added >= $4 and date_added < $5
 group by 1
 order by 1;

-- A project by its slug or id among those the caller may see: $1 projects, $2 slug or id.
-- :name monitor_project
select id from project where id = any($1::bigint[]) and (slug = $2 or id::text = $2);

-- Whether somebody of the organization is meant: $1 organization, $2 user, $3 team.
-- :name monitor_owner
select exists (select from member where organization_id = $1 and user_id = $2::bigint)
    or exists (select from team where organization_id = $1 and id = $3::bigint);

-- $1 project, $2 guid, $3 columns; who: $4 user, $5 token, $6 address; $7 now
-- :name monitor_create
with fresh as (
    insert into monitor (project_id, guid, slug, name, is_disabled, is_muted, crontab, interval_count, interval_unit,
                         timezone, checkin_margin, max_runtime, failure_threshold, recovery_threshold, owner_user_id,
                         owner_team_id, date_created)
    select $1, $2, c.slug, c.name, coalesce(c.is_disabled, false), coalesce(c.is_muted, false), c.crontab,
           c.interval_count, c.interval_unit, c.timezone, c.checkin_margin, c.max_runtime, c.failure_threshold,
           c.recovery_threshold, c.owner_user_id, c.owner_team_id, $7::timestamptz
      from jsonb_to_record($3::jsonb) c(
           slug text, name text, is_disabled boolean, is_muted boolean, crontab text, interval_count int,
           interval_unit text, timezone text, checkin_margin int, max_runtime int, failure_threshold int,
           recovery_threshold int, owner_user_id bigint, owner_team_id bigint)
 returning id, project_id, slug
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select p.organization_id, $4::bigint, $5::bigint, 'monitor.add', f.id,
       jsonb_build_object('slug', f.slug, 'project', f.project_id), $6::text, $7::timestamptz
  from fresh f join project p on p.id = f.project_id;

-- Only what is among the columns changes.  $1 project, $2 monitor, $3 columns; who: $4 user, $5 token, $6 address;
-- $7 now
-- :name monitor_update
with changed as (
    update monitor m
       set slug = coalesce(c.slug, m.slug), name = coalesce(c.name, m.name),
           is_disabled = coalesce(c.is_disabled, m.is_disabled), is_muted = coalesce(c.is_muted, m.is_muted),
           is_upserting = m.is_upserting and not $3::jsonb ? 'timezone',
           crontab = case when $3::jsonb ? 'timezone' then c.crontab else m.crontab end,
           interval_count = case when $3::jsonb ? 'timezone' then c.interval_count else m.interval_count end,
           interval_unit = case when $3::jsonb ? 'timezone' then c.interval_unit else m.interval_unit end,
           timezone = coalesce(c.timezone, m.timezone),
           checkin_margin = case when $3::jsonb ? 'timezone' then c.checkin_margin else m.checkin_margin end,
           max_runtime = case when $3::jsonb ? 'timezone' then c.max_runtime else m.max_runtime end,
           failure_threshold = coalesce(c.failure_threshold, m.failure_threshold),
           recovery_threshold = coalesce(c.recovery_threshold, m.recovery_threshold),
           owner_user_id = case when $3::jsonb ? 'owner_user_id' then c.owner_user_id else m.owner_user_id end,
           owner_team_id = case when $3::jsonb ? 'owner_user_id' then c.owner_team_id else m.owner_team_id end
      from jsonb_to_record($3::jsonb) c(
           slug text, name text, is_disabled boolean, is_muted boolean, crontab text, interval_count int,
           interval_unit text, timezone text, checkin_margin int, max_runtime int, failure_threshold int,
           recovery_threshold int, owner_user_id bigint, owner_team_id bigint)
     where m.project_id = $1 and m.id = $2
 returning m.id, m.project_id, m.slug
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select p.organization_id, $4::bigint, $5::bigint, 'monitor.edit', c.id,
       jsonb_build_object('slug', c.slug, 'project', c.project_id), $6::text, $7::timestamptz
  from changed c join project p on p.id = c.project_id;

-- Environments of a monitor that has checked in there.
-- :name monitor_environments
select environment_id from monitor_environment
 where project_id = $1 and monitor_id = $2 and next_checkin is not null
 order by environment_id;

-- What a disabled monitor waits for is forgotten.
-- :name monitor_forget_expected
update monitor_environment set next_checkin = null, next_checkin_latest = null where project_id = $1 and monitor_id = $2;

-- $1 project, $2 monitor, $3 environments (null: the monitor itself); who: $4 user, $5 token, $6 address; $7 now
-- :name monitor_delete
with gone as (
    delete from monitor where project_id = $1 and id = $2 and $3::bigint[] is null
 returning id, project_id, slug
), places as (
    delete from monitor_environment
     where project_id = $1 and monitor_id = $2 and ($3::bigint[] is null or environment_id = any($3::bigint[]))
), check_ins as (
    delete from check_in
     where project_id = $1 and monitor_id = $2 and ($3::bigint[] is null or environment_id = any($3::bigint[]))
), incidents as (
    delete from monitor_incident
     where project_id = $1 and monitor_id = $2 and ($3::bigint[] is null or environment_id = any($3::bigint[]))
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select p.organization_id, $4::bigint, $5::bigint, 'monitor.remove', g.id,
       jsonb_build_object('slug', g.slug, 'project', g.project_id), $6::text, $7::timestamptz
  from gone g join project p on p.id = g.project_id;
