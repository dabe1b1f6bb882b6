-- How long each kind of data is kept: storage/retention.c, api/retention.c.

-- By those who keep it longest (projects null), and of which projects for less.  An organization without projects
-- has nothing to keep.  $1 kinds, $2 the most days of each
-- :name retention_plan
with kept as (
    select kind, days from unnest($1::text[], $2::bigint[]) k(kind, days)
), asked as (
    select k.kind, p.ids, least(k.days, coalesce(r.days, k.days)) as days
      from kept k
     cross join (select organization_id, array_agg(id order by id)::text as ids from project group by 1) p
      left join organization_retention r on r.organization_id = p.organization_id and r.kind = k.kind
), longest as (
    select k.kind, coalesce(max(a.days), max(k.days)) as days
      from kept k
      left join asked a on a.kind = k.kind
     group by k.kind
)
select kind, days, null::text as projects from longest
 union all
select a.kind, a.days, a.ids from asked a join longest l on l.kind = a.kind where a.days < l.days
 order by projects nulls first, kind;

-- $1 organization, $2 kinds, $3 the most days of each
-- :name retention_list
select k.kind as "kind", least(k.days, coalesce(r.days, k.days)) as "days", k.days as "most", r.days as "own"
  from unnest($2::text[], $3::bigint[]) with ordinality k(kind, days, place)
  left join organization_retention r on r.organization_id = $1 and r.kind = k.kind
 order by k.place;

-- $1 organization, $2 kinds, $3 days of each (0: as long as the instance); who: $4 user, $5 token, $6 address; $7 now
-- :name retention_update
with sent as (
    select kind, days from unnest($2::text[], $3::bigint[]) k(kind, days)
), gone as (
    delete from organization_retention r using sent s where r.organization_id = $1 and r.kind = s.kind and s.days = 0
), kept as (
    insert into organization_retention (organization_id, kind, days)
    select $1, kind, days from sent where days > 0 order by kind
        on conflict (organization_id, kind) do update set days = excluded.days
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select $1, $4::bigint, $5::bigint, 'retention.edit', $1, jsonb_object_agg(kind, nullif(days, 0)), $6::text,
       $7::timestamptz
  from sent
having count(*) > 0;
