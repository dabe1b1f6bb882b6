-- Replays: api/replays.c, storage/replay_search.c.  Column names are the JSON contract (api.md).

-- $1 project ids and $2 replay ids, pair by pair in the order wanted; $3 who asks
-- :name replay_rows
select replace(r.replay_id::text, '-', '') as "id", r.project_id::text as "project_id", r.trace_ids as "trace_ids",
       r.error_ids as "error_ids", n.name as "environment", r.details -> 'tags' as "tags",
       json_build_object('id', r.details #>> '{user,id}', 'username', r.details #>> '{user,username}',
                         'email', r.details #>> '{user,email}', 'ip', r.details #>> '{user,ip_address}',
                         'display_name', coalesce(r.details #>> '{user,username}', r.details #>> '{user,email}',
                                                  r.details #>> '{user,id}', r.details #>> '{user,ip_address}'),
                         'geo', r.details -> 'geo') as "user",
       json_build_object('name', r.details #>> '{sdk,name}', 'version', r.details #>> '{sdk,version}') as "sdk",
       json_build_object('name', r.details #>> '{os,name}', 'version', r.details #>> '{os,version}') as "os",
       json_build_object('name', r.details #>> '{browser,name}', 'version', r.details #>> '{browser,version}')
         as "browser",
       json_build_object('name', r.details #>> '{device,name}', 'brand', r.details #>> '{device,brand}',
                         'model', r.details #>> '{device,model}', 'family', r.details #>> '{device,family}')
         as "device",
       '{}'::json as "ota_updates", false as "is_archived", r.urls as "urls", '[]'::json as "segment_names",
       '[]'::json as "clicks", r.dead_clicks as "count_dead_clicks", r.rage_clicks as "count_rage_clicks",
       r.error_count as "count_errors", extract(epoch from r.finished - r.started)::bigint as "duration",
       r.finished as "finished_at", r.started as "started_at", r.activity as "activity",
       r.url_count as "count_urls", r.type as "replay_type", r.segment_count as "count_segments",
       r.platform as "platform",
       (select coalesce(json_agg(rel.version order by rel.id), '[]')
          from release rel
         where rel.id in (select v::bigint from jsonb_array_elements_text(r.releases) v)) as "releases",
       r.dist as "dist", 0 as "count_warnings", 0 as "count_infos", '[]'::json as "warning_ids", '[]'::json as "info_ids",
       exists (select from replay_view w
                where w.project_id = r.project_id and w.replay_id = r.replay_id and w.user_id = $3::bigint)
         as "has_viewed"
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, replay_id, place)
  join replay r on r.project_id = k.project_id and r.replay_id = k.replay_id
  left join environment n on n.project_id = r.project_id and n.id = r.environment_id
 order by k.place;

-- Which of these projects a replay belongs to: $1 projects, $2 replay
-- :name replay_project
select project_id from replay where project_id = any($1::bigint[]) and replay_id = $2::uuid order by project_id limit 1;

-- $1 project, $2 replay, $3 segment (null: all), $4 rows asked for, $5 rows to skip
-- :name replay_segments
select segment_id, received, codec, body, blob, has_video
  from replay_segment
 where project_id = $1 and replay_id = $2::uuid and ($3::bigint is null or segment_id = $3::bigint)
 order by segment_id
 limit $4 offset $5;

-- $1 project, $2 replay, $3 rows asked for, $4 rows to skip
-- :name replay_clicks
select node_id as "node_id", "timestamp" as "timestamp", is_dead as "is_dead", is_rage as "is_rage",
       selector as "selector", text as "text", url as "url"
  from replay_click
 where project_id = $1 and replay_id = $2::uuid
 order by "timestamp", segment_id, place
 limit $3 offset $4;

-- What it refers to is given back.  $1 project, $2 replay
-- :name replay_delete
with gone as (
    delete from replay where project_id = $1 and replay_id = $2::uuid returning 1
), segments as (
    delete from replay_segment where project_id = $1 and replay_id = $2::uuid returning blob
), clicks as (
    delete from replay_click where project_id = $1 and replay_id = $2::uuid
), views as (
    delete from replay_view where project_id = $1 and replay_id = $2::uuid
), given_back as (
    update blob b set reference_count = b.reference_count - k.n
      from (select blob, count(*) as n from segments where blob is not null group by blob) k
     where b.name = k.blob
)
select count(*) from gone;

-- $1 project, $2 replay, $3 user, $4 now
-- :name replay_viewed
insert into replay_view (project_id, replay_id, user_id, date_viewed)
select r.project_id, r.replay_id, $3, $4::timestamptz from replay r where r.project_id = $1 and r.replay_id = $2::uuid
    on conflict (project_id, replay_id, user_id) do update set date_viewed = excluded.date_viewed;

-- $1 project, $2 replay
-- :name replay_viewers
select u.id::text as "id", coalesce(nullif(u.name, ''), u.email) as "name", u.email as "email",
       u.email as "username"
  from replay_view w join app_user u on u.id = w.user_id
 where w.project_id = $1 and w.replay_id = $2::uuid
 order by w.date_viewed desc;

-- Replays of the newest thousand events of each issue: by what the event says, or the replay.
-- $1 projects, $2 issues, $3 start, $4 end
-- :name replay_of_issues
select distinct e.issue_id, replace(r.replay_id::text, '-', '')
  from unnest($2::bigint[]) k(issue_id)
 cross join lateral (
       select e.project_id, e.issue_id, replace(e.event_id::text, '-', '') as event_id,
              case when e.tags ->> 'replayId' ~ '^[0-9a-f]{32}$' then (e.tags ->> 'replayId')::uuid end as replay_id
         from event e
        where e.project_id = any($1::bigint[]) and e.issue_id = k.issue_id
          and e."timestamp" >= $3::timestamptz and e."timestamp" < $4::timestamptz
        order by e."timestamp" desc
        limit 1000) e
  join replay r
    on r.project_id = e.project_id
   and (r.replay_id = e.replay_id or r.error_ids @> jsonb_build_array(e.event_id))
 order by 1, 2;

-- What is clicked in vain: $1 projects, $2 start, $3 end, $4 by rage first, $5 rows asked for, $6 rows to skip
-- :name replay_selectors
select count(*) filter (where is_dead)::bigint as "count_dead_clicks",
       count(*) filter (where is_rage)::bigint as "count_rage_clicks", selector as "dom_element",
       json_build_object('alt', min(alt), 'aria_label', min(aria_label), 'class', (array_agg(classes))[1],
                         'component_name', min(component_name), 'id', min(element_id), 'role', min(role),
                         'tag', min(tag), 'testid', min(testid), 'title', min(title)) as "element",
       project_id::text as "project_id"
  from replay_click
 where project_id = any($1::bigint[]) and is_dead and "timestamp" >= $2::timestamptz
   and "timestamp" < $3::timestamptz and received_day >= $2::timestamptz::date
 group by project_id, selector
 order by case when $4::boolean then count(*) filter (where is_rage) else count(*) end desc, selector, project_id
 limit $5 offset $6;
