-- What users wrote about events: api/user_reports.c.  Column names are the JSON contract (api.md).

-- $1 projects, $2 issue (null: any), $3 rows asked for, $4 rows to skip
-- :name user_report_list
select u.id::text as "id", replace(u.event_id::text, '-', '') as "eventID", u.name as "name", u.email as "email",
       u.comments as "comments", u.date_created as "dateCreated", null::json as "user",
       json_build_object('id', replace(u.event_id::text, '-', ''), 'eventID', replace(u.event_id::text, '-', ''))
         as "event",
       case when i.id is not null
            then json_build_object('id', i.id::text, 'title', i.title, 'culprit', i.culprit) end as "issue"
  from user_report u
  left join lateral (select e.issue_id from event e
                      where e.project_id = u.project_id and e.event_id = u.event_id limit 1) e on true
  left join issue i on i.project_id = u.project_id and i.id = e.issue_id
 where u.project_id = any($1::bigint[]) and ($2::bigint is null or i.id = $2::bigint)
 order by u.date_created desc, u.id desc
 limit $3 offset $4;

-- How many an issue has: $1 project, $2 issue
-- :name user_report_count
select count(*)
  from user_report u
 where u.project_id = $1
   and exists (select from event e
                where e.project_id = u.project_id and e.event_id = u.event_id and e.issue_id = $2);

-- That of an event, as it is shown with it: $1 project, $2 event
-- :name user_report_of_event
select u.id::text as "id", replace(u.event_id::text, '-', '') as "eventID", u.name as "name", u.email as "email",
       u.comments as "comments", u.date_created as "dateCreated", null::json as "user",
       json_build_object('id', replace(u.event_id::text, '-', ''), 'eventID', replace(u.event_id::text, '-', ''))
         as "event"
  from user_report u
 where u.project_id = $1 and u.event_id = $2::uuid;

-- No row: there is one that is older than five minutes, or the event happened more than half an hour ago.
-- $1 project, $2 event, $3 name, $4 email, $5 comments, $6 now
-- :name user_report_put
insert into user_report as u (project_id, event_id, name, email, comments, date_created)
select $1::bigint, $2::uuid, $3::text, $4::text, $5::text, $6::timestamptz
 where not exists (select from event e
                    where e.project_id = $1::bigint and e.event_id = $2::uuid
                      and e."timestamp" < $6::timestamptz - interval '30 minutes')
    on conflict (project_id, event_id) do update
   set name = excluded.name, email = excluded.email, comments = excluded.comments
 where excluded.date_created <= u.date_created + interval '5 minutes'
returning id;
