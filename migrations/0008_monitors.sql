-- Cron monitors and their check-ins.

-- The zone itself when it is one, else UTC: a name that is none would be an error.
create function time_zone_or_utc(zone text) returns text language plpgsql stable as $$
begin
    perform timezone(zone, now());
    return zone;
exception when invalid_parameter_value then
    return 'UTC';
end
$$;

create table monitor (
    project_id bigint not null,
    id bigserial,
    guid uuid not null,
    slug text not null,
    name text not null,
    is_disabled boolean not null default false,
    is_muted boolean not null default false,
    is_upserting boolean not null default false, -- made by check-ins
    crontab text,                      -- null: by intervals
    interval_count int,
    interval_unit text,                -- minute, hour, day, week, month, year
    timezone text not null,
    checkin_margin int,                -- minutes; null: 1
    max_runtime int,                   -- minutes; null: 30
    failure_threshold int not null,
    recovery_threshold int not null,
    owner_user_id bigint,
    owner_team_id bigint,
    date_created timestamptz not null,
    primary key (project_id, id),
    constraint monitor_slug_key unique (project_id, slug),
    constraint monitor_guid_key unique (guid),
    constraint monitor_schedule_check check ((crontab is null) = (interval_count is not null and interval_unit is not null)),
    constraint monitor_owner_check check (num_nonnulls(owner_user_id, owner_team_id) <= 1)
);

create table monitor_environment (
    project_id bigint not null,
    monitor_id bigint not null,
    environment_id bigint not null,
    status text not null default 'active', -- active until its first check-in that says how it went, ok, error
    is_muted boolean not null default false,
    last_checkin timestamptz,
    next_checkin timestamptz,
    next_checkin_latest timestamptz,
    rate_started timestamptz not null,
    rate_count int not null default 0, -- check-ins in the minute from then on
    date_created timestamptz not null,
    primary key (project_id, monitor_id, environment_id)
) with (fillfactor = 70);
create index monitor_environment_due_idx on monitor_environment (next_checkin_latest);

-- Not by days like events: an id is unique whenever it came, and rows change after their day.
create table check_in (
    project_id bigint not null,
    id uuid not null,
    monitor_id bigint not null,
    environment_id bigint not null,
    status smallint not null,          -- 0 unknown, 1 ok, 2 error, 3 in progress, 4 missed, 5 timeout
    duration bigint,                   -- milliseconds
    trace_id uuid,
    expected timestamptz,
    timeout_at timestamptz,            -- while in progress
    in_progress timestamptz,           -- when it was said to be
    date_added timestamptz not null,
    date_updated timestamptz not null,
    primary key (project_id, id)
) with (fillfactor = 80);
create index check_in_monitor_idx on check_in (project_id, monitor_id, environment_id, date_added desc);
create index check_in_timeout_idx on check_in (timeout_at) where timeout_at is not null;
create index check_in_added_idx on check_in (date_added);

-- From the first failure that counts to the recovery.
create table monitor_incident (
    project_id bigint not null,
    id bigserial,
    monitor_id bigint not null,
    environment_id bigint not null,
    check_in_id uuid not null,
    started timestamptz not null,
    resolved timestamptz,
    primary key (project_id, id)
);
create unique index monitor_incident_open_key on monitor_incident (project_id, monitor_id, environment_id)
 where resolved is null;
