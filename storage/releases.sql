-- Releases, as far as filters need them: api/releases.c.

-- $1 organization, $2 projects, $3 part of a version as a pattern, $4 limit, $5 offset; $6 whether with the health
-- of $7 to $8 and of the day before $8
-- :name release_list
with recent as (
    select project_id, release_id, sum(sessions) as sessions, hll_cardinality(hll_union_agg(users)) as users,
           sum(sum(sessions)) over of_project as project_sessions,
           hll_cardinality(hll_union_agg(hll_union_agg(users)) over of_project) as project_users
      from session_hour
     where $6 and project_id = any($2::bigint[]) and hour >= $8::timestamptz - interval '1 day'
     group by 1, 2
    window of_project as (partition by project_id)
), period as (
    select project_id, release_id, sum(sessions) as sessions, sum(crashed) as crashed, sum(abnormal) as abnormal,
           sum(errored) + round(hll_cardinality(hll_union_agg(errored_ids))) as errored,
           hll_cardinality(hll_union_agg(users)) as users,
           hll_cardinality(hll_union_agg(crashed_users)) as crashed_users
      from session_hour
     where $6 and project_id = any($2::bigint[]) and hour >= $7::timestamptz and hour < $8::timestamptz
     group by 1, 2
), health as (
    select p.project_id, p.release_id,
           jsonb_build_object(
               'hasHealthData', true, 'totalSessions', p.sessions, 'totalUsers', round(p.users),
               'totalSessions24h', coalesce(r.sessions, 0), 'totalUsers24h', coalesce(round(r.users), 0),
               'totalProjectSessions24h', coalesce(r.project_sessions, 0),
               'totalProjectUsers24h', coalesce(round(r.project_users), 0),
               'sessionsAdoption', 100.0 * r.sessions / nullif(r.project_sessions, 0),
               'adoption', 100.0 * r.users / nullif(r.project_users, 0), 'sessionsCrashed', p.crashed,
               'sessionsErrored', greatest(0, p.errored - p.crashed - p.abnormal),
               'crashFreeSessions', 100.0 - 100.0 * p.crashed / nullif(p.sessions, 0),
               'crashFreeUsers', 100.0 - 100.0 * p.crashed_users / nullif(p.users, 0),
               'durationP50', null, 'durationP90', null, 'stats', '{}'::jsonb) as data
      from period p left join recent r on r.project_id = p.project_id and r.release_id = p.release_id
)
select r.id as "id", r.version as "version",
       case when strpos(r.version, '@') > 1
            then regexp_replace(r.version, '^.*@', '') else r.version end as "shortVersion",
       'open' as "status", r.date_created as "dateCreated", r.date_released as "dateReleased",
       null::timestamptz as "dateStarted", null::text as "ref", null::text as "url",
       min(rp.first_event) as "firstEvent", max(rp.last_event) as "lastEvent",
       coalesce(fresh.issues, 0) as "newGroups",
       null::jsonb as "owner", null::jsonb as "lastCommit", null::jsonb as "lastDeploy",
       null::jsonb as "versionInfo", '{}'::jsonb as "data", 0 as "commitCount", 0 as "deployCount",
       '[]'::jsonb as "authors",
       jsonb_agg(jsonb_build_object(
           'id', p.id, 'slug', p.slug, 'name', p.name, 'platform', p.platform,
           'platforms', to_jsonb(array_remove(array[p.platform], null)), 'hasHealthData', exists (select from release_environment e
                                     where e.project_id = p.id and e.release_id = r.id),
           'newGroups', 0)
           || case when $6 then jsonb_build_object('healthData', h.data) else '{}' end order by p.slug) as "projects"
  from release r
  join release_project rp on rp.release_id = r.id
  join project p on p.id = rp.project_id
  left join health h on h.project_id = rp.project_id and h.release_id = rp.release_id
  left join (select first_release_id, count(*)::int as issues
               from issue
              where project_id = any($2::bigint[]) and first_release_id is not null
              group by first_release_id) fresh on fresh.first_release_id = r.id
 where r.organization_id = $1 and rp.project_id = any($2::bigint[]) and r.version ilike $3::text
 group by r.id, fresh.issues
 order by coalesce(r.date_released, r.date_created) desc, r.id desc
 limit $4::bigint offset $5::bigint;

-- One release as an event or an issue names it.  $1 organization, $2 id
-- :name release_get
select r.id as "id", r.version as "version",
       case when strpos(r.version, '@') > 1
            then regexp_replace(r.version, '^.*@', '') else r.version end as "shortVersion",
       'open' as "status", r.date_created as "dateCreated", r.date_released as "dateReleased",
       null::text as "ref", null::text as "url", null::jsonb as "lastCommit",
       null::jsonb as "lastDeploy", null::jsonb as "versionInfo", '{}'::jsonb as "data",
       0 as "commitCount", 0 as "deployCount"
  from release r
 where r.organization_id = $1 and r.id = $2;

-- Whether the organization has such a release: $1 organization, $2 version
-- :name release_named
select id from release where organization_id = $1 and version = $2;
