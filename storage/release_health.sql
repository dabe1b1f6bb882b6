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
