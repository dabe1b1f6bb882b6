-- Who uses the instance: organizations, users, teams, projects, keys, sign-ins, tokens, audit.

create table instance (
    name text primary key,
    value text not null
);

create table organization (
    id bigserial primary key,
    slug text not null constraint organization_slug_key unique,
    name text not null,
    options jsonb not null default '{}',
    date_created timestamptz not null
);

create table app_user (
    id bigserial primary key,
    email text not null,
    name text not null default '',
    password text,                     -- Argon2id string; null: no password sign-in
    is_superuser boolean not null default false,
    is_active boolean not null default true,
    options jsonb not null default '{}',
    date_joined timestamptz not null,
    last_login timestamptz,
    last_active timestamptz
);
create unique index app_user_email_key on app_user (lower(email));

create table member (
    id bigserial primary key,
    organization_id bigint not null constraint member_organization_fkey references organization on delete cascade,
    user_id bigint not null constraint member_user_fkey references app_user on delete cascade,
    role text not null constraint member_role_check check (role in ('owner', 'manager', 'admin', 'member', 'billing')),
    date_created timestamptz not null,
    constraint member_organization_user_key unique (organization_id, user_id)
);
create index member_user_idx on member (user_id);

create table team (
    id bigserial primary key,
    organization_id bigint not null constraint team_organization_fkey references organization on delete cascade,
    slug text not null,
    name text not null,
    date_created timestamptz not null,
    constraint team_slug_key unique (organization_id, slug)
);

create table team_member (
    team_id bigint not null constraint team_member_team_fkey references team on delete cascade,
    user_id bigint not null constraint team_member_user_fkey references app_user on delete cascade,
    primary key (team_id, user_id)
);

create table project (
    id bigserial primary key,
    organization_id bigint not null constraint project_organization_fkey references organization on delete cascade,
    slug text not null,
    name text not null,
    platform text,
    status text not null default 'active' constraint project_status_check check (status in ('active', 'disabled', 'deletion')),
    options jsonb not null default '{}',
    allowed_domains text[] not null default '{*}',
    date_created timestamptz not null,
    first_event timestamptz,
    constraint project_slug_key unique (organization_id, slug)
);

-- Apart from project, so that the digest's update touches a narrow row of its own.
create table project_counter (
    project_id bigint primary key,
    last_short_id bigint not null default 0
) with (fillfactor = 50);

create table project_team (
    project_id bigint not null constraint project_team_project_fkey references project on delete cascade,
    team_id bigint not null constraint project_team_team_fkey references team on delete cascade,
    primary key (project_id, team_id)
);

create table project_key (
    id bigserial primary key,
    project_id bigint not null constraint project_key_project_fkey references project on delete cascade,
    label text not null,
    public_key char(32) not null constraint project_key_public_key_key unique,
    secret_key char(32) not null,
    is_active boolean not null default true,
    rate_limit_window int,
    rate_limit_count int,
    options jsonb not null default '{}', -- browserSdkVersion, dynamicSdkLoaderOptions
    date_created timestamptz not null
);
create index project_key_project_idx on project_key (project_id);

create table session (
    token_hash bytea primary key,      -- BLAKE2b-256 of the cookie
    user_id bigint not null constraint session_user_fkey references app_user on delete cascade,
    remember boolean not null,
    ip text,
    user_agent text,
    date_created timestamptz not null,
    last_seen timestamptz not null,
    expires timestamptz not null
);
create index session_user_idx on session (user_id);
create index session_expires_idx on session (expires);

create table api_token (
    id bigserial primary key,
    user_id bigint constraint api_token_user_fkey references app_user on delete cascade,
    organization_id bigint constraint api_token_organization_fkey references organization on delete cascade,
    name text not null default '',
    token_hash bytea not null constraint api_token_hash_key unique,
    last_characters char(4) not null,
    scopes text[] not null,
    date_created timestamptz not null,
    last_used timestamptz,
    expires timestamptz,
    constraint api_token_owner_check check (num_nonnulls(user_id, organization_id) = 1)
);
create index api_token_user_idx on api_token (user_id);

create table audit_log (
    id bigserial primary key,
    organization_id bigint,
    user_id bigint,
    token_id bigint,
    action text not null,              -- "project.create"
    target_id bigint,
    data jsonb not null default '{}',
    ip text,
    date_created timestamptz not null
);
create index audit_log_organization_idx on audit_log (organization_id, date_created desc);
