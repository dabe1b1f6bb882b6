-- What became of everything that arrived, from outcome_hour and outcome_day: api/usage.c.
--
-- Events of the categories default and security count as errors; what came twice is invalid as a duplicate, and
-- no reason is "none", as in Sentry's statistics.  Numbers of categories and outcomes are those of storage/items.h.

-- $1 project ids, $2 start, $3 end (exclusive), $4 seconds of a bar, whole hours up to a day, $5 categories,
-- $6 outcomes, $7 reasons (null: all), $8..$11 whether it is grouped by project, category, outcome, reason.
-- :name usage_sums
with arrived as (
    select project_id, category, outcome, reason, hour as moment, quantity
      from outcome_hour
     where $4::bigint < 86400 and project_id = any($1::bigint[])
       and hour >= $2::timestamptz and hour < $3::timestamptz
    union all
    select project_id, category, outcome, reason, day::timestamptz, quantity
      from outcome_day
     where $4::bigint = 86400 and project_id = any($1::bigint[])
       and day >= $2::timestamptz::date and day < $3::timestamptz::date
), counted as (
    select project_id, case when category in (1, 4) then 2 else category end as category,
           case outcome when 7 then 3 else outcome end as outcome,
           case when outcome = 7 then 'duplicate' else coalesce(nullif(reason, ''), 'none') end as reason,
           extract(epoch from moment)::bigint / $4::bigint * $4::bigint as bar, quantity
      from arrived
)
select case when $8 then project_id end as project, case when $9 then category end as category,
       case when $10 then outcome end as outcome, case when $11 then reason end as reason, bar,
       sum(quantity)::bigint as quantity
  from counted
 where ($5::bigint[] is null or category = any($5::bigint[]))
   and ($6::bigint[] is null or outcome = any($6::bigint[]))
   and ($7::text[] is null or reason = any($7::text[]))
 group by 1, 2, 3, 4, 5
 order by 1, 2, 3, 4, 5;

-- :name usage_slugs
select id, slug from project where id = any($1::bigint[]) order by id;

-- How much of the disk each kind of data takes: tables with their partitions and indexes, files of attachments.
-- :name usage_disk
select kind as "kind", sum(bytes)::bigint as "bytes"
  from (select case when t.name like 'event%' or t.name like 'issue%' then 'events'
                    when t.name like 'log' then 'logs'
                    when t.name like 'trace\_metric' then 'metrics'
                    when t.name like 'attachment' then 'attachments'
                    else 'other' end as kind,
               pg_total_relation_size(t.oid) as bytes
          from (select c.oid, coalesce(parent.relname, c.relname)::text as name
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  left join pg_inherits i on i.inhrelid = c.oid
                  left join pg_class parent on parent.oid = i.inhparent
                 where n.nspname = 'public' and c.relkind = 'r') t
        union all
        select 'attachments', size from blob) sizes
 group by kind
 order by 2 desc;
