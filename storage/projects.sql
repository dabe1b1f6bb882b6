-- Projects: api/projects.c.

-- $1 project ids, $2 user, $3 scopes of the caller, $4 part of a name or slug as a pattern, or a public
-- key, $5 limit, $6 offset, $7 public address
-- :name project_list
select p.id::text as "id", p.slug as "slug", p.name as "name", p.platform as "platform",
       p.date_created as "dateCreated", p.first_event as "firstEvent",
       false as "firstTransactionEvent", false as "isBookmarked",
       exists (select from project_team pt join team_member tm on tm.team_id = pt.team_id
                where pt.project_id = p.id and tm.user_id = $2::bigint) as "isMember",
       true as "hasAccess", to_jsonb($3::text[]) as "access", '[]'::jsonb as "features",
       coalesce(teams.list -> 0, 'null') as "team", coalesce(teams.list, '[]') as "teams",
       to_jsonb(array_remove(array[p.platform], null)) as "platforms",
       coalesce((select jsonb_agg(e.name order by e.name) from environment e
                  where e.project_id = p.id and not e.is_hidden and e.name <> ''), '[]')
           as "environments",
       (select jsonb_build_object('version', r.version)
          from release_project rp join release r on r.id = rp.release_id
         where rp.project_id = p.id
         order by coalesce(r.date_released, r.date_created) desc, r.id desc limit 1)
           as "latestRelease",
       null::jsonb as "latestDeploys", false as "hasUserReports", false as "hasFeedbacks",
       false as "hasFlags", false as "hasMinifiedStackTrace", false as "hasMonitors",
       false as "hasNewFeedbacks", false as "hasProfiles", false as "hasReplays",
       p.has_sessions as "hasSessions", false as "hasInsightsHttp", false as "hasInsightsDb",
       false as "hasInsightsAssets", false as "hasInsightsAppStart",
       false as "hasInsightsScreenLoad", false as "hasInsightsVitals",
       false as "hasInsightsCaches", false as "hasInsightsQueues",
       false as "hasInsightsAgentMonitoring", false as "hasInsightsMCP", false as "hasLogs",
       false as "hasTraceMetrics", 'active' as "status", '#3f5aa6' as "color",
       jsonb_build_object(
           'id', o.id::text, 'slug', o.slug, 'name', o.name,
           'dateCreated', to_char(o.date_created, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'status', '{"id": "active", "name": "active"}'::jsonb,
           'avatar', '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb,
           'links', jsonb_build_object('organizationUrl', $7::text, 'regionUrl', $7::text),
           'features', '["open-membership"]'::jsonb, 'isEarlyAdopter', false, 'require2FA', false,
           'requireEmailVerification', false, 'hasAuthProvider', false, 'allowMemberInvite', true,
           'allowMemberProjectCreation', true, 'allowSuperuserAccess', false) as "organization"
  from project p
  join organization o on o.id = p.organization_id
  left join lateral (
    select jsonb_agg(jsonb_build_object('id', t.id::text, 'slug', t.slug, 'name', t.name)
                     order by t.slug) as list
      from project_team pt join team t on t.id = pt.team_id
     where pt.project_id = p.id
  ) teams on true
 where p.id = any($1::bigint[])
   and (p.name ilike $4::text or p.slug ilike $4::text
        or exists (select from project_key k
                    where k.project_id = p.id and k.public_key = trim($4::text, '%')::bpchar))
 order by p.slug, p.id
 limit $5::bigint offset $6::bigint;

-- Ids of all projects of the caller: $1 user, $2 the organization of its own token.
-- :name project_ids_of_caller
select p.id
  from project p
 where p.status <> 'deletion'
   and (p.organization_id in (select organization_id from member where user_id = $1::bigint)
        or p.organization_id = $2::bigint);

-- What only the page of one project shows; settings that were never changed have their defaults here.
-- :name project_details
select false as "isInternal", false as "isPublic", false as "isDynamicallySampled",
       '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb as "avatar",
       to_jsonb(p.allowed_domains) as "allowedDomains",
       coalesce(p.options -> 'resolveAge', '0') as "resolveAge",
       coalesce(p.options -> 'digestsMinDelay', '300') as "digestsMinDelay",
       coalesce(p.options -> 'digestsMaxDelay', '1800') as "digestsMaxDelay",
       coalesce(p.options ->> 'subjectPrefix', '') as "subjectPrefix",
       coalesce(p.options ->> 'subjectTemplate', '$shortID - $title') as "subjectTemplate",
       coalesce((p.options ->> 'dataScrubber')::boolean, true) as "dataScrubber",
       coalesce((p.options ->> 'dataScrubberDefaults')::boolean, true) as "dataScrubberDefaults",
       coalesce(p.options -> 'safeFields', '[]') as "safeFields",
       coalesce(p.options -> 'sensitiveFields', '[]') as "sensitiveFields",
       coalesce((p.options ->> 'scrubIPAddresses')::boolean, false) as "scrubIPAddresses",
       null::int as "storeCrashReports", coalesce(p.options ->> 'securityToken', '') as "securityToken",
       p.options ->> 'securityTokenHeader' as "securityTokenHeader",
       coalesce((p.options ->> 'verifySSL')::boolean, false) as "verifySSL",
       coalesce((p.options ->> 'scrapeJavaScript')::boolean, true) as "scrapeJavaScript",
       true as "enableAutoReleaseCreation",
       coalesce(p.options -> 'highlightTags', '["environment", "release", "level", "url"]')
           as "highlightTags",
       coalesce(p.options -> 'highlightContext', '{}') as "highlightContext",
       '{"tags": [], "context": {}}'::jsonb as "highlightPreset",
       'newstyle:2026-01-20' as "groupingConfig", '' as "derivedGroupingEnhancements",
       coalesce(p.options ->> 'groupingEnhancements', '') as "groupingEnhancements",
       0 as "secondaryGroupingExpiry", null::text as "secondaryGroupingConfig",
       coalesce(p.options ->> 'fingerprintingRules', '') as "fingerprintingRules",
       jsonb_build_object(
           'sentry:csp_ignored_sources_defaults',
           coalesce(p.options -> 'sentry:csp_ignored_sources_defaults', 'true'),
           'filters:react-hydration-errors',
           coalesce(p.options -> 'filters:react-hydration-errors', 'true'),
           'filters:chunk-load-error', coalesce(p.options -> 'filters:chunk-load-error', 'true'),
           'filters:generic', coalesce(p.options -> 'filters:generic', '[]'),
           'sentry:dynamic_sampling', coalesce(p.options -> 'sentry:dynamic_sampling', 'null'))
       || coalesce((
           select jsonb_object_agg(l.name, coalesce((
                      select string_agg(line, chr(10) order by place)
                        from jsonb_array_elements_text(p.options -> l.kept)
                             with ordinality t (line, place)), ''))
             from (values ('filters:blacklisted_ips', 'sentry:blacklisted_ips'),
                          ('filters:releases', 'sentry:releases'),
                          ('filters:error_messages', 'sentry:error_messages'),
                          ('filters:transactions', 'sentry:transactions'),
                          ('sentry:csp_ignored_sources', 'sentry:csp_ignored_sources'))
                  l (name, kept)), '{}') as "options",
       0 as "processingIssues", p.options ->> 'defaultEnvironment' as "defaultEnvironment",
       coalesce((p.options ->> 'spikeProtection')::boolean, false) as "spikeProtection",
       nullif((p.options ->> 'maxEventBytes')::bigint, 0) as "maxEventBytes",
       nullif((p.options ->> 'maxFieldBytes')::bigint, 0) as "maxFieldBytes",
       p.options ->> 'relayPiiConfig' as "relayPiiConfig", '[]'::jsonb as "builtinSymbolSources",
       null::jsonb as "dynamicSamplingBiases", '[]' as "symbolSources",
       false as "tempestFetchScreenshots", 'off' as "autofixAutomationTuning",
       false as "seerScannerAutomation", null::jsonb as "seerNightshiftTweaks",
       false as "scmSourceContextEnabled", null::text as "debugFilesRole"
  from project p
 where p.id = $1;

-- The project with all it needs to take events.  $1 organization, $2 slug, $3 name, $4 platform,
-- $5 team (null: none), $6 public and $7 secret key; who: $8 user, $9 token, $10 address; $11 now
-- :name project_create
with fresh as (
    insert into project (organization_id, slug, name, platform, date_created)
    values ($1, $2, $3, $4, $11::timestamptz)
 returning id, organization_id, slug, name
), counter as (
    insert into project_counter (project_id) select id from fresh
), key as (
    insert into project_key (project_id, label, public_key, secret_key, date_created)
    select id, 'Default', $6, $7, $11::timestamptz from fresh
), linked as (
    insert into project_team (project_id, team_id)
    select f.id, t.id from fresh f join team t on t.organization_id = f.organization_id
     where t.id = $5::bigint
), logged as (
    insert into audit_log
           (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
    select organization_id, $8::bigint, $9::bigint, 'project.create', id,
           jsonb_build_object('slug', slug, 'name', name), $10::text, $11::timestamptz
      from fresh
)
select id from fresh;

-- $1 project, $2 name, $3 slug, $4 platform (null keeps each), $5 allowed domains, $6 options to lay over
-- the present ones; who: $7 user, $8 token, $9 address; $10 now
-- :name project_update
with changed as (
    update project
       set name = coalesce($2::text, name), slug = coalesce($3::text, slug),
           platform = coalesce($4::text, platform),
           allowed_domains = coalesce($5::text[], allowed_domains),
           options = options || $6::jsonb,
           settings_version = settings_version + (options || $6::jsonb is distinct from options)::int
     where id = $1
 returning id, organization_id, slug, name
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select organization_id, $7::bigint, $8::bigint, 'project.edit', id,
       $6::jsonb || jsonb_build_object('slug', slug, 'name', name), $9::text, $10::timestamptz
  from changed;

-- Filters that are switched one by one.
-- :name project_filters
select f.id as "id", coalesce(p.options -> ('filters:' || f.id), f.otherwise) as "active"
  from project p
 cross join (values ('browser-extensions', 'false'::jsonb), ('filtered-transaction', 'true'),
                    ('legacy-browsers', 'false'), ('localhost', 'false'), ('web-crawlers', 'false'))
            f (id, otherwise)
 where p.id = $1
 order by f.id;

-- What scrubbing is made of.  $1 organization, $2 project (null: none)
-- :name scrubbing_options
select o.options, p.options
  from organization o left join project p on p.id = $2::bigint
 where o.id = $1;

-- Out of sight at once, its slug free again; its events go with their days.  $1 project;
-- who: $2 user, $3 token, $4 address; $5 now
-- :name project_delete
with gone as (
    update project set status = 'deletion', slug = 'deleted-' || id
     where id = $1
 returning id, organization_id, name
), ended as (
    update project_key set is_active = false where project_id = $1
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select organization_id, $2::bigint, $3::bigint, 'project.remove', id,
       jsonb_build_object('name', name), $4::text, $5::timestamptz
  from gone;
