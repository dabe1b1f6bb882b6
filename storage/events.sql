-- Single events: storage/events.c.  Columns are read by number: enum event_column there.

-- One event with its body.  $1 projects, $2 event id, $3 issue (null: any)
-- :name event_get
select replace(e.event_id::text, '-', ''), e.project_id, e.issue_id, e.received, e."timestamp", e.type,
       e.platform, e.release_id, e.title, e.tags, e.received_day, b.codec, b.body
  from event e
  join issue i on i.project_id = e.project_id and i.id = e.issue_id
  left join event_body b
    on b.project_id = e.project_id and b.event_id = e.event_id and b.received_day = e.received_day
 where e.project_id = any($1::bigint[]) and e.event_id = $2::uuid
   and ($3::bigint is null or e.issue_id = $3::bigint)
 order by e.received desc
 limit 1;

-- The newest or oldest event of an issue.  $1 project, $2 issue, $3 environments (null: all)
-- :name event_newest
select replace(event_id::text, '-', '')
  from event
 where project_id = $1 and issue_id = $2
   and ($3::bigint[] is null or environment_id = any($3::bigint[]))
 order by "timestamp" desc, event_id
 limit 1;

-- :name event_oldest
select replace(event_id::text, '-', '')
  from event
 where project_id = $1 and issue_id = $2
   and ($3::bigint[] is null or environment_id = any($3::bigint[]))
 order by "timestamp", event_id desc
 limit 1;

-- The neighbours of an event among those of its issue.  $1 project, $2 issue, $3 its time, $4 its id,
-- $5 environments (null: all)
-- :name event_neighbours
select (select replace(event_id::text, '-', '')
          from event
         where project_id = $1 and issue_id = $2
           and ($5::bigint[] is null or environment_id = any($5::bigint[]))
           and ("timestamp" > $3::timestamptz or ("timestamp" = $3::timestamptz and event_id < $4::uuid))
         order by "timestamp", event_id desc limit 1) as newer,
       (select replace(event_id::text, '-', '')
          from event
         where project_id = $1 and issue_id = $2
           and ($5::bigint[] is null or environment_id = any($5::bigint[]))
           and ("timestamp" < $3::timestamptz or ("timestamp" = $3::timestamptz and event_id > $4::uuid))
         order by "timestamp" desc, event_id limit 1) as older;

-- Bodies of a page of events, in its order: $1 project ids, $2 event ids, $3 days, row by row
-- :name event_bodies
select replace(w.event_id::text, '-', ''), b.codec, b.body
  from unnest($1::bigint[], $2::uuid[], $3::date[]) with ordinality
       w (project_id, event_id, received_day, place)
  left join event_body b
    on b.project_id = w.project_id and b.event_id = w.event_id and b.received_day = w.received_day
 order by w.place;

-- The issue of an event: $1 projects, $2 event id
-- :name event_issue
select e.issue_id, e.project_id, p.slug
  from event e
  join issue i on i.project_id = e.project_id and i.id = e.issue_id
  join project p on p.id = e.project_id
 where e.project_id = any($1::bigint[]) and e.event_id = $2::uuid
 order by e.received desc
 limit 1;
