-- Sessions of a batch: worker/digest/session.c.  Locks in this order: session_hour, session_day,
-- release_environment, release_project, project.

-- :name digest_session_temporary
create temporary table if not exists digest_session (
    project_id bigint not null,
    release_id bigint not null,
    environment_id bigint not null,
    started timestamptz not null,
    sessions bigint not null,
    errored bigint not null,
    crashed bigint not null,
    abnormal bigint not null,
    errored_id bigint,
    "user" bigint,
    errored_user bigint,
    crashed_user bigint,
    abnormal_user bigint,
    anr_user bigint,
    foreground_anr_user bigint
) on commit delete rows;

-- Aggregates of hll skip nulls.
-- :name digest_session_counts
with fresh as materialized (
    select project_id, date_trunc('hour', started) as hour, release_id, environment_id, sum(sessions) as sessions,
           sum(errored) as errored, sum(crashed) as crashed, sum(abnormal) as abnormal,
           hll_add_agg(hll_hash_bigint(errored_id)) as errored_ids,
           hll_add_agg(hll_hash_bigint("user")) as users,
           hll_add_agg(hll_hash_bigint(errored_user)) as errored_users,
           hll_add_agg(hll_hash_bigint(crashed_user)) as crashed_users,
           hll_add_agg(hll_hash_bigint(abnormal_user)) as abnormal_users,
           hll_add_agg(hll_hash_bigint(anr_user)) as anr_users,
           hll_add_agg(hll_hash_bigint(foreground_anr_user)) as foreground_anr_users
      from digest_session
     group by 1, 2, 3, 4
), hours as (
    insert into session_hour as h (project_id, hour, release_id, environment_id, sessions, errored, crashed, abnormal,
                                   errored_ids, users, errored_users, crashed_users, abnormal_users, anr_users,
                                   foreground_anr_users)
    select * from fresh order by 1, 2, 3, 4
        on conflict (project_id, hour, release_id, environment_id) do update
       set sessions = h.sessions + excluded.sessions, errored = h.errored + excluded.errored,
           crashed = h.crashed + excluded.crashed, abnormal = h.abnormal + excluded.abnormal,
           errored_ids = hll_union(h.errored_ids, excluded.errored_ids), users = hll_union(h.users, excluded.users),
           errored_users = hll_union(h.errored_users, excluded.errored_users),
           crashed_users = hll_union(h.crashed_users, excluded.crashed_users),
           abnormal_users = hll_union(h.abnormal_users, excluded.abnormal_users),
           anr_users = hll_union(h.anr_users, excluded.anr_users),
           foreground_anr_users = hll_union(h.foreground_anr_users, excluded.foreground_anr_users)
)
insert into session_day as d (project_id, day, release_id, environment_id, sessions, errored, crashed, abnormal,
                              errored_ids, users, errored_users, crashed_users, abnormal_users, anr_users,
                              foreground_anr_users)
select project_id, hour::date, release_id, environment_id, sum(sessions), sum(errored), sum(crashed), sum(abnormal),
       hll_union_agg(errored_ids), hll_union_agg(users), hll_union_agg(errored_users), hll_union_agg(crashed_users),
       hll_union_agg(abnormal_users), hll_union_agg(anr_users), hll_union_agg(foreground_anr_users)
  from fresh
 group by 1, 2, 3, 4
 order by 1, 2, 3, 4
    on conflict (project_id, day, release_id, environment_id) do update
   set sessions = d.sessions + excluded.sessions, errored = d.errored + excluded.errored,
       crashed = d.crashed + excluded.crashed, abnormal = d.abnormal + excluded.abnormal,
       errored_ids = hll_union(d.errored_ids, excluded.errored_ids), users = hll_union(d.users, excluded.users),
       errored_users = hll_union(d.errored_users, excluded.errored_users),
       crashed_users = hll_union(d.crashed_users, excluded.crashed_users),
       abnormal_users = hll_union(d.abnormal_users, excluded.abnormal_users),
       anr_users = hll_union(d.anr_users, excluded.anr_users),
       foreground_anr_users = hll_union(d.foreground_anr_users, excluded.foreground_anr_users);

-- :name digest_session_environments
insert into release_environment as e (project_id, release_id, environment_id, first_seen, last_seen)
select project_id, release_id, environment_id, min(started), max(started)
  from digest_session
 group by 1, 2, 3
 order by 1, 2, 3
    on conflict (project_id, release_id, environment_id) do update
   set first_seen = least(e.first_seen, excluded.first_seen), last_seen = greatest(e.last_seen, excluded.last_seen)
 where excluded.first_seen < e.first_seen or excluded.last_seen > e.last_seen;

-- A release that only sessions tell of belongs to the project too.
-- :name digest_session_releases
insert into release_project (project_id, release_id)
select distinct project_id, release_id from digest_session order by 1, 2
    on conflict do nothing;

-- :name digest_session_projects
update project set has_sessions = true
 where id in (select project_id from digest_session) and not has_sessions;
