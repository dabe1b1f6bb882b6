-- Files that came with an event, or before or after it.

create table attachment (
    project_id bigint not null,
    id bigserial,
    received_day date not null,
    event_id uuid not null,
    received timestamptz not null,
    type text not null,                -- event.attachment, event.minidump, …
    name text not null,
    content_type text not null,
    size bigint not null,
    body bytea,                        -- null: in the blob
    blob char(64),
    primary key (project_id, id, received_day)
) partition by range (received_day);
alter table attachment alter column body set storage external;
create index attachment_event_idx on attachment (project_id, event_id);
