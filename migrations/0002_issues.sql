-- Issues and what people do with them. project_id is in every key, so that the tables can be distributed.

create table environment (
    project_id bigint not null,
    id bigserial,
    name text not null,                -- '' is "no environment"
    is_hidden boolean not null default false,
    date_created timestamptz not null,
    primary key (project_id, id),
    constraint environment_name_key unique (project_id, name)
);

create table release (
    id bigserial primary key,
    organization_id bigint not null constraint release_organization_fkey references organization on delete cascade,
    version text not null,
    date_created timestamptz not null,
    date_released timestamptz,
    constraint release_version_key unique (organization_id, version)
);

create table release_project (
    project_id bigint not null,
    release_id bigint not null,
    first_event timestamptz,
    last_event timestamptz,
    primary key (project_id, release_id)
);

create table issue (
    project_id bigint not null,
    id bigserial,
    short_id bigint not null,          -- shown as SLUG-<Crockford base 32>
    type text not null,                -- of its newest event: error, default, csp, …
    title text not null,
    culprit text not null default '',
    metadata jsonb not null default '{}',
    level smallint not null,           -- 10 debug, 20 info, 30 warning, 40 error, 50 fatal
    platform text not null,
    logger text not null default '',
    is_unhandled boolean not null default false,
    status smallint not null default 0,    -- grouping-symbolication.md §1.12: 0 unresolved, 1 resolved, 2 ignored
    substatus smallint not null default 7,
    priority smallint not null default 50,
    priority_locked_at timestamptz,
    assigned_user_id bigint,
    assigned_team_id bigint,
    is_public boolean not null default false,
    first_seen timestamptz not null,
    first_release_id bigint,
    active_at timestamptz not null,
    resolved_at timestamptz,
    date_created timestamptz not null,
    primary key (project_id, id),
    constraint issue_short_id_key unique (project_id, short_id),
    constraint issue_assignee_check check (num_nonnulls(assigned_user_id, assigned_team_id) <= 1)
) with (fillfactor = 80);
create index issue_id_idx on issue (id);
create index issue_first_seen_idx on issue (project_id, first_seen desc);

-- The only row of an issue that every event touches.
create table issue_stat (
    project_id bigint not null,
    issue_id bigint not null,
    last_seen timestamptz not null,
    last_seen_minute timestamptz not null,
    last_release_id bigint,
    times_seen bigint not null,
    users_seen bigint not null default 0,
    primary key (project_id, issue_id)
) with (fillfactor = 50);
create index issue_stat_last_seen_idx on issue_stat (project_id, last_seen_minute desc, issue_id desc);

create table issue_hash (
    project_id bigint not null,
    hash uuid not null,                -- md5 of the grouping values
    issue_id bigint not null,
    primary key (project_id, hash)
);
create index issue_hash_issue_idx on issue_hash (project_id, issue_id);

create table issue_user (
    project_id bigint not null,
    issue_id bigint not null,
    user_hash bigint not null,
    primary key (project_id, issue_id, user_hash)
);

create table issue_bookmark (
    project_id bigint not null,
    issue_id bigint not null,
    user_id bigint not null,
    date_created timestamptz not null,
    primary key (project_id, issue_id, user_id)
);

create table issue_subscription (
    project_id bigint not null,
    issue_id bigint not null,
    user_id bigint not null,
    is_active boolean not null,
    reason text not null,
    date_created timestamptz not null,
    primary key (project_id, issue_id, user_id)
);

create table issue_seen (
    project_id bigint not null,
    issue_id bigint not null,
    user_id bigint not null,
    last_seen timestamptz not null,
    primary key (project_id, issue_id, user_id)
);

-- Until when an archived issue stays archived, with the counters at the time it was archived.
create table issue_snooze (
    project_id bigint not null,
    issue_id bigint not null,
    until timestamptz,
    count bigint,
    "window" int,                      -- minutes
    user_count bigint,
    user_window int,
    times_seen_before bigint not null,
    users_seen_before bigint not null,
    user_id bigint,
    primary key (project_id, issue_id)
);

-- In which release a resolved issue counts as resolved (grouping-symbolication.md §1.12); no row: at once.
create table issue_resolution (
    project_id bigint not null,
    issue_id bigint not null,
    type smallint not null,            -- 0 in release, 1 in next release
    status smallint not null,          -- 0 pending, 1 resolved
    release_id bigint,
    current_release_version text,      -- newest release when "next release" was chosen
    user_id bigint,
    date_created timestamptz not null,
    primary key (project_id, issue_id)
);

create table activity (
    project_id bigint not null,
    id bigserial,
    issue_id bigint not null,
    user_id bigint,
    type text not null,                -- Sentry's names: set_resolved, set_regression, note, assigned, first_seen, …
    data jsonb not null default '{}',
    date_created timestamptz not null,
    primary key (project_id, id)
);
create index activity_issue_idx on activity (project_id, issue_id, date_created desc);
