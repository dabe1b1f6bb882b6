-- What users wrote about events (worker/digest/user_report.c): after the events, in the order of the key.

-- :name digest_user_reports_temporary
create temporary table if not exists digest_user_report (
    project_id bigint not null,
    event_id uuid not null,
    received timestamptz not null,
    name text not null,
    email text not null,
    comments text not null
) on commit delete rows;

-- The newest counts, for five minutes from the first; an event that happened half an hour before takes none.
-- :name digest_user_reports
insert into user_report as u (project_id, event_id, name, email, comments, date_created)
select distinct on (project_id, event_id) project_id, event_id, name, email, comments, received
  from digest_user_report f
 where not exists (select from event e
                    where e.project_id = f.project_id and e.event_id = f.event_id
                      and e."timestamp" < f.received - interval '30 minutes')
 order by project_id, event_id, received desc
    on conflict (project_id, event_id) do update
   set name = excluded.name, email = excluded.email, comments = excluded.comments
 where excluded.date_created <= u.date_created + interval '5 minutes';
