-- Statements of the operator's tool (api/cli).

-- :name operator_is_set_up
select exists (select from app_user) as "isSetUp";

-- The whole first tenant in one statement, so that a crash leaves all of it or nothing.
-- :name operator_setup
with fresh_organization as (
    insert into organization (slug, name, date_created)
    values ($1, $2, $3::timestamptz)
 returning id
), fresh_user as (
    insert into app_user (email, name, password, is_superuser, date_joined)
    values ($4, 'Administrator', $5, true, $3::timestamptz)
 returning id
), fresh_member as (
    insert into member (organization_id, user_id, role, date_created)
    select o.id, u.id, 'owner', $3::timestamptz from fresh_organization o, fresh_user u
), fresh_team as (
    insert into team (organization_id, slug, name, date_created)
    select id, $1, $2, $3::timestamptz from fresh_organization
 returning id
), fresh_team_member as (
    insert into team_member (team_id, user_id)
    select t.id, u.id from fresh_team t, fresh_user u
), fresh_project as (
    insert into project (organization_id, slug, name, date_created)
    select id, $6, $7, $3::timestamptz from fresh_organization
 returning id
), fresh_counter as (
    insert into project_counter (project_id) select id from fresh_project
), fresh_project_team as (
    insert into project_team (project_id, team_id)
    select p.id, t.id from fresh_project p, fresh_team t
), fresh_key as (
    insert into project_key (project_id, label, public_key, secret_key, date_created)
    select id, 'Default', $8, $9, $3::timestamptz from fresh_project
), fresh_token as (
    insert into api_token (user_id, name, token_hash, last_characters, scopes, date_created)
    select id, 'make up', $10::bytea, $11, $12::text[], $3::timestamptz from fresh_user
)
select id from fresh_project;

-- Makes the account, or gives it a new password and ends its sessions; it joins the oldest organization.
-- Without a role, a new member is a plain one, and one there is stays what they are.
-- :name operator_save_user
with saved as (
    insert into app_user (email, password, is_superuser, date_joined)
    values ($1, $2, false, $4::timestamptz)
        on conflict (lower(email)) do update set password = excluded.password, is_active = true
 returning id
), ended as (
    delete from session where user_id in (select id from saved)
), joined as (
    insert into member (organization_id, user_id, role, date_created)
    select o.id, saved.id, coalesce($3::text, 'member'), $4::timestamptz
      from saved, (select id from organization order by id limit 1) o
        on conflict on constraint member_organization_user_key do update set role = coalesce($3::text, member.role)
)
select id from saved;

-- :name operator_keys
select o.slug as "organization", p.slug as "project", p.id as "projectId", k.label as "label",
       k.public_key as "public"
  from project_key k
  join project p on p.id = k.project_id
  join organization o on o.id = p.organization_id
 where k.is_active and ($1::text is null or p.slug = $1)
 order by o.slug, p.slug, k.id;

-- :name operator_status
select pg_database_size(current_database()) as "bytes",
       (select count(*) from project) as "projects",
       (select coalesce(sum(times_seen), 0)::bigint from issue_stat) as "events",
       (select max(lag_seconds)::bigint from digest_lag where updated > $1::timestamptz - interval '1 minute') as "lag",
       (select coalesce(sum(backlog_bytes), 0)::bigint from digest_lag) as "backlog",
       (select coalesce(sum(events_per_minute), 0)::bigint from digest_lag
         where updated > $1::timestamptz - interval '1 minute') as "eventsPerMinute",
       (select count(*) from poison where replayed is null) as "poison",
       (select count(*) from job where done_at is null and failed_at is null) as "jobsWaiting",
       (select count(*) from job where failed_at is not null) as "jobsFailed";

-- :name operator_poison
select id, log, position, octet_length(record) as "bytes", reason, date_created as "dateCreated",
       replayed
  from poison
 order by id desc
 limit 1000;

-- :name operator_poison_waiting
select id, record from poison
 where replayed is null and ($1::bigint is null or id = $1) and id > $2
 order by id
 limit 20;

-- :name operator_poison_replayed
update poison set replayed = $2::timestamptz where id = $1;
