-- Events by UTC day of receipt, their rollups, and the digest's own bookkeeping.
-- Partitions are made ahead by a job and by vedette migrate (CREATE + ATTACH); there is no default partition.

create table event (
    project_id bigint not null,
    event_id uuid not null,
    received_day date not null,
    issue_id bigint not null,
    batch bigint not null,             -- digest_batch.id
    received timestamptz not null,
    "timestamp" timestamptz not null,
    level smallint not null,
    type text not null,
    platform text not null,
    environment_id bigint not null,
    release_id bigint,
    dist text,
    "transaction" text,
    title text not null,
    user_hash bigint,                  -- null: no user
    trace_id uuid,
    handled boolean,
    tags jsonb not null,               -- {"key": "value"}
    primary key (project_id, event_id, received_day)
) partition by range (received_day);
create index event_issue_idx on event (project_id, issue_id, "timestamp" desc, event_id);
create index event_batch_idx on event (batch); -- equal keys are stored once: a few bytes a row

create table event_body (
    project_id bigint not null,
    event_id uuid not null,
    received_day date not null,
    codec smallint not null,           -- 0 plain, 1 zstd, 2… zstd with dictionary of that number
    body bytea not null,
    primary key (project_id, event_id, received_day)
) partition by range (received_day);
alter table event_body alter column body set storage external;

create table issue_hour (
    project_id bigint not null,
    issue_id bigint not null,
    environment_id bigint not null,
    hour timestamptz not null,
    events bigint not null,
    primary key (project_id, issue_id, environment_id, hour)
) with (fillfactor = 70);
create index issue_hour_hour_idx on issue_hour (project_id, hour);

create table issue_day (
    project_id bigint not null,
    issue_id bigint not null,
    environment_id bigint not null,
    day date not null,
    events bigint not null,
    users hll not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (project_id, issue_id, environment_id, day)
) with (fillfactor = 50);
create index issue_day_day_idx on issue_day (project_id, day);

-- Tag values, filled a few seconds behind by a job. Values past the cap of a key are counted under '' ("other").
create table issue_tag (
    project_id bigint not null,
    issue_id bigint not null,
    key text not null,
    value text not null,
    day date not null,
    events bigint not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (project_id, issue_id, key, value, day)
) with (fillfactor = 70);
create index issue_tag_value_idx on issue_tag (project_id, key, value, day);

-- How many values of a key issue_tag holds, for the cap.
create table issue_tag_key (
    project_id bigint not null,
    issue_id bigint not null,
    key text not null,
    day date not null,
    value_count bigint not null,
    primary key (project_id, issue_id, key, day)
) with (fillfactor = 70);

create table outcome_hour (
    project_id bigint not null,
    key_id bigint not null,
    category smallint not null,
    outcome smallint not null,
    reason text not null,
    hour timestamptz not null,
    quantity bigint not null,
    primary key (project_id, key_id, category, outcome, reason, hour)
) with (fillfactor = 70);

create table outcome_day (
    project_id bigint not null,
    key_id bigint not null,
    category smallint not null,
    outcome smallint not null,
    reason text not null,
    day date not null,
    quantity bigint not null,
    primary key (project_id, key_id, category, outcome, reason, day)
) with (fillfactor = 70);

-- Items whose own tables come with later steps, as they arrived.
create table pending_item (
    project_id bigint not null,
    id bigserial,
    key_id bigint not null,
    request_id uuid not null,
    received timestamptz not null,
    type text not null,
    event_id uuid,
    envelope_header bytea,             -- JSON as sent
    item_header bytea,
    client_ip text,
    user_agent text,
    payload bytea,                     -- null: in the blob
    blob text,
    primary key (project_id, id)
);
create index pending_item_event_idx on pending_item (project_id, event_id);

-- Where each digest lane stands in each event log; advanced in the batch's own transaction.
create table log_cursor (
    log uuid not null,
    lane int not null,
    position bigint not null,
    updated timestamptz not null,
    primary key (log, lane)
);

-- One row a committed batch; the tag job deletes it when issue_tag has caught up with it.
create table digest_batch (
    id bigserial primary key,
    log uuid not null,
    lane int not null,
    first_position bigint not null,
    last_position bigint not null,
    first_day date not null,           -- received_day range of its events
    last_day date not null,
    committed timestamptz not null
);

-- Requests digested in the last hour whose items carry no id of their own.
create table recent_request (
    request_id uuid primary key,
    digested timestamptz not null
);
create index recent_request_digested_idx on recent_request (digested);

-- How far each digest lane is behind; written about once a second, also when there is nothing to do.
create table digest_lag (
    lane int primary key,
    lag_seconds double precision not null, -- age of the oldest record that is not stored yet
    backlog_bytes bigint not null,
    events_per_minute bigint not null,
    updated timestamptz not null
) with (fillfactor = 10);

-- Records set aside: three deaths of the digest, or a damaged frame.
create table poison (
    id bigserial primary key,
    log uuid not null,
    position bigint not null,
    reason text not null,
    record bytea not null,
    date_created timestamptz not null,
    replayed timestamptz,
    constraint poison_position_key unique (log, position)
);

create table blob (
    name char(64) primary key,
    size bigint not null,
    reference_count bigint not null,
    date_created timestamptz not null
);

create table job (
    id bigserial primary key,
    kind text not null,
    project_id bigint,
    data jsonb not null default '{}',
    every_seconds int,                 -- null: once
    run_at timestamptz not null,
    attempts int not null default 0,   -- since it last went well
    last_answer text,
    claimed_at timestamptz,
    done_at timestamptz,
    failed_at timestamptz,
    date_created timestamptz not null
);
create index job_due_idx on job (run_at) where done_at is null and failed_at is null;
create unique index job_recurring_key on job (kind) where every_seconds is not null;
