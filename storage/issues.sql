-- Issues: storage/issues.c, api/issues.c, api/issue_view.c.

-- Columns are read by number: enum issue_column of api/issue_view.c.
-- $1 projects, $2 issue ids in the order wanted, $3 environments (null: all), $4 start and $5 end of the
-- period (null: all time), $6 user, $7 most to return
-- :name issue_rows
with chosen as materialized (
  select wanted.place, i.*, p.slug as project_slug, p.name as project_name,
         p.platform as project_platform, p.organization_id, t.last_seen, t.times_seen, t.users_seen,
         $3::bigint[] is null and ($4::timestamptz is null
                                   or i.first_seen >= $4::timestamptz and t.last_seen < $5::timestamptz)
           as whole_life
    from unnest($2::bigint[]) with ordinality wanted (id, place)
    join issue i on i.id = wanted.id and i.project_id = any($1::bigint[])
    join issue_stat t on t.project_id = i.project_id and t.issue_id = i.id
    join project p on p.id = i.project_id
   order by wanted.place
   limit $7::bigint
)
select i.id, i.project_id, i.project_slug, i.project_name, i.project_platform, i.short_id, i.title,
       i.culprit, i.logger, i.type, i.level, i.platform, i.status, i.substatus, i.priority,
       i.priority_locked_at, i.is_public, i.is_unhandled,
       case when i.metadata ?& array['filename', 'type', 'value'] then i.metadata - 'title'
            else jsonb_build_object('title', i.title) || i.metadata end as metadata,
       i.first_seen, i.last_seen, i.times_seen, i.users_seen,
       case when i.whole_life then i.times_seen else coalesce(counted.events, 0) end,
       case when i.whole_life or people.users is null then i.users_seen
            else least(people.users, i.users_seen) end,
       coalesce(place.first_seen, i.first_seen), coalesce(place.last_seen, i.last_seen),
       (select count(*)
          from activity a
         where a.project_id = i.project_id and a.issue_id = i.id and a.type = 'note'),
       exists (select from issue_bookmark mark
                where mark.project_id = i.project_id and mark.issue_id = i.id
                  and mark.user_id = $6::bigint),
       coalesce((select seen.last_seen > i.active_at
                   from issue_seen seen
                  where seen.project_id = i.project_id and seen.issue_id = i.id
                    and seen.user_id = $6::bigint), false),
       sub.is_active, sub.reason, u.id, coalesce(nullif(u.name, ''), u.email), u.email, team.id, team.slug,
       z.until, z.count, z."window", z.user_count, z.user_window,
       (select case when r.type = 1 then '{"inNextRelease": true}'
                    else jsonb_build_object('inRelease', rel.version) end
          from issue_resolution r left join release rel on rel.id = r.release_id
         where r.project_id = i.project_id and r.issue_id = i.id),
       i.organization_id
  from chosen i
  left join issue_subscription sub
    on sub.project_id = i.project_id and sub.issue_id = i.id and sub.user_id = $6::bigint
  left join issue_snooze z on z.project_id = i.project_id and z.issue_id = i.id
  left join app_user u on u.id = i.assigned_user_id
  left join team on team.id = i.assigned_team_id
  left join lateral (
    -- Whole days from the rollup by day, the ends of the period by hour; nothing where the issue's whole
    -- life counts.
    select sum(part.events)::bigint as events
      from environment n
      cross join lateral (
        select d.events
          from issue_day d
         where d.project_id = i.project_id and d.issue_id = i.id and d.environment_id = n.id
           and ($4::timestamptz is null
                or d.day > ($4::timestamptz)::date and d.day < ($5::timestamptz)::date)
         union all
        select h.events
          from issue_hour h
         where h.project_id = i.project_id and h.issue_id = i.id and h.environment_id = n.id
           and h.hour >= date_trunc('hour', $4::timestamptz)
           and h.hour < least((($4::timestamptz)::date + 1)::timestamptz, $5::timestamptz)
         union all
        select h.events
          from issue_hour h
         where h.project_id = i.project_id and h.issue_id = i.id and h.environment_id = n.id
           and h.hour >= greatest((($4::timestamptz)::date + 1)::timestamptz,
                                  (($5::timestamptz)::date)::timestamptz)
           and h.hour < $5::timestamptz
      ) part
     where n.project_id = i.project_id and ($3::bigint[] is null or n.id = any($3::bigint[]))
       and not i.whole_life
  ) counted on true
  left join lateral (
    select hll_cardinality(hll_union_agg(d.users))::bigint as users
      from environment n
      join issue_day d
        on d.project_id = i.project_id and d.issue_id = i.id and d.environment_id = n.id
       and ($4::timestamptz is null
            or d.day between ($4::timestamptz)::date and ($5::timestamptz)::date)
     where n.project_id = i.project_id and ($3::bigint[] is null or n.id = any($3::bigint[]))
       and not i.whole_life
  ) people on true
  left join lateral (
    select min(d.first_seen) as first_seen, max(d.last_seen) as last_seen
      from environment n
      join issue_day d
        on d.project_id = i.project_id and d.issue_id = i.id and d.environment_id = n.id
     where n.project_id = i.project_id and n.id = any($3::bigint[])
  ) place on true
 order by i.place;

