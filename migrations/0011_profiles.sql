-- Profiles: of one transaction each, and in chunks of a profiler that runs on.

create table profile (
    project_id bigint not null,
    profile_id uuid not null,
    received_day date not null,
    received timestamptz not null,
    transaction_id uuid,
    trace_id uuid,
    "transaction" text not null,
    platform text not null,
    environment_id bigint not null,
    release_id bigint,
    duration_ns bigint not null,       -- from the first sample to the last; 0: not known
    sample_count int not null,
    codec smallint not null,           -- as in event_body
    body bytea,                        -- null: in the blob
    blob char(64),
    primary key (project_id, profile_id, received_day)
) partition by range (received_day);
alter table profile alter column body set storage external;
create index profile_transaction_idx on profile (project_id, "transaction", received desc);

create table profile_chunk (
    project_id bigint not null,
    chunk_id uuid not null,
    received_day date not null,
    received timestamptz not null,
    profiler_id uuid not null,
    started timestamptz not null,      -- times of its first and last sample
    finished timestamptz not null,
    platform text not null,
    environment_id bigint not null,
    release_id bigint,
    sample_count int not null,
    codec smallint not null,
    body bytea,
    blob char(64),
    primary key (project_id, chunk_id, received_day)
) partition by range (received_day);
alter table profile_chunk alter column body set storage external;
create index profile_chunk_profiler_idx on profile_chunk (project_id, profiler_id, started);
