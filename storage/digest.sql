-- The digest's transaction, one per batch, in the order in which it runs.  Everyone who writes several of
-- these tables touches them in this order and their rows by ascending key: log_cursor, recent_request,
-- environment, release, issue_hash and issue (locked together), project_counter, issue, issue_stat, activity,
-- event, event_body, issue_user, issue_hour, issue_day, release_project, issue_resolution, issue_snooze,
-- the tables of ROW_KIND_LIST (worker/digest/row_kind.h) with the blobs they refer to, outcome_hour,
-- outcome_day, blob, project, quota_usage.  Who holds the lock of an issue's row may
-- change its rows in the other tables.

-- :name digest_log_new
insert into log_cursor (log, lane, position, updated)
select $1, lane, 0, $3 from generate_series(0, $2::int - 1) lane
 where not exists (select from log_cursor where log = $1)
 order by lane
    on conflict do nothing;

-- :name digest_log_cursors
select lane, position from log_cursor where log = $1 order by lane;

-- Of logs in files: the nil one is none (worker/digest/kept.h).
-- :name digest_log_positions
select log, min(position) as "position", max(updated) as "updated" from log_cursor
 where log <> '00000000-0000-0000-0000-000000000000'
 group by log;

-- :name digest_log_forget
delete from log_cursor where log = any($1::uuid[]);

-- Lanes that the setting no longer knows.
-- :name digest_lag_forget
delete from digest_lag where lane >= $1;

-- :name digest_cursor
select position from log_cursor where log = $1 and lane = $2;

-- Rows of the current batch, for the statements that count.
-- :name digest_temporary
create temporary table if not exists digest_fresh (
    project_id bigint not null,
    issue_id bigint not null,
    environment_id bigint not null,
    release_id bigint,
    "timestamp" timestamptz not null,
    user_hash bigint
) on commit delete rows;

-- No row: somebody else was faster, or an earlier COMMIT did arrive.
-- :name digest_begin
with moved as (
    update log_cursor set position = $4, updated = $5::timestamptz
     where log = $1 and lane = $2 and position = $3
 returning log, lane
)
insert into digest_batch (log, lane, first_position, last_position, first_day, last_day, committed)
select log, lane, $3, $4, $6::timestamptz::date, $7::timestamptz::date, $5::timestamptz from moved
returning id;

-- A batch that comes from no log.
-- :name digest_begin_made
insert into digest_batch (log, lane, first_position, last_position, first_day, last_day, committed)
values ('00000000-0000-0000-0000-000000000000', 0, 0, 0, $1::timestamptz::date, $2::timestamptz::date, $3)
returning id;

-- :name digest_projects
select p.id, p.organization_id, p.first_event is null, p.settings_version + o.settings_version
  from project p join organization o on o.id = p.organization_id
 where p.id = any($1::bigint[])
 order by p.id;

-- Settings of projects that somebody has changed some of: scrubbing of the organization, scrubbing and
-- filters of the project, bytes of a field; for sampling also its keys, by which traces say where they began.
-- :name digest_settings
select p.id, p.settings_version + o.settings_version,
       (select jsonb_object_agg(key, value) from jsonb_each(o.options)
         where key in ('dataScrubber', 'dataScrubberDefaults', 'scrubIPAddresses', 'sensitiveFields',
                       'safeFields', 'relayPiiConfig')),
       (select jsonb_object_agg(key, value) from jsonb_each(p.options)
         where key in ('dataScrubber', 'dataScrubberDefaults', 'scrubIPAddresses', 'sensitiveFields',
                       'safeFields', 'relayPiiConfig')),
       (select jsonb_object_agg(key, value) from jsonb_each(p.options)
         where key like 'filters:%' or key like 'sentry:%')
       || case when p.options ? 'sentry:dynamic_sampling'
               then jsonb_build_object('publicKeys', (select jsonb_agg(k.public_key order by k.id) from project_key k
                                                       where k.project_id = p.id)) else '{}' end,
       coalesce(least(nullif((o.options ->> 'maxFieldBytes')::bigint, 0),
                      nullif((p.options ->> 'maxFieldBytes')::bigint, 0)), 0)
  from project p join organization o on o.id = p.organization_id
 where p.id = any($1::bigint[]) and p.settings_version + o.settings_version > 0
 order by p.id;

-- Which of the batch's events are stored already: in its days, the day before, or, when the clock was set back,
-- the day after.
-- :name digest_known_events
select k.n
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, event_id, n)
  join event e on e.project_id = k.project_id and e.event_id = k.event_id
 where e.received_day between $3::timestamptz::date - 1 and $4::timestamptz::date + 1;

