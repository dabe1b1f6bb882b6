-- What users wrote about an event that hit them; one report for each event.

create table user_report (
    project_id bigint not null,
    event_id uuid not null,
    id bigserial,
    name text not null,
    email text not null,
    comments text not null,
    date_created timestamptz not null, -- of the first version
    primary key (project_id, event_id)
);
create index user_report_date_idx on user_report (project_id, date_created desc, id desc);