-- Bars of the little charts: $1 projects, $2 issues, $3 environments (null: all), $4 start, $5 end,
-- $6 seconds a bar (less than a day)
-- :name issue_series_by_hour
select i.id, (floor(extract(epoch from h.hour) / $6::bigint) * $6::bigint)::bigint as bar,
       sum(h.events)::bigint as events
  from unnest($2::bigint[]) wanted (id)
  join issue i on i.id = wanted.id and i.project_id = any($1::bigint[])
  join environment n
    on n.project_id = i.project_id and ($3::bigint[] is null or n.id = any($3::bigint[]))
  join issue_hour h
    on h.project_id = i.project_id and h.issue_id = i.id and h.environment_id = n.id
   and h.hour >= $4::timestamptz and h.hour < $5::timestamptz
 group by 1, 2;

-- The same for bars of whole days.
-- :name issue_series_by_day
select i.id, (floor(extract(epoch from d.day::timestamptz) / $6::bigint) * $6::bigint)::bigint as bar,
       sum(d.events)::bigint as events
  from unnest($2::bigint[]) wanted (id)
  join issue i on i.id = wanted.id and i.project_id = any($1::bigint[])
  join environment n
    on n.project_id = i.project_id and ($3::bigint[] is null or n.id = any($3::bigint[]))
  join issue_day d
    on d.project_id = i.project_id and d.issue_id = i.id and d.environment_id = n.id
   and d.day >= ($4::timestamptz)::date and d.day <= ($5::timestamptz)::date
 group by 1, 2;

-- $1 project, $2 issue
-- :name issue_releases
select i.first_release_id, t.last_release_id
  from issue i
  join issue_stat t on t.project_id = i.project_id and t.issue_id = i.id
 where i.project_id = $1 and i.id = $2;

-- Who has looked at the issue, latest first.
-- :name issue_seen_by
select u.id::text as "id", coalesce(nullif(u.name, ''), u.email) as "name", u.email as "username",
       u.email as "email", '' as "avatarUrl", s.last_seen as "lastSeen"
  from issue_seen s join app_user u on u.id = s.user_id
 where s.project_id = $1 and s.issue_id = $2
 order by s.last_seen desc
 limit 100;

-- Who follows the issue.
-- :name issue_participants
select u.id::text as "id", coalesce(nullif(u.name, ''), u.email) as "name", u.email as "username",
       u.email as "email", '' as "avatarUrl", 'user' as "type"
  from issue_subscription s join app_user u on u.id = s.user_id
 where s.project_id = $1 and s.issue_id = $2 and s.is_active
 order by s.date_created, u.id
 limit 100;