-- Which of the batch's requests are new.
-- :name digest_fresh_requests
insert into recent_request (request_id, digested)
select request_id, $2 from unnest($1::uuid[]) request_id order by 1
    on conflict do nothing
returning request_id;

-- :name digest_environments
select k.n, e.id
  from unnest($1::bigint[], $2::text[]) with ordinality k(project_id, name, n)
  join environment e on e.project_id = k.project_id and e.name = k.name;

-- :name digest_environments_add
insert into environment (project_id, name, date_created)
select project_id, name, $3 from unnest($1::bigint[], $2::text[]) k(project_id, name) order by 1, 2
    on conflict do nothing;

-- :name digest_releases
select k.n, r.id, r.date_created
  from unnest($1::bigint[], $2::text[]) with ordinality k(organization_id, version, n)
  join release r on r.organization_id = k.organization_id and r.version = k.version;

-- :name digest_releases_add
insert into release (organization_id, version, date_created)
select organization_id, version, $3 from unnest($1::bigint[], $2::text[]) k(organization_id, version)
 order by 1, 2
    on conflict do nothing;

-- The issues that the batch's hashes belong to, locked.  Each hash is looked up alone (offset 0): joined
-- freely, a plan from the first minute pairs every hash with every issue of its project.
-- :name digest_lock_issues
select k.n, i.id, i.status, i.resolved_at, i.active_at, i.first_seen
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, hash, n)
 cross join lateral (select h.issue_id from issue_hash h
                      where h.project_id = k.project_id and h.hash = k.hash offset 0) h
  join issue i on i.project_id = k.project_id and i.id = h.issue_id
 order by i.project_id, i.id
   for no key update of i;

-- :name digest_short_ids
insert into project_counter as c (project_id, last_short_id)
select project_id, n from unnest($1::bigint[], $2::bigint[]) k(project_id, n) order by 1
    on conflict (project_id) do update set last_short_id = c.last_short_id + excluded.last_short_id
returning project_id, last_short_id;

-- :name digest_new_issues
with fresh as (
    insert into issue (project_id, short_id, type, title, culprit, metadata, level, platform, logger,
                       is_unhandled, priority, first_seen, first_release_id, active_at, date_created)
    select project_id, short_id, type, title, culprit, metadata, level, platform, logger, is_unhandled,
           priority, first_seen, first_release_id, first_seen, $2
      from jsonb_to_recordset($1::jsonb) n(
           project_id bigint, short_id bigint, type text, title text, culprit text, metadata jsonb,
           level smallint, platform text, logger text, is_unhandled boolean, priority smallint,
           first_seen timestamptz, first_release_id bigint)
     order by project_id, short_id
 returning project_id, id, short_id, first_seen, first_release_id
), counted as (
    insert into issue_stat (project_id, issue_id, last_seen, last_seen_minute, last_release_id, times_seen)
    select project_id, id, first_seen, date_trunc('minute', first_seen), first_release_id, 0 from fresh
), noted as (
    insert into activity (project_id, issue_id, type, date_created)
    select project_id, id, 'first_seen', first_seen from fresh
)
select project_id, short_id, id from fresh;

-- A hash that points to an issue which is no more is taken over; one that somebody else has just linked
-- is not, and then a row is missing here.
-- :name digest_new_hashes
insert into issue_hash as h (project_id, hash, issue_id)
select project_id, hash, issue_id from unnest($1::bigint[], $2::uuid[], $3::bigint[]) k(project_id, hash, issue_id)
 order by 1, 2
    on conflict (project_id, hash) do update set issue_id = excluded.issue_id
 where not exists (select from issue i where i.project_id = h.project_id and i.id = h.issue_id)
returning hash;

-- An issue looks like its newest event; a title that says nothing never replaces one that does.
-- :name digest_show_newest
update issue i
   set type = n.type, title = n.title, culprit = n.culprit, metadata = n.metadata, level = n.level,
       platform = n.platform, logger = n.logger, is_unhandled = i.is_unhandled or n.is_unhandled
  from jsonb_to_recordset($1::jsonb) n(
       project_id bigint, issue_id bigint, type text, title text, culprit text, metadata jsonb,
       level smallint, platform text, logger text, is_unhandled boolean, seen timestamptz),
       issue_stat s
 where i.project_id = n.project_id and i.id = n.issue_id
   and s.project_id = n.project_id and s.issue_id = n.issue_id and s.last_seen <= n.seen
   and not (n.title in ('<unlabeled event>', '<untitled>', '<unknown>') and i.title <> n.title)
   and (i.type, i.title, i.culprit, i.metadata, i.level, i.platform, i.logger, i.is_unhandled)
       is distinct from (n.type, n.title, n.culprit, n.metadata, n.level, n.platform, n.logger,
                         i.is_unhandled or n.is_unhandled);

