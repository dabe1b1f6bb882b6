-- Tags, from the rollup by day: api/tags.c.  A value '' stands for those past the cap of their key.

-- Keys of an issue with their most frequent values, one row a value; parts of users are for searching alone.
-- $1 project, $2 issue, $3 key (null: all), $4 values a key
-- :name issue_tag_top
with counted as (
    select key, value, sum(events)::bigint as events, min(first_seen) as first_seen,
           max(last_seen) as last_seen
      from issue_tag
     where project_id = $1 and issue_id = $2
       and case when $3::text is null then key not in ('user.id', 'user.username', 'user.email', 'user.ip')
                else key = $3::text end
     group by key, value
), ranked as (
    select *, sum(events) over (partition by key)::bigint as total,
           count(*) filter (where value <> '') over (partition by key) as distinct_values,
           row_number() over (partition by key order by value = '', events desc, value) as place
      from counted
)
select key, total, distinct_values, value, events, first_seen, last_seen
  from ranked
 where place <= $4::bigint
 order by key, place;

-- Values of one key of an issue.  $1 project, $2 issue, $3 key, $4 pattern, $5 order ('count', 'date' or
-- 'age'), $6 limit, $7 offset
-- :name issue_tag_values
select $3::text as "key", value as "name", value as "value", sum(events)::bigint as "count",
       min(first_seen) as "firstSeen", max(last_seen) as "lastSeen",
       null::text as "email", null::text as "identifier"
  from issue_tag
 where project_id = $1 and issue_id = $2 and key = $3 and value <> '' and value ilike $4::text
 group by value
 order by case $5::text when 'count' then sum(events)
                        when 'age' then extract(epoch from min(first_seen))
                        else extract(epoch from max(last_seen)) end desc, value
 limit $6::bigint offset $7::bigint;

-- Keys in use in projects: hops from key to key along the index instead of reading every row.
-- $1 projects
-- :name tag_keys
with recursive found as (
    select p.project_id,
           (select g.key from issue_tag g
             where g.project_id = p.project_id order by g.key limit 1) as key
      from unnest($1::bigint[]) p (project_id)
     union all
    select f.project_id,
           (select g.key from issue_tag g
             where g.project_id = f.project_id and g.key > f.key order by g.key limit 1)
      from found f
     where f.key is not null
)
select key as "key", initcap(replace(key, '_', ' ')) as "name"
  from found
 where key is not null
 group by key
 order by key
 limit 1000;

-- $1 projects, $2 key, $3 pattern, $4 first day, $5 limit, $6 offset
-- :name tag_values
select $2::text as "key", value as "name", value as "value", sum(events)::bigint as "count",
       min(first_seen) as "firstSeen", max(last_seen) as "lastSeen"
  from issue_tag
 where project_id = any($1::bigint[]) and key = $2 and day >= ($4::timestamptz)::date and value <> ''
   and value ilike $3::text
 group by value
 order by sum(events) desc, value
 limit $5::bigint offset $6::bigint;
