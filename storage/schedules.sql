-- Schedules of monitors: storage/schedule.c.

-- :name schedule_time_zone
select time_zone_or_utc($1) = $1;

-- $1 from, $2 an interval, $3 zone
-- :name schedule_interval
select (date_trunc('minute', $1::timestamptz) at time zone z.zone + $2::text::interval) at time zone z.zone
  from (select time_zone_or_utc($3) as zone) z;

-- :name schedule_civil
select ($1::timestamptz at time zone time_zone_or_utc($2)) at time zone 'UTC';

-- The civil time of an instant ($3), and the first instant after $1 at the civil time $2; where the clock leaps
-- over that, as much after the gap.
-- :name schedule_instant
select ($3::timestamptz at time zone z.zone) at time zone 'UTC',
       coalesce((select min(g) from generate_series(x.usual - interval '3 hours', x.usual + interval '3 hours',
                                                    interval '15 minutes') g
                  where g at time zone z.zone = $2::timestamp and g > $1::timestamptz), x.usual)
  from (select time_zone_or_utc($4) as zone) z,
       lateral (select $2::timestamp at time zone z.zone as usual) x;