-- An issue began with its oldest event, whenever that came.
-- :name digest_show_oldest
with n as (
    select * from jsonb_to_recordset($1::jsonb) n(
        project_id bigint, issue_id bigint, first_seen timestamptz, first_release_id bigint)
), earlier as (
    update issue i
       set first_seen = n.first_seen, first_release_id = coalesce(n.first_release_id, i.first_release_id)
      from n
     where i.project_id = n.project_id and i.id = n.issue_id
)
update activity a
   set date_created = n.first_seen
  from n
 where a.project_id = n.project_id and a.issue_id = n.issue_id and a.type = 'first_seen';

-- :name digest_count_issues
with fresh as (
    select project_id, issue_id, count(*) as events, max("timestamp") as last_seen,
           (array_agg(release_id order by "timestamp" desc) filter (where release_id is not null))[1] as release_id
      from digest_fresh
     group by project_id, issue_id
), new_user as (
    insert into issue_user (project_id, issue_id, user_hash)
    select distinct project_id, issue_id, user_hash from digest_fresh where user_hash is not null
     order by 1, 2, 3
        on conflict do nothing
 returning project_id, issue_id
), grown as (
    select project_id, issue_id, count(*) as users from new_user group by project_id, issue_id
)
update issue_stat s
   set last_seen = greatest(s.last_seen, f.last_seen),
       last_seen_minute = date_trunc('minute', greatest(s.last_seen, f.last_seen)),
       last_release_id = case when f.last_seen >= s.last_seen then coalesce(f.release_id, s.last_release_id)
                              else s.last_release_id end,
       times_seen = s.times_seen + f.events,
       users_seen = s.users_seen + coalesce(g.users, 0)
  from fresh f left join grown g on g.project_id = f.project_id and g.issue_id = f.issue_id
 where s.project_id = f.project_id and s.issue_id = f.issue_id;

-- :name digest_count_hours
insert into issue_hour as h (project_id, issue_id, environment_id, hour, events)
select project_id, issue_id, environment_id, date_trunc('hour', "timestamp"), count(*)
  from digest_fresh
 group by 1, 2, 3, 4
 order by 1, 2, 3, 4
    on conflict (project_id, issue_id, environment_id, hour) do update set events = h.events + excluded.events;

-- :name digest_count_days
insert into issue_day as d (project_id, issue_id, environment_id, day, events, users, first_seen, last_seen)
select project_id, issue_id, environment_id, "timestamp"::date, count(*),
       coalesce(hll_add_agg(hll_hash_bigint(user_hash)) filter (where user_hash is not null), hll_empty()),
       min("timestamp"), max("timestamp")
  from digest_fresh
 group by 1, 2, 3, 4
 order by 1, 2, 3, 4
    on conflict (project_id, issue_id, environment_id, day) do update
   set events = d.events + excluded.events, users = hll_union(d.users, excluded.users),
       first_seen = least(d.first_seen, excluded.first_seen),
       last_seen = greatest(d.last_seen, excluded.last_seen);

-- :name digest_count_releases
insert into release_project as r (project_id, release_id, first_event, last_event)
select project_id, release_id, min("timestamp"), max("timestamp")
  from digest_fresh
 where release_id is not null
 group by 1, 2
 order by 1, 2
    on conflict (project_id, release_id) do update
   set first_event = least(r.first_event, excluded.first_event),
       last_event = greatest(r.last_event, excluded.last_event);

-- :name digest_resolutions
select k.n, r.type, rel.version, rel.date_created, r.current_release_version, cur.date_created
  from unnest($1::bigint[], $2::bigint[]) with ordinality k(project_id, issue_id, n)
  join issue_resolution r on r.project_id = k.project_id and r.issue_id = k.issue_id
  join project p on p.id = k.project_id
  left join release rel on rel.id = r.release_id
  left join release cur on cur.organization_id = p.organization_id and cur.version = r.current_release_version
 order by k.n;

