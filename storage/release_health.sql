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
