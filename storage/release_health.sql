-- Sessions as they are asked for: api/sessions.c.

-- What began in a period, by the keys asked for.  Rows without a bucket are the totals.
-- $1 projects, $2 and $3 from and to, $4 seconds of a bucket, $5 environments (null: all), $6 patterns of versions (null: all);
-- by: $7 project, $8 release, $9 environment; $10 rows at most
-- :name session_counts
with counts as (
    select project_id, hour, release_id, environment_id, sessions, errored, crashed, abnormal, errored_ids, users,
           errored_users, crashed_users, abnormal_users, anr_users, foreground_anr_users
      from session_hour
     where $4::bigint % 86400 > 0
       and project_id = any($1::bigint[]) and hour >= $2::timestamptz and hour < $3::timestamptz
     union all
    select project_id, day, release_id, environment_id, sessions, errored, crashed, abnormal, errored_ids, users,
           errored_users, crashed_users, abnormal_users, anr_users, foreground_anr_users
      from session_day
     where $4::bigint % 86400 = 0
       and project_id = any($1::bigint[]) and day >= $2::timestamptz::date and day < $3::timestamptz
), named as (
    select case when $7 then c.project_id end as project, case when $8 then r.version end as release,
           case when $9 then e.name end as environment,
           div(extract(epoch from c.hour - $2::timestamptz)::bigint, $4::bigint)::bigint as bucket, c.*
      from counts c
      join release r on r.id = c.release_id
      join environment e on e.project_id = c.project_id and e.id = c.environment_id
     where ($5::bigint[] is null or c.environment_id = any($5::bigint[]))
       and ($6::text[] is null or r.version like any($6::text[]))
)
select project, release, environment, bucket, sum(sessions)::bigint,
       round(hll_cardinality(hll_union_agg(errored_ids)))::bigint + sum(errored)::bigint, sum(crashed)::bigint,
       sum(abnormal)::bigint, round(hll_cardinality(hll_union_agg(users)))::bigint,
       round(hll_cardinality(hll_union_agg(errored_users)))::bigint,
       round(hll_cardinality(hll_union_agg(crashed_users)))::bigint,
       round(hll_cardinality(hll_union_agg(abnormal_users)))::bigint,
       round(hll_cardinality(hll_union_agg(anr_users)))::bigint,
       round(hll_cardinality(hll_union_agg(foreground_anr_users)))::bigint
  from named
 group by grouping sets ((project, release, environment), (project, release, environment, bucket))
 order by project, release, environment, bucket nulls first
 limit $10::bigint;

-- Health of releases in their projects: the last day, and of one period.
-- $1 projects, $2 releases, $3 from, $4 a day ago, $5 now, $6 environments (null: all)
-- :name release_health
with recent as (
    select project_id, release_id, sum(sessions) as sessions, hll_union_agg(users) as users
      from session_hour
     where project_id = any($1::bigint[]) and hour >= $4::timestamptz
       and ($6::bigint[] is null or environment_id = any($6::bigint[]))
     group by 1, 2
), project_recent as (
    select project_id, sum(sessions) as sessions, hll_cardinality(hll_union_agg(users)) as users from recent group by 1
), period as (
    select project_id, release_id, sum(sessions) as sessions, sum(crashed) as crashed, sum(abnormal) as abnormal,
           sum(errored) + hll_cardinality(hll_union_agg(errored_ids)) as errored,
           hll_cardinality(hll_union_agg(users)) as users,
           hll_cardinality(hll_union_agg(crashed_users)) as crashed_users
      from session_hour
     where project_id = any($1::bigint[]) and release_id = any($2::bigint[]) and hour >= $3::timestamptz
       and hour < $5::timestamptz and ($6::bigint[] is null or environment_id = any($6::bigint[]))
     group by 1, 2
)
select p.release_id, p.project_id,
       jsonb_build_object(
           'hasHealthData', true, 'totalSessions', p.sessions::bigint, 'totalUsers', round(p.users)::bigint,
           'totalSessions24h', coalesce(r.sessions, 0)::bigint,
           'totalUsers24h', coalesce(round(hll_cardinality(r.users)), 0)::bigint,
           'totalProjectSessions24h', coalesce(t.sessions, 0)::bigint,
           'totalProjectUsers24h', coalesce(round(t.users), 0)::bigint,
           'sessionsAdoption', 100.0 * coalesce(r.sessions, 0) / nullif(t.sessions, 0),
           'adoption', 100.0 * coalesce(hll_cardinality(r.users), 0) / nullif(t.users, 0),
           'sessionsCrashed', p.crashed::bigint,
           'sessionsErrored', greatest(0, round(p.errored) - p.crashed - p.abnormal)::bigint,
           'crashFreeSessions', 100.0 - 100.0 * p.crashed / nullif(p.sessions, 0),
           'crashFreeUsers', 100.0 - 100.0 * p.crashed_users / nullif(p.users, 0),
           'durationP50', null, 'durationP90', null, 'stats', '{}'::jsonb)
  from period p
  left join recent r on r.project_id = p.project_id and r.release_id = p.release_id
  left join project_recent t on t.project_id = p.project_id
 order by 1, 2;

-- ---- jobs

-- A release counts as adopted in an environment while it has a tenth of its share of the sessions of six hours.
-- :name releases_adopt
with recent as (
    select h.project_id, h.environment_id, h.release_id, sum(h.sessions) as sessions
      from session_hour h
      join environment e on e.project_id = h.project_id and e.id = h.environment_id and e.name <> ''
     where h.hour > $1::timestamptz - interval '6 hours'
     group by 1, 2, 3
), shares as (
    select *, sessions >= 0.1 * sum(sessions) over seen / count(*) over seen as is_adopted
      from recent
    window seen as (partition by project_id, environment_id)
), judged as (
    select r.project_id, r.release_id, r.environment_id, coalesce(s.is_adopted, false) as is_adopted
      from release_environment r
      left join shares s on s.project_id = r.project_id and s.release_id = r.release_id
                        and s.environment_id = r.environment_id and s.sessions > 0
     where s.is_adopted or (r.adopted is not null and r.unadopted is null)
     order by 1, 2, 3
       for no key update of r
), changed as (
    update release_environment r
       set adopted = case when j.is_adopted then coalesce(r.adopted, $1::timestamptz) else r.adopted end,
           unadopted = case when not j.is_adopted then $1::timestamptz end
      from judged j
     where r.project_id = j.project_id and r.release_id = j.release_id and r.environment_id = j.environment_id
       and j.is_adopted is distinct from (r.adopted is not null and r.unadopted is null)
 returning 1
)
select count(*) from changed;

-- :name retention_sessions
with h as (delete from session_hour where hour < $1::timestamptz returning 1),
     d as (delete from session_day where day < $1::timestamptz::date returning 1)
select (select count(*) from h) + (select count(*) from d);
