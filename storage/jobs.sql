-- Table job, and what the worker's own kinds of job do.

-- :name job_recur
insert into job as j (kind, every_seconds, run_at, date_created) values ($1, $2, $3, $3)
    on conflict (kind) where every_seconds is not null do update set every_seconds = excluded.every_seconds;

-- Those that a dead child had begun are due again.
-- :name job_release
update job set run_at = $1, claimed_at = null where claimed_at is not null and kind = any($2::text[]);

-- While it runs it is due again at a later time, in case nobody lives to say how it went.  What recurs is due as
-- well when its time is farther off than it ever sets it: the clock was set back.
-- :name job_claim
update job
   set attempts = attempts + 1, claimed_at = $1::timestamptz,
       run_at = $1::timestamptz + make_interval(secs => least(3600, 30 * (attempts + 1) * (attempts + 1)))
 where id = (select id from job
              where (run_at <= $1::timestamptz
                     or claimed_at is null and attempts = 0 and run_at > $1::timestamptz + make_interval(secs => every_seconds))
                and done_at is null and failed_at is null and kind = any($2::text[])
              order by run_at, id limit 1 for update skip locked)
returning id, kind, project_id, data, attempts;

-- Has a recurring kind run now; where it is running already, once more.
-- :name job_hurry
with due as (
    update job set run_at = $2::timestamptz, claimed_at = null where kind = $1 and every_seconds is not null
)
select pg_notify('job', '');

-- $4: seconds until it is due again, where that is not as usual (0).
-- :name job_done
update job
   set claimed_at = null, attempts = 0, last_answer = $2,
       done_at = case when every_seconds is null then $3::timestamptz end,
       run_at = case when every_seconds is null or claimed_at is null then run_at
                else $3::timestamptz + make_interval(secs => coalesce(nullif($4::int, 0), every_seconds)) end
 where id = $1;

-- :name job_failed
update job
   set claimed_at = null, last_answer = $2,
       failed_at = case when every_seconds is null and attempts >= $3 then $4::timestamptz end
 where id = $1;

-- ---- tags

-- Events come before the counts of their tags: while the digest is behind, batches wait, the oldest for half
-- a minute.
-- :name tags_take_batches
delete from digest_batch
 where id in (select id from digest_batch order by id limit $1 for update skip locked)
   and (not exists (select from digest_lag where lag_seconds > 2 and updated > $2::timestamptz - interval '1 minute')
        or exists (select from digest_batch where committed < $2::timestamptz - interval '30 seconds'))
returning id, first_day::timestamptz, last_day::timestamptz;

-- Values past the cap ($4) of an issue's key and day are counted as ''.
-- :name tags_count
with fresh as (
    select e.project_id, e.issue_id, t.key, t.value, e."timestamp"::date as day, count(*) as events,
           min(e."timestamp") as first_seen, max(e."timestamp") as last_seen
      from event e, jsonb_each_text(e.tags) t
     where e.batch = any($1::bigint[])
       and e.received_day between $2::timestamptz::date and $3::timestamptz::date
     group by 1, 2, 3, 4, 5
), known as (
    select f.*, t.value is not null as is_known
      from fresh f
      left join issue_tag t on t.project_id = f.project_id and t.issue_id = f.issue_id and t.key = f.key
                           and t.value = f.value and t.day = f.day
), ranked as (
    select k.*, row_number() over (partition by project_id, issue_id, key, day, is_known
                                   order by events desc, value) as rank
      from known k
), placed as (
    select r.project_id, r.issue_id, r.key, r.day, r.events, r.first_seen, r.last_seen, f.fits and not r.is_known as is_new,
           case when f.fits then r.value else '' end as value
      from ranked r
      left join issue_tag_key c on c.project_id = r.project_id and c.issue_id = r.issue_id and c.key = r.key
                               and c.day = r.day
     cross join lateral (select r.is_known or r.rank + coalesce(c.value_count, 0) <= $4::bigint as fits) f
), counted as (
    insert into issue_tag_key as k (project_id, issue_id, key, day, value_count)
    select project_id, issue_id, key, day, count(*) from placed where is_new group by 1, 2, 3, 4 order by 1, 2, 3, 4
        on conflict (project_id, issue_id, key, day) do update set value_count = k.value_count + excluded.value_count
)
insert into issue_tag as t (project_id, issue_id, key, value, day, events, first_seen, last_seen)
select project_id, issue_id, key, value, day, sum(events), min(first_seen), max(last_seen)
  from placed
 group by 1, 2, 3, 4, 5
 order by 1, 2, 3, 4, 5
    on conflict (project_id, issue_id, key, value, day) do update
   set events = t.events + excluded.events, first_seen = least(t.first_seen, excluded.first_seen),
       last_seen = greatest(t.last_seen, excluded.last_seen);