-- :name issue_hashes
select encode(uuid_send(hash), 'hex') as "id", false as "mergedBySeer",
       null::float8 as "seerMatchDistance",
       jsonb_build_object('eventID', replace(e.event_id::text, '-', ''), 'dateCreated',
                          to_char(e."timestamp", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as "latestEvent"
  from issue_hash h
  left join lateral (select event_id, "timestamp"
                       from event
                      where project_id = $1 and issue_id = $2
                      order by "timestamp" desc, event_id limit 1) e on true
 where h.project_id = $1 and h.issue_id = $2
 order by hash
 limit $3::bigint offset $4::bigint;

-- Where a short id leads: $1 organization, $2 slug of the project, $3 number
-- :name issue_of_short_id
select i.id, i.project_id, p.slug
  from project p join issue i on i.project_id = p.id
 where p.organization_id = $1 and p.slug = $2 and p.status <> 'deletion' and i.short_id = $3;

-- :name issue_state
select status, is_public
  from issue
 where project_id = any($1::bigint[]) and id = any($2::bigint[])
 order by id
 limit 1;

-- ---- Changes.  Rows are locked in the order of their ids before anything is written.

-- $1 projects, $2 issues
-- :name issues_lock
select i.id, i.project_id, i.status, i.substatus, i.is_public
  from issue i
 where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
 order by i.id
   for no key update;

-- A state that needs no conditions: unresolved (0) or resolved (1).  $1 projects, $2 issues, $3 status,
-- $4 substatus (null: what fits), $5 type and $6 data of the activity; who: $7 user, $8 now
-- :name issues_set_status
with before as (
    select project_id, id, status, substatus, first_seen
      from issue
     where project_id = any($1::bigint[]) and id = any($2::bigint[])
), changed as (
    update issue i
       set status = $3::smallint,
           substatus = coalesce($4::smallint,
                                case when b.status = 2 and $3::smallint = 0
                                      and b.first_seen > $8::timestamptz - interval '7 days'
                                     then 7 else 3 end),
           resolved_at = case when $3::smallint = 1 then $8::timestamptz end,
           active_at = case when $3::smallint = 0 then $8::timestamptz else i.active_at end
      from before b
     where i.project_id = b.project_id and i.id = b.id
       and (b.status <> $3::smallint or b.substatus <> coalesce($4::smallint, b.substatus))
 returning i.project_id, i.id
), cleared as (
    delete from issue_snooze z using before b where z.project_id = b.project_id and z.issue_id = b.id
), unbound as (
    delete from issue_resolution r using before b where r.project_id = b.project_id and r.issue_id = b.id
), subscribed as (
    insert into issue_subscription (project_id, issue_id, user_id, is_active, reason, date_created)
    select project_id, id, $7::bigint, true, 'status_change', $8::timestamptz
      from changed where $7::bigint is not null order by id
        on conflict (project_id, issue_id, user_id) do nothing
), logged as (
    insert into activity (project_id, issue_id, user_id, type, data, date_created)
    select project_id, id, $7::bigint, $5::text, $6::jsonb, $8::timestamptz from changed order by id
)
select id from changed;

-- Binds a resolution to a release, after issues_set_status.  $1 projects, $2 issues, $3 type (0 in that
-- release, 1 in the next), $4 version (null: the newest of each project); who: $5 user; $6 now
-- :name issues_bind_release
insert into issue_resolution (project_id, issue_id, type, status, release_id, current_release_version,
                              user_id, date_created)
select i.project_id, i.id, $3::smallint, 1 - $3::smallint, r.id,
       case when $3::smallint = 1 then r.version end, $5::bigint, $6::timestamptz
  from issue i
  join project p on p.id = i.project_id
  left join lateral (
    select r.id, r.version
      from release r left join release_project rp on rp.release_id = r.id and rp.project_id = p.id
     where r.organization_id = p.organization_id
       and case when $4::text is null then rp.project_id is not null else r.version = $4::text end
     order by coalesce(r.date_released, r.date_created) desc, r.id desc limit 1
  ) r on true
 where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
 order by i.project_id, i.id
    on conflict (project_id, issue_id) do update
   set type = excluded.type, status = excluded.status, release_id = excluded.release_id,
       current_release_version = excluded.current_release_version, user_id = excluded.user_id,
       date_created = excluded.date_created;

-- Archive.  $1 projects, $2 issues, $3 substatus; until: $4 time, $5 more events, $6 within minutes,
-- $7 more users, $8 within minutes; $9 data of the activity; who: $10 user; $11 now
-- :name issues_archive
with changed as (
    update issue i
       set status = 2, substatus = $3::smallint, resolved_at = null
     where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
 returning i.project_id, i.id
), snoozed as (
    insert into issue_snooze (project_id, issue_id, until, count, "window", user_count, user_window,
                              times_seen_before, users_seen_before, user_id)
    select c.project_id, c.id, $4::timestamptz, $5::bigint, $6::int, $7::bigint, $8::int,
           t.times_seen, t.users_seen, $10::bigint
      from changed c
      join issue_stat t on t.project_id = c.project_id and t.issue_id = c.id
     where $3::smallint = 4
     order by c.project_id, c.id
        on conflict (project_id, issue_id) do update
       set until = excluded.until, count = excluded.count, "window" = excluded."window",
           user_count = excluded.user_count, user_window = excluded.user_window,
           times_seen_before = excluded.times_seen_before,
           users_seen_before = excluded.users_seen_before, user_id = excluded.user_id
), cleared as (
    delete from issue_snooze z using changed c
     where $3::smallint <> 4 and z.project_id = c.project_id and z.issue_id = c.id
), unbound as (
    delete from issue_resolution r using changed c where r.project_id = c.project_id and r.issue_id = c.id
), logged as (
    insert into activity (project_id, issue_id, user_id, type, data, date_created)
    select project_id, id, $10::bigint, 'set_ignored', $9::jsonb, $11::timestamptz
      from changed order by id
)
select id from changed;

-- $1 projects, $2 issues, $3 user or $4 team (both null: nobody); who: $5 user; $6 now
-- :name issues_assign
with changed as (
    update issue i
       set assigned_user_id = $3::bigint, assigned_team_id = $4::bigint
     where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
       and (i.assigned_user_id, i.assigned_team_id) is distinct from ($3::bigint, $4::bigint)
 returning i.project_id, i.id
), subscribed as (
    insert into issue_subscription (project_id, issue_id, user_id, is_active, reason, date_created)
    select project_id, id, $3::bigint, true, 'assigned', $6::timestamptz
      from changed where $3::bigint is not null order by id
        on conflict (project_id, issue_id, user_id) do nothing
), logged as (
    insert into activity (project_id, issue_id, user_id, type, data, date_created)
    select c.project_id, c.id, $5::bigint,
           case when coalesce($3::bigint, $4::bigint) is null then 'unassigned' else 'assigned' end,
           case when $3::bigint is not null
                then jsonb_build_object('assignee', $3::bigint::text, 'assigneeType', 'user',
                                        'assigneeEmail', u.email)
                when $4::bigint is not null
                then jsonb_build_object('assignee', $4::bigint::text, 'assigneeType', 'team',
                                        'assigneeEmail', null, 'assigneeName', '#' || t.slug)
                else '{}' end,
           $6::timestamptz
      from changed c
      left join app_user u on u.id = $3::bigint
      left join team t on t.id = $4::bigint
     order by c.id
)
select id from changed;

-- $1 projects, $2 issues, $3 priority and $4 its name; who: $5 user; $6 now
-- :name issues_prioritize
with changed as (
    update issue i
       set priority = $3::smallint, priority_locked_at = $6::timestamptz
     where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
       and i.priority <> $3::smallint
 returning i.project_id, i.id
), logged as (
    insert into activity (project_id, issue_id, user_id, type, data, date_created)
    select project_id, id, $5::bigint, 'set_priority',
           jsonb_build_object('priority', $4::text, 'reason', 'manual'), $6::timestamptz
      from changed order by id
)
select id from changed;

-- $1 projects, $2 issues, $3 public; who: $4 user; $5 now
-- :name issues_publish
with changed as (
    update issue i set is_public = $3::boolean
     where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
       and i.is_public <> $3::boolean
 returning i.project_id, i.id
), logged as (
    insert into activity (project_id, issue_id, user_id, type, date_created)
    select project_id, id, $4::bigint,
           case when $3::boolean then 'set_public' else 'set_private' end, $5::timestamptz
      from changed order by id
)
select id from changed;

-- $1 projects, $2 issues, $3 user; $4 now
-- :name issues_mark_seen
insert into issue_seen (project_id, issue_id, user_id, last_seen)
select i.project_id, i.id, $3::bigint, $4::timestamptz
  from issue i
 where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
 order by i.project_id, i.id
    on conflict (project_id, issue_id, user_id) do update set last_seen = excluded.last_seen;

-- :name issues_mark_unseen
delete from issue_seen
 where project_id = any($1::bigint[]) and issue_id = any($2::bigint[]) and user_id = $3;

-- :name issues_bookmark
insert into issue_bookmark (project_id, issue_id, user_id, date_created)
select i.project_id, i.id, $3::bigint, $4::timestamptz
  from issue i
 where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
 order by i.project_id, i.id
    on conflict (project_id, issue_id, user_id) do nothing;

-- :name issues_unbookmark
delete from issue_bookmark
 where project_id = any($1::bigint[]) and issue_id = any($2::bigint[]) and user_id = $3;

-- $1 projects, $2 issues, $3 user, $4 subscribed; $5 now
-- :name issues_subscribe
insert into issue_subscription (project_id, issue_id, user_id, is_active, reason, date_created)
select i.project_id, i.id, $3::bigint, $4::boolean, 'unknown', $5::timestamptz
  from issue i
 where i.project_id = any($1::bigint[]) and i.id = any($2::bigint[])
 order by i.project_id, i.id
    on conflict (project_id, issue_id, user_id) do update set is_active = excluded.is_active;

-- One row for a change of one or many issues.  $1 organization; who: $2 user, $3 token, $4 address;
-- $5 action, $6 issues, $7 data; $8 now
-- :name issues_audit
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
values ($1, $2::bigint, $3::bigint, $5,
        case when cardinality($6::bigint[]) = 1 then ($6::bigint[])[1] end,
        $7::jsonb || jsonb_build_object('issues', to_jsonb($6::bigint[])), $4, $8::timestamptz);

-- A member by id or address, of an organization: $1 organization, $2 id, $3 address
-- :name assignable_user
select u.id, coalesce(nullif(u.name, ''), u.email), u.email
  from member m join app_user u on u.id = m.user_id
 where m.organization_id = $1 and u.is_active
   and (u.id = $2::bigint or lower(u.email) = lower($3::text));

-- :name assignable_team
select id, slug
  from team
 where organization_id = $1 and (id = $2::bigint or slug = $3::text);
