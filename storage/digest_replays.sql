-- Replays (worker/digest/replay.c): segments first, then what each replay's segments come to, in the order of
-- the keys.

-- :name digest_replays_temporary
create temporary table if not exists digest_replay_segment (like replay_segment) on commit delete rows;

-- Which of the batch's segments are stored already.
-- :name digest_replays_known
select k.n
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, id, n)
  join replay_segment s on s.project_id = k.project_id and s.id = k.id
 where s.received_day between $3::timestamptz::date - 1 and $4::timestamptz::date + 1;

-- :name digest_replays_segments
insert into replay_segment
select * from digest_replay_segment order by project_id, id;

-- A replay is merged anew from its segments, because they come in any order.  It lasts an hour; one that came
-- for longer than three days, or in more than a thousand segments, is merged from the later, or first, of them.
-- :name digest_replays_merge
with touched as (
    select project_id, replay_id, min(received_day) - 2 as since from digest_replay_segment group by 1, 2
), part as materialized (
    select p.*
      from touched t
     cross join lateral (
           select s.project_id, s.replay_id, s.segment_id, s.started, s.finished, s.type, s.platform,
                  s.environment_id, s.release_id, s.dist, s.urls, s.error_ids, s.trace_ids, s.details,
                  s.dead_clicks, s.rage_clicks
             from replay_segment s
            where s.project_id = t.project_id and s.replay_id = t.replay_id and s.received_day >= t.since
            order by s.segment_id
            limit 1000) p
), merged as (
    select project_id, replay_id, min(coalesce(started, finished)) as started, max(finished) as finished,
           (array_agg(type order by segment_id))[1] as type,
           (array_agg(platform order by segment_id))[1] as platform,
           (array_agg(environment_id order by segment_id))[1] as environment_id,
           coalesce(jsonb_agg(distinct release_id::text) filter (where release_id is not null), '[]') as releases,
           (array_agg(dist order by segment_id))[1] as dist,
           (array_agg(details order by segment_id))[1] as details,
           count(*) as segment_count, sum(jsonb_array_length(urls)) as url_count,
           sum(dead_clicks) as dead_clicks, sum(rage_clicks) as rage_clicks
      from part
     group by 1, 2
)
insert into replay as r (project_id, replay_id, started, finished, type, platform, environment_id, releases, dist,
                         details, segment_count, url_count, dead_clicks, rage_clicks, urls, error_ids, error_count,
                         trace_ids, activity)
select m.project_id, m.replay_id, m.started, m.finished, m.type, m.platform, m.environment_id, m.releases, m.dist,
       m.details, m.segment_count, m.url_count, m.dead_clicks, m.rage_clicks, u.list, e.list, e.n, t.list,
       least(10, (e.n * 25 + m.url_count * 5) / 10)
  from merged m
 cross join lateral (
       select coalesce(jsonb_agg(x.value order by x.segment_id, x.place), '[]') as list
         from (select v.value, p.segment_id, v.place
                 from part p, jsonb_array_elements(p.urls) with ordinality v(value, place)
                where p.project_id = m.project_id and p.replay_id = m.replay_id
                order by p.segment_id, v.place
                limit 1000) x) u
 cross join lateral (
       select coalesce(jsonb_agg(distinct v.value), '[]') as list, count(distinct v.value) as n
         from part p, jsonb_array_elements(p.error_ids) v(value)
        where p.project_id = m.project_id and p.replay_id = m.replay_id) e
 cross join lateral (
       select coalesce(jsonb_agg(distinct v.value), '[]') as list
         from part p, jsonb_array_elements(p.trace_ids) v(value)
        where p.project_id = m.project_id and p.replay_id = m.replay_id) t
 order by m.project_id, m.replay_id
    on conflict (project_id, replay_id) do update
   set started = excluded.started, finished = excluded.finished, type = excluded.type,
       platform = excluded.platform, environment_id = excluded.environment_id, releases = excluded.releases,
       dist = excluded.dist, details = excluded.details, segment_count = excluded.segment_count,
       url_count = excluded.url_count, dead_clicks = excluded.dead_clicks, rage_clicks = excluded.rage_clicks,
       urls = excluded.urls, error_ids = excluded.error_ids, error_count = excluded.error_count,
       trace_ids = excluded.trace_ids, activity = excluded.activity;
