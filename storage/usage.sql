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
