-- Replays of what users saw, in segments of some seconds; the replay is what its segments come to.

create table replay_segment (
    project_id bigint not null,
    id uuid not null,                  -- made of replay_id and segment_id
    received_day date not null,
    replay_id uuid not null,
    segment_id int not null,
    received timestamptz not null,
    started timestamptz,               -- of the replay; only the first segment says it
    finished timestamptz not null,
    type text not null,                -- session, buffer
    platform text not null,
    environment_id bigint not null,
    release_id bigint,
    dist text,
    urls jsonb not null,               -- lists of texts
    error_ids jsonb not null,
    trace_ids jsonb not null,
    details jsonb not null,            -- user, geo, tags, sdk, os, browser, device
    clicks int not null,
    dead_clicks int not null,
    rage_clicks int not null,
    size bigint not null,              -- of the recording, unpacked
    codec smallint not null,           -- as in event_body
    body bytea,                        -- the recording; null: in the blob
    blob char(64),                     -- the recording, or the video beside it
    has_video boolean not null,        -- the blob is it
    primary key (project_id, id, received_day)
) partition by range (received_day);
alter table replay_segment alter column body set storage external;
create index replay_segment_replay_idx on replay_segment (project_id, replay_id, segment_id);

create table replay_click (
    project_id bigint not null,
    replay_id uuid not null,
    segment_id int not null,
    place smallint not null,           -- in the segment
    received_day date not null,
    "timestamp" timestamptz not null,
    node_id bigint not null,
    tag text not null,
    element_id text not null,
    classes jsonb not null,
    text text not null,
    role text not null,
    alt text not null,
    testid text not null,
    aria_label text not null,
    title text not null,
    component_name text not null,
    selector text not null,
    url text not null,
    is_dead boolean not null,
    is_rage boolean not null,
    primary key (project_id, replay_id, segment_id, place, received_day)
) partition by range (received_day);

create table replay (
    project_id bigint not null,
    replay_id uuid not null,
    started timestamptz not null,
    finished timestamptz not null,
    type text not null,
    platform text not null,
    environment_id bigint not null,
    releases jsonb not null,           -- ids, as texts
    dist text,
    urls jsonb not null,
    error_ids jsonb not null,
    trace_ids jsonb not null,
    details jsonb not null,            -- of the first segment
    segment_count bigint not null,
    url_count bigint not null,
    error_count bigint not null,
    dead_clicks bigint not null,
    rage_clicks bigint not null,
    activity bigint not null,          -- 0 to 10
    primary key (project_id, replay_id)
) with (fillfactor = 50);
create index replay_started_idx on replay (project_id, started desc, replay_id);
create index replay_errors_idx on replay using gin (error_ids jsonb_path_ops);

create table replay_view (
    project_id bigint not null,
    replay_id uuid not null,
    user_id bigint not null references app_user (id) on delete cascade,
    date_viewed timestamptz not null,
    primary key (project_id, replay_id, user_id)
);
