-- Merging and deleting issues: storage/issue_merge.c.  All statements take $1 project, $2 the issue that
-- stays (or goes), $3 those that are merged into it, and run in one transaction in this order.

-- The issue that stays: the one with most events.  $1 project, $2 issues
-- :name merge_target
select issue_id
  from issue_stat
 where project_id = $1 and issue_id = any($2::bigint[])
 order by times_seen desc, issue_id desc
 limit 1;

-- :name merge_issue
update issue i
   set first_seen = least(i.first_seen, children.first_seen),
       first_release_id = case when children.first_seen < i.first_seen
                               then children.first_release_id else i.first_release_id end
  from (select first_seen, first_release_id
          from issue
         where project_id = $1 and id = any($3::bigint[])
         order by first_seen limit 1) children
 where i.project_id = $1 and i.id = $2;

-- :name merge_users
with fresh as (
    insert into issue_user (project_id, issue_id, user_hash)
    select distinct project_id, $2::bigint, user_hash
      from issue_user
     where project_id = $1 and issue_id = any($3::bigint[])
     order by user_hash
        on conflict (project_id, issue_id, user_hash) do nothing
 returning user_hash
)
update issue_stat t
   set times_seen = t.times_seen + children.times_seen,
       users_seen = t.users_seen + (select count(*) from fresh),
       last_release_id = case when children.last_seen > t.last_seen
                              then children.last_release_id else t.last_release_id end,
       last_seen = greatest(t.last_seen, children.last_seen),
       last_seen_minute = greatest(t.last_seen_minute, children.last_seen_minute)
  from (select sum(times_seen)::bigint as times_seen, max(last_seen) as last_seen,
               max(last_seen_minute) as last_seen_minute,
               (array_agg(last_release_id order by last_seen desc))[1] as last_release_id
          from issue_stat
         where project_id = $1 and issue_id = any($3::bigint[])) children
 where t.project_id = $1 and t.issue_id = $2;

-- :name merge_hashes
update issue_hash set issue_id = $2 where project_id = $1 and issue_id = any($3::bigint[]);

-- :name merge_marks
with bookmarks as (
    insert into issue_bookmark (project_id, issue_id, user_id, date_created)
    select project_id, $2::bigint, user_id, min(date_created)
      from issue_bookmark
     where project_id = $1 and issue_id = any($3::bigint[])
     group by project_id, user_id
        on conflict (project_id, issue_id, user_id) do nothing
), subscriptions as (
    insert into issue_subscription (project_id, issue_id, user_id, is_active, reason, date_created)
    select distinct on (user_id) project_id, $2::bigint, user_id, is_active, reason, date_created
      from issue_subscription
     where project_id = $1 and issue_id = any($3::bigint[])
     order by user_id, date_created desc
        on conflict (project_id, issue_id, user_id) do nothing
)
update activity set issue_id = $2 where project_id = $1 and issue_id = any($3::bigint[]);

-- :name merge_events
update event set issue_id = $2 where project_id = $1 and issue_id = any($3::bigint[]);

-- :name merge_hours
insert into issue_hour as h (project_id, issue_id, environment_id, hour, events)
select project_id, $2::bigint, environment_id, hour, sum(events)::bigint
  from issue_hour
 where project_id = $1 and issue_id = any($3::bigint[])
 group by project_id, environment_id, hour
 order by environment_id, hour
    on conflict (project_id, issue_id, environment_id, hour) do update
   set events = h.events + excluded.events;

-- :name merge_days
insert into issue_day as d (project_id, issue_id, environment_id, day, events, users, first_seen, last_seen)
select project_id, $2::bigint, environment_id, day, sum(events)::bigint, hll_union_agg(users),
       min(first_seen), max(last_seen)
  from issue_day
 where project_id = $1 and issue_id = any($3::bigint[])
 group by project_id, environment_id, day
 order by environment_id, day
    on conflict (project_id, issue_id, environment_id, day) do update
   set events = d.events + excluded.events, users = hll_union(d.users, excluded.users),
       first_seen = least(d.first_seen, excluded.first_seen),
       last_seen = greatest(d.last_seen, excluded.last_seen);

-- :name merge_tags
insert into issue_tag as g (project_id, issue_id, key, value, day, events, first_seen, last_seen)
select project_id, $2::bigint, key, value, day, sum(events)::bigint, min(first_seen), max(last_seen)
  from issue_tag
 where project_id = $1 and issue_id = any($3::bigint[])
 group by project_id, key, value, day
 order by key, value, day
    on conflict (project_id, issue_id, key, value, day) do update
   set events = g.events + excluded.events, first_seen = least(g.first_seen, excluded.first_seen),
       last_seen = greatest(g.last_seen, excluded.last_seen);

-- :name merge_tag_keys
insert into issue_tag_key (project_id, issue_id, key, day, value_count)
select project_id, issue_id, key, day, count(*)
  from issue_tag
 where project_id = $1 and issue_id = $2 and $3::bigint[] is not null
 group by project_id, issue_id, key, day
 order by key, day
    on conflict (project_id, issue_id, key, day) do update set value_count = excluded.value_count;

-- $1 project, $2 the issue that stays, $3 the merged ones; who: $4 user; $5 now
-- :name merge_activity
insert into activity (project_id, issue_id, user_id, type, data, date_created)
select $1, $2::bigint, $4::bigint, 'merge',
       jsonb_build_object('issues', jsonb_agg(jsonb_build_object('id', id::text) order by id)),
       $5::timestamptz
  from unnest($3::bigint[]) id;

-- Everything an issue leaves behind but its events.  $1 projects, $2 issues
-- :name issues_delete
with ids as (
    select project_id, id from issue where project_id = any($1::bigint[]) and id = any($2::bigint[])
), a as (delete from issue_hash x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, b as (delete from issue_user x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, c as (delete from issue_bookmark x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, d as (delete from issue_subscription x using ids
         where x.project_id = ids.project_id and x.issue_id = ids.id)
, e as (delete from issue_seen x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, f as (delete from issue_snooze x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, g as (delete from activity x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, h as (delete from issue_hour x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, i as (delete from issue_day x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, j as (delete from issue_tag x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, k as (delete from issue_tag_key x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
, l as (delete from issue_resolution x using ids
         where x.project_id = ids.project_id and x.issue_id = ids.id)
, m as (delete from issue_stat x using ids where x.project_id = ids.project_id and x.issue_id = ids.id)
delete from issue x using ids where x.project_id = ids.project_id and x.id = ids.id;

-- :name issues_delete_events
with gone as (
    delete from event
     where project_id = any($1::bigint[]) and issue_id = any($2::bigint[])
 returning project_id, event_id, received_day
)
delete from event_body b using gone
 where b.project_id = gone.project_id and b.event_id = gone.event_id
   and b.received_day = gone.received_day;
