-- Transactions and spans, by UTC day of receipt, and what is counted of transactions by the hour.
-- Span ids are 64 bits, as bigint with the same bits.

create table transaction (
    project_id bigint not null,
    event_id uuid not null,
    received_day date not null,
    received timestamptz not null,
    start_timestamp timestamptz not null,
    "timestamp" timestamptz not null,
    duration double precision not null,      -- ms
    name text not null,
    op text not null,
    status smallint not null,                -- gRPC's codes: storage/span_status.h
    source text not null,                    -- of the name: url, route, …
    platform text not null,
    environment_id bigint not null,
    release_id bigint,
    dist text,
    user_hash bigint,                        -- null: no user
    trace_id uuid not null,
    span_id bigint not null,
    parent_span_id bigint,
    http_method text,
    replay_id uuid,
    profile_id uuid,
    span_count int not null,
    measurements jsonb,                      -- {"lcp": 2400}
    tags jsonb not null,                     -- {"key": "value"}
    primary key (project_id, event_id, received_day)
) partition by range (received_day);
create index transaction_time_idx on transaction (project_id, "timestamp" desc);
create index transaction_name_idx on transaction (project_id, name, "timestamp" desc);
create index transaction_trace_idx on transaction (project_id, trace_id);

create table transaction_body (
    project_id bigint not null,
    event_id uuid not null,
    received_day date not null,
    codec smallint not null,                 -- as event_body.codec
    body bytea not null,
    primary key (project_id, event_id, received_day)
) partition by range (received_day);
alter table transaction_body alter column body set storage external;

create table transaction_hour (
    project_id bigint not null,
    name text not null,
    op text not null,
    environment_id bigint not null,
    release_id bigint not null,              -- 0: none
    hour timestamptz not null,
    transactions bigint not null,
    failures bigint not null,                -- status neither ok, cancelled nor unknown
    duration_sum double precision not null,  -- ms
    durations tdigest not null,
    users hll not null,
    primary key (project_id, name, op, environment_id, release_id, hour)
) with (fillfactor = 50);
create index transaction_hour_hour_idx on transaction_hour (project_id, hour);

-- Spans of transactions, the transactions themselves among them (is_segment), and spans sent alone.
create table span (
    project_id bigint not null,
    trace_id uuid not null,
    id bigint not null,                      -- at random: span ids come twice
    received_day date not null,
    span_id bigint not null,
    parent_span_id bigint,
    segment_id bigint,                       -- the span_id of its segment
    transaction_id uuid,                     -- transaction.event_id; null: it was sent alone
    is_segment boolean not null,
    start_timestamp timestamptz not null,
    "timestamp" timestamptz not null,
    duration double precision not null,      -- ms
    exclusive_time double precision not null, -- ms
    op text not null,
    category text,
    action text,
    domain text,
    status smallint,
    status_code text,                        -- of HTTP
    system text,                             -- of the database
    group_hash bigint,                       -- of grouped: first half of its MD5
    grouped text,                            -- the description without what differs from call to call
    description text,
    transaction text,                        -- name of its segment
    platform text,
    environment_id bigint not null,
    release_id bigint,
    measurements jsonb,
    attributes jsonb not null,
    primary key (project_id, trace_id, id, received_day)
) partition by range (received_day);
create index span_time_idx on span (project_id, "timestamp" desc);
create index span_group_idx on span (project_id, group_hash, "timestamp" desc) where group_hash is not null;
