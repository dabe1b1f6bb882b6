-- How much of the disk each kind of data takes: storage/disk.c, api/disk.c.

-- :name disk_forget
delete from disk_usage;

-- Tables with their indexes.  A partition's day is the end of its name: storage/partitions.h.
-- $1 tables, $2 the kind of each, $3 now
-- :name disk_measure
insert into disk_usage (kind, day, bytes, measured)
select coalesce(t.kind, 'other'), to_date(substring(c.relname from '_p(\d{8})$'), 'YYYYMMDD'),
       sum(coalesce(pg_total_relation_size(c.oid), 0)), $3::timestamptz
  from pg_class c
  left join pg_inherits i on i.inhrelid = c.oid
  left join pg_class parent on parent.oid = i.inhparent
  left join unnest($1::text[], $2::text[]) t(name, kind) on t.name = coalesce(parent.relname, c.relname)
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
 group by 1, 2;

-- $1 how much may be taken, $2 now
-- :name disk_next_to_drop
select d.kind, d.day::timestamptz, d.bytes
  from disk_usage d
  join (select kind, sum(bytes) as bytes from disk_usage where day is not null group by kind) k on k.kind = d.kind
 where d.day < $2::timestamptz::date and (select sum(bytes) from disk_usage) > $1::bigint
 order by k.bytes desc, k.kind, d.day
 limit 1;

-- $1 kind, $2 day, $3 now
-- :name disk_dropped
with gone as (
    delete from disk_usage where kind = $1 and day = $2::timestamptz::date returning kind, day, bytes
)
insert into ceiling_drop (kind, day, bytes, dropped)
select kind, day, bytes, $3::timestamptz from gone
    on conflict (kind, day) do update set bytes = excluded.bytes, dropped = excluded.dropped;

-- What each kind takes and what a day brings, by the whole days of the last week that were measured; in how many days
-- all together meet the ceiling, if each brings as much, and takes away the day that is then too old (null: not within
-- a year, or not known); what the ceiling took last.
-- $1 kinds, $2 days that each is kept, $3 now, $4 ceiling (0: none)
-- :name disk_show
with today as (
    select $3::timestamptz::date as day
), age as (
    select (select day from today) - min(date_created)::date as days from organization
), kept as (
    select kind, days::int from unnest($1::text[], $2::bigint[]) k(kind, days)
), rate as (
    select d.kind, k.days, sum(d.bytes)::bigint as bytes,
           (sum(d.bytes) filter (where d.day < t.day and d.day >= t.day - least(7, k.days, a.days))
            / nullif(least(7, k.days, a.days), 0))::bigint as daily
      from disk_usage d
     cross join today t
     cross join age a
      left join kept k on k.kind = d.kind
     group by d.kind, k.days, a.days
), whole as (
    select sum(bytes)::bigint as bytes, max(measured) as measured from disk_usage
), meeting as (
    select min(n) as days
      from generate_series(0, 365) n
     where exists (select from rate where daily is not null)
       and $4::bigint between 1
           and (select sum(d.bytes)
                  from disk_usage d
                  left join kept k on k.kind = d.kind
                 where d.day is null or d.day >= (select day from today) + n - k.days)
             + (select sum(daily * least(n, days)) from rate)
)
select coalesce(w.bytes, 0) as "bytes", nullif($4::bigint, 0) as "ceiling", w.measured as "measured",
       m.days as "daysLeft",
       (select jsonb_build_object('kind', kind, 'day', day, 'bytes', bytes,
                                  'dropped', to_char(dropped, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
          from ceiling_drop order by dropped desc, day desc limit 1) as "lastDrop",
       coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'bytes', bytes, 'days', days, 'bytesPerDay', daily)
                                  order by bytes desc, kind) from rate), '[]') as "kinds"
  from whole w
 cross join meeting m;
