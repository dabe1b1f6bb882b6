-- Client keys of a project: api/keys.c.  A key's public half is its id.

-- $1 project, $2 public key (null: all), $3 public address, $4 the same with a marker where a DSN has its
-- key, $5 limit, $6 offset
-- :name key_list
select k.public_key as "id", k.label as "name", k.label as "label", k.public_key as "public",
       k.secret_key as "secret", k.project_id as "projectId", k.is_active as "isActive",
       case when k.rate_limit_count is not null
            then jsonb_build_object('window', k.rate_limit_window, 'count', k.rate_limit_count)
       end as "rateLimit",
       jsonb_build_object(
           'public', replace($4::text, '*', k.public_key) || '/' || k.project_id,
           'secret', replace($4::text, '*', k.public_key || ':' || k.secret_key) || '/' || k.project_id,
           'csp', base.url || '/csp-report/?sentry_key=' || k.public_key,
           'security', base.url || '/security/?sentry_key=' || k.public_key,
           'minidump', base.url || '/minidump/?sentry_key=' || k.public_key,
           'nel', base.url || '/nel/?sentry_key=' || k.public_key,
           'unreal', base.url || '/unreal/' || k.public_key || '/',
           'crons', base.url || '/cron/___MONITOR_SLUG___/' || k.public_key || '/',
           'cdn', $3::text || '/js-sdk-loader/' || k.public_key || '.min.js',
           'playstation', base.url || '/playstation/?sentry_key=' || k.public_key,
           'integration', base.url || '/integration/',
           'otlp_traces', base.url || '/integration/otlp/v1/traces',
           'otlp_logs', base.url || '/integration/otlp/v1/logs') as "dsn",
       coalesce(k.options ->> 'browserSdkVersion', 'latest') as "browserSdkVersion",
       '{"choices": [["latest", "latest"], ["10.x", "10.x"], ["9.x", "9.x"], ["8.x", "8.x"]]}'::jsonb
           as "browserSdk",
       '{"hasReplay": false, "hasPerformance": false, "hasDebug": false, "hasFeedback": false,
         "hasLogsAndMetrics": false}'::jsonb
           || coalesce(k.options -> 'dynamicSdkLoaderOptions', '{}') as "dynamicSdkLoaderOptions",
       k.date_created as "dateCreated"
  from project_key k
  cross join lateral (select $3::text || '/api/' || k.project_id as url) base
 where k.project_id = $1 and ($2::bpchar is null or k.public_key = $2::bpchar)
 order by k.id
 limit $5::bigint offset $6::bigint;

-- $1 project, $2 label, $3 public and $4 secret key, $5 rate limit window and $6 count, $7 options;
-- who: $8 user, $9 token, $10 address; $11 now
-- :name key_create
with fresh as (
    insert into project_key (project_id, label, public_key, secret_key, rate_limit_window,
                             rate_limit_count, options, date_created)
    values ($1, $2, $3, $4, $5::int, $6::int, $7::jsonb, $11::timestamptz)
 returning id, project_id, label
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select p.organization_id, $8::bigint, $9::bigint, 'projectkey.create', f.id,
       jsonb_build_object('label', f.label, 'project', f.project_id), $10::text, $11::timestamptz
  from fresh f join project p on p.id = f.project_id;

-- $1 project, $2 public key, $3 label (null keeps it), $4 active (null keeps it), $5 whether the rate
-- limit changes, to $6 window and $7 count, $8 options to lay over; who: $9 user, $10 token, $11 address;
-- $12 now
-- :name key_update
with changed as (
    update project_key
       set label = coalesce($3::text, label), is_active = coalesce($4::boolean, is_active),
           rate_limit_window = case when $5::boolean then $6::int else rate_limit_window end,
           rate_limit_count = case when $5::boolean then $7::int else rate_limit_count end,
           options = options || $8::jsonb
     where project_id = $1 and public_key = $2::bpchar
 returning id, project_id, label, is_active
), logged as (
    insert into audit_log
           (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
    select p.organization_id, $9::bigint, $10::bigint, 'projectkey.edit', c.id,
           jsonb_build_object('label', c.label, 'isActive', c.is_active, 'project', c.project_id),
           $11::text, $12::timestamptz
      from changed c join project p on p.id = c.project_id
)
select id from changed;

-- $1 project, $2 public key; who: $3 user, $4 token, $5 address; $6 now
-- :name key_delete
with gone as (
    delete from project_key where project_id = $1 and public_key = $2::bpchar
 returning id, project_id, label
), logged as (
    insert into audit_log
           (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
    select p.organization_id, $3::bigint, $4::bigint, 'projectkey.remove', g.id,
           jsonb_build_object('label', g.label, 'project', g.project_id), $5::text, $6::timestamptz
      from gone g join project p on p.id = g.project_id
)
select id from gone;
