-- Files of events: api/attachments.c.  Column names are the JSON contract (api.md).

-- $1 project, $2 event, $3 pattern of names, $4 rows asked for, $5 rows to skip
-- :name attachment_list
select a.id::text as "id", replace(a.event_id::text, '-', '') as "event_id", a.type as "type", a.name as "name",
       a.content_type as "mimetype", a.received as "dateCreated", a.size as "size",
       json_build_object('Content-Type', a.content_type) as "headers", null::text as "sha1"
  from attachment a
 where a.project_id = $1 and a.event_id = $2::uuid and a.name ilike $3
 order by a.name, a.id
 limit $4 offset $5;

-- The files of an issue's events, newest first: $1 project, $2 issue, $3 types (null: all), $4 rows, $5 to skip
-- :name attachment_list_issue
select a.id::text as "id", replace(a.event_id::text, '-', '') as "event_id", a.type as "type", a.name as "name",
       a.content_type as "mimetype", a.received as "dateCreated", a.size as "size",
       json_build_object('Content-Type', a.content_type) as "headers", null::text as "sha1"
  from attachment a
  join event e on e.project_id = a.project_id and e.event_id = a.event_id
 where a.project_id = $1 and e.issue_id = $2 and ($3::text[] is null or a.type = any($3::text[]))
 order by a.received desc, a.id desc
 limit $4 offset $5;

-- :name attachment_get
select a.id::text as "id", replace(a.event_id::text, '-', '') as "event_id", a.type as "type", a.name as "name",
       a.content_type as "mimetype", a.received as "dateCreated", a.size as "size",
       json_build_object('Content-Type', a.content_type) as "headers", null::text as "sha1"
  from attachment a
 where a.project_id = $1 and a.event_id = $2::uuid and a.id = $3;

-- :name attachment_content
select a.name, a.content_type, a.body, a.blob
  from attachment a
 where a.project_id = $1 and a.event_id = $2::uuid and a.id = $3;

-- What it refers to is given back: the file goes when nobody else does.
-- :name attachment_delete
with gone as (
    delete from attachment where project_id = $1 and event_id = $2::uuid and id = $3 returning blob
), given_back as (
    update blob b set reference_count = b.reference_count - 1 from gone g where b.name = g.blob
)
select count(*) from gone;
