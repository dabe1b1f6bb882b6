-- Releases, as far as filters need them: api/releases.c.

-- $1 organization, $2 projects, $3 part of a version as a pattern, $4 limit, $5 offset
-- :name release_list
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
           'platforms', to_jsonb(array_remove(array[p.platform], null)), 'hasHealthData', false,
           'newGroups', 0) order by p.slug) as "projects"
  from release r
  join release_project rp on rp.release_id = r.id
  join project p on p.id = rp.project_id
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