-- :name digest_regress
with back as (
    select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::text[]) b(project_id, issue_id, seen, version)
), changed as (
    update issue i set status = 0, substatus = 6, active_at = b.seen, resolved_at = null
      from back b
     where i.project_id = b.project_id and i.id = b.issue_id and i.status = 1
       and i.active_at < b.seen - interval '5 seconds'
 returning i.project_id, i.id, b.seen, b.version
), noted as (
    insert into activity (project_id, issue_id, type, data, date_created)
    select project_id, id, 'set_regression', jsonb_build_object('version', version), seen from changed
)
delete from issue_resolution r using changed c where r.project_id = c.project_id and r.issue_id = c.id;

-- Archived issues among these whose condition is met come back.
-- :name digest_wake
with woken as (
    delete from issue_snooze z
     using issue_stat s
     where (z.project_id, z.issue_id) in (select * from unnest($1::bigint[], $2::bigint[]))
       and s.project_id = z.project_id and s.issue_id = z.issue_id
       and (z.until <= $3::timestamptz
            or z.count <= case when z."window" is null then s.times_seen - z.times_seen_before
                          else (select count(*) from event e
                                 where e.project_id = z.project_id and e.issue_id = z.issue_id
                                   and e."timestamp" > $3::timestamptz - make_interval(mins => z."window")) end
            or z.user_count <= case when z.user_window is null then s.users_seen - z.users_seen_before
                               else (select count(distinct e.user_hash) from event e
                                      where e.project_id = z.project_id and e.issue_id = z.issue_id
                                        and e."timestamp" > $3::timestamptz - make_interval(mins => z.user_window)) end)
 returning z.project_id, z.issue_id
), changed as (
    update issue i
       set status = 0, active_at = $3::timestamptz,
           substatus = case when i.first_seen > $3::timestamptz - interval '7 days' then 7 else 3 end
      from woken w
     where i.project_id = w.project_id and i.id = w.issue_id and i.status = 2
 returning i.project_id, i.id
)
insert into activity (project_id, issue_id, type, date_created)
select project_id, id, 'set_unresolved', $3::timestamptz from changed;

-- :name digest_outcomes
with fresh as (
    select project_id, key_id, category, outcome, reason, received, quantity
      from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::text[], $6::timestamptz[],
                  $7::bigint[]) o(project_id, key_id, category, outcome, reason, received, quantity)
), hours as (
    insert into outcome_hour as o (project_id, key_id, category, outcome, reason, hour, quantity)
    select project_id, key_id, category, outcome, reason, date_trunc('hour', received), sum(quantity)
      from fresh
     group by 1, 2, 3, 4, 5, 6
     order by 1, 2, 3, 4, 5, 6
        on conflict (project_id, key_id, category, outcome, reason, hour) do update
       set quantity = o.quantity + excluded.quantity
)
insert into outcome_day as o (project_id, key_id, category, outcome, reason, day, quantity)
select project_id, key_id, category, outcome, reason, received::date, sum(quantity)
  from fresh
 group by 1, 2, 3, 4, 5, 6
 order by 1, 2, 3, 4, 5, 6
    on conflict (project_id, key_id, category, outcome, reason, day) do update
   set quantity = o.quantity + excluded.quantity;

-- :name digest_blobs
insert into blob as b (name, size, reference_count, date_created)
select name, max(size), count(*), $3 from unnest($1::text[], $2::bigint[]) k(name, size) group by name order by name
    on conflict (name) do update set reference_count = b.reference_count + excluded.reference_count;

-- :name digest_first_events
update project set first_event = $2 where id = any($1::bigint[]) and first_event is null;

-- :name digest_poison
insert into poison (log, position, reason, record, date_created) values ($1, $2, $3, $4, $5)
    on conflict on constraint poison_position_key do nothing;

-- :name digest_wake_jobs
select pg_notify('job', '');

-- :name digest_lag
insert into digest_lag (lane, lag_seconds, backlog_bytes, events_per_minute, updated)
values ($1, $2::bigint / 1e6, $3, $4, $5)
    on conflict (lane) do update
   set lag_seconds = excluded.lag_seconds, backlog_bytes = excluded.backlog_bytes,
       events_per_minute = excluded.events_per_minute, updated = excluded.updated;

-- ---- items that earlier versions kept

-- :name digest_kept_is_there
select to_regclass('pending_item') is not null;

-- :name digest_kept_items
select id, project_id, key_id, request_id, received, type, event_id, envelope_header, item_header, client_ip,
       user_agent, payload, blob
  from pending_item
 where id > $1
 order by id
 limit $2;

-- What they were digested to refers to blobs by itself.
-- :name digest_kept_blobs
with kept as (
    select blob::bpchar as name, count(*) as n from pending_item where blob is not null group by blob order by blob
)
update blob b set reference_count = b.reference_count - k.n from kept k where b.name = k.name;
