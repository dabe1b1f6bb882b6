-- What people and the server did to an issue: api/activities.c.

-- $1 project, $2 issue, $3 type (null: all), $4 limit
-- :name activity_list
select a.id::text as "id", a.type as "type", a.date_created as "dateCreated", a.data as "data",
       case when u.id is not null then jsonb_build_object(
           'id', u.id::text, 'name', coalesce(nullif(u.name, ''), u.email), 'username', u.email,
           'email', u.email, 'avatarUrl', '') end as "user"
  from activity a left join app_user u on u.id = a.user_id
 where a.project_id = $1 and a.issue_id = $2 and ($3::text is null or a.type = $3::text)
 order by a.date_created desc, a.id desc
 limit $4::bigint;

-- Writing about an issue is following it.  $1 project, $2 issue, $3 user, $4 data; $5 now
-- :name note_create
with fresh as (
    insert into activity (project_id, issue_id, user_id, type, data, date_created)
    values ($1, $2, $3, 'note', $4::jsonb, $5::timestamptz)
 returning id, type, data, date_created, user_id
), subscribed as (
    insert into issue_subscription (project_id, issue_id, user_id, is_active, reason, date_created)
    values ($1, $2, $3, true, 'comment', $5::timestamptz)
        on conflict (project_id, issue_id, user_id) do nothing
), logged as (
    insert into audit_log (organization_id, user_id, action, target_id, data, date_created)
    select p.organization_id, $3, 'issue.note-create', $2,
           jsonb_build_object('note', f.id), $5::timestamptz
      from fresh f join project p on p.id = $1
)
select f.id::text as "id", f.type as "type", f.date_created as "dateCreated", f.data as "data",
       jsonb_build_object('id', u.id::text, 'name', coalesce(nullif(u.name, ''), u.email),
                          'username', u.email, 'email', u.email, 'avatarUrl', '') as "user"
  from fresh f join app_user u on u.id = f.user_id;

-- Only its writer changes a note.  $1 project, $2 issue, $3 user, $4 note, $5 data; $6 now
-- :name note_update
with changed as (
    update activity set data = $5::jsonb
     where project_id = $1 and issue_id = $2 and user_id = $3 and id = $4 and type = 'note'
 returning id, type, data, date_created, user_id
), logged as (
    insert into audit_log (organization_id, user_id, action, target_id, data, date_created)
    select p.organization_id, $3, 'issue.note-edit', $2,
           jsonb_build_object('note', c.id), $6::timestamptz
      from changed c join project p on p.id = $1
)
select c.id::text as "id", c.type as "type", c.date_created as "dateCreated", c.data as "data",
       jsonb_build_object('id', u.id::text, 'name', coalesce(nullif(u.name, ''), u.email),
                          'username', u.email, 'email', u.email, 'avatarUrl', '') as "user"
  from changed c join app_user u on u.id = c.user_id;

-- :name note_delete
with gone as (
    delete from activity
     where project_id = $1 and issue_id = $2 and user_id = $3 and id = $4 and type = 'note'
 returning id
), logged as (
    insert into audit_log (organization_id, user_id, action, target_id, data, date_created)
    select p.organization_id, $3, 'issue.note-remove', $2,
           jsonb_build_object('note', g.id), $5::timestamptz
      from gone g join project p on p.id = $1
)
select id from gone;
