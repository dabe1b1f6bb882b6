-- Caps: how much of which categories an organization or one of its projects may have stored in a period.

create table quota (
    id bigserial primary key,
    organization_id bigint not null constraint quota_organization_fkey references organization on delete cascade,
    project_id bigint constraint quota_project_fkey references project on delete cascade, -- null: all of them
    categories text[] not null,        -- names as in outcomes; empty: everything
    period text not null,
    most bigint not null,              -- 0: nothing is stored
    date_created timestamptz not null,
    constraint quota_period_check check (period in ('minute', 'hour', 'day', 'month')),
    constraint quota_most_check check (most between 0 and 17592186044414)
);
create index quota_organization_idx on quota (organization_id, id);

-- What was taken, by all ingest processes of all hosts; ingest adds up once a second, the digest gives back
-- what it drops after all.  Slots are numbers of periods since 1970.
create table quota_usage (
    quota_id bigint not null,
    slot bigint not null,
    used bigint not null,
    primary key (quota_id, slot)
) with (fillfactor = 50);
