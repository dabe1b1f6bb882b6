-- How long data is kept, and how much of the disk it takes.

-- Where an organization keeps a kind of data for less than the instance would.
create table organization_retention (
    organization_id bigint not null constraint organization_retention_organization_fkey references organization on delete cascade,
    kind text not null,                -- as in storage/retention.h
    days int not null,
    primary key (organization_id, kind),
    constraint organization_retention_days_check check (days > 0)
);

-- Tables with their indexes and their share of the blobs, as a job has last measured them.
create table disk_usage (
    kind text not null,                -- as in storage/retention.h, or other
    day date,                          -- of receipt; null: tables without partitions
    bytes bigint not null,
    measured timestamptz not null,
    constraint disk_usage_key unique nulls not distinct (kind, day)
);

-- Days that were dropped before their time because all together took more than they may.
create table ceiling_drop (
    kind text not null,
    day date not null,
    bytes bigint not null,
    dropped timestamptz not null,
    primary key (kind, day)
);