-- ---- issues that change by the clock

-- Each locks the issues first, in the order of their keys, as the digest does.
-- :name issues_wake
with due as (
    select i.project_id, i.id
      from issue_snooze z
      join issue i on i.project_id = z.project_id and i.id = z.issue_id
     where z.until <= $1::timestamptz and i.status = 2
     order by 1, 2
       for no key update of i
), changed as (
    update issue i
       set status = 0, active_at = $1::timestamptz,
           substatus = case when i.first_seen > $1::timestamptz - interval '7 days' then 7 else 3 end
      from due d
     where i.project_id = d.project_id and i.id = d.id
 returning i.project_id, i.id
), noted as (
    insert into activity (project_id, issue_id, type, date_created)
    select project_id, id, 'set_unresolved', $1::timestamptz from changed
), ended as (
    delete from issue_snooze z using changed c where z.project_id = c.project_id and z.issue_id = c.id
)
select count(*) from changed;

-- New, regressed and escalating issues are ongoing after a week.
-- :name issues_settle
with due as (
    select project_id, id from issue
     where status = 0
       and (substatus = 7 and first_seen < $1::timestamptz - interval '7 days'
            or substatus in (2, 6) and active_at < $1::timestamptz - interval '7 days')
     order by 1, 2
       for no key update
), changed as (
    update issue i set substatus = 3 from due d where i.project_id = d.project_id and i.id = d.id
 returning i.id
)
select count(*) from changed;

-- Projects may have issues resolved that nothing was heard of for some hours.
-- :name issues_resolve_by_age
with due as (
    select i.project_id, i.id
      from project p
      join issue_stat s on s.project_id = p.id
      join issue i on i.project_id = s.project_id and i.id = s.issue_id
     where (p.options ->> 'resolveAge')::int > 0
       and s.last_seen_minute < $1::timestamptz - make_interval(hours => (p.options ->> 'resolveAge')::int)
       and i.status = 0
     order by 1, 2
       for no key update of i
), changed as (
    update issue i set status = 1, resolved_at = $1::timestamptz
      from due d
     where i.project_id = d.project_id and i.id = d.id
 returning i.project_id, i.id
), noted as (
    insert into activity (project_id, issue_id, type, date_created)
    select project_id, id, 'set_resolved_by_age', $1::timestamptz from changed
)
select count(*) from changed;

-- ---- what grows old

-- :name cleanup_requests
with gone as (delete from recent_request where digested < $1::timestamptz returning 1) select count(*) from gone;

-- :name cleanup_sessions
with gone as (delete from session where expires < $1::timestamptz returning 1) select count(*) from gone;

-- :name cleanup_jobs
with gone as (delete from job where coalesce(done_at, failed_at) < $1::timestamptz returning 1) select count(*) from gone;

-- ---- blobs

-- Whether every lane has stored all that is older than an hour.
-- :name blobs_may_go
select count(*) > 0 and bool_and(lag_seconds < 3600 and updated > $1::timestamptz - interval '1 minute') from digest_lag;

-- Which of these files nobody refers to; rows that count no reference go with them.
-- :name blobs_unknown
with gone as (
    delete from blob where name = any($1::bpchar[]) and reference_count <= 0
)
select k.name from unnest($1::text[]) k(name)
 where not exists (select from blob b where b.name = k.name::bpchar and b.reference_count > 0);
