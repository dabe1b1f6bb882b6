-- Release health: sessions by the hour and the day in which they began.

alter table project add column has_sessions boolean not null default false;

create table session_hour (
    project_id bigint not null,
    hour timestamptz not null,
    release_id bigint not null,
    environment_id bigint not null,
    sessions bigint not null,          -- that began: updates that say init, and what clients have summed
    errored bigint not null,           -- of what clients have summed; the others are errored_ids
    crashed bigint not null,
    abnormal bigint not null,
    errored_ids hll not null,
    users hll not null,
    errored_users hll not null,
    crashed_users hll not null,
    abnormal_users hll not null,
    anr_users hll not null,            -- an app that did not answer
    foreground_anr_users hll not null, -- … while it was in front
    primary key (project_id, hour, release_id, environment_id)
) with (fillfactor = 50);

create table session_day (
    project_id bigint not null,
    day date not null,
    release_id bigint not null,
    environment_id bigint not null,
    sessions bigint not null,
    errored bigint not null,
    crashed bigint not null,
    abnormal bigint not null,
    errored_ids hll not null,
    users hll not null,
    errored_users hll not null,
    crashed_users hll not null,
    abnormal_users hll not null,
    anr_users hll not null,
    foreground_anr_users hll not null,
    primary key (project_id, day, release_id, environment_id)
) with (fillfactor = 50);

-- Where a release was seen by its sessions, and since when it is the one that is used.
create table release_environment (
    project_id bigint not null,
    release_id bigint not null,
    environment_id bigint not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    adopted timestamptz,
    unadopted timestamptz,             -- it was adopted, and another has taken its place
    primary key (project_id, release_id, environment_id)
) with (fillfactor = 70);
