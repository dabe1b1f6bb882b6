-- Organizations: api/organizations.c.

-- $1 user (null for an organization's own token), $2 that token's organization, $3 part of a name or
-- slug as a pattern, $4 public address, $5 limit, $6 offset
-- :name organization_list
select o.id::text as "id", o.slug as "slug", o.name as "name", o.date_created as "dateCreated",
       '{"id": "active", "name": "active"}'::jsonb as "status",
       '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb as "avatar",
       jsonb_build_object('organizationUrl', $4::text, 'regionUrl', $4::text) as "links",
       '["open-membership"]'::jsonb as "features", false as "isEarlyAdopter", false as "require2FA",
       false as "requireEmailVerification", false as "hasAuthProvider", true as "allowMemberInvite",
       true as "allowMemberProjectCreation", false as "allowSuperuserAccess",
       '[]'::jsonb as "onboardingTasks"
  from organization o
 where (exists (select from member m where m.organization_id = o.id and m.user_id = $1::bigint)
        or o.id = $2::bigint)
   and (o.name ilike $3::text or o.slug ilike $3::text)
 order by o.slug
 limit $5::bigint offset $6::bigint;

-- $1 organization, $2 public address, $3 scopes of the caller
-- :name organization_get
select o.id::text as "id", o.slug as "slug", o.name as "name", o.date_created as "dateCreated",
       '{"id": "active", "name": "active"}'::jsonb as "status",
       '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb as "avatar",
       jsonb_build_object('organizationUrl', $2::text, 'regionUrl', $2::text) as "links",
       '["open-membership"]'::jsonb as "features", to_jsonb($3::text[]) as "access",
       false as "isEarlyAdopter", false as "require2FA", false as "requireEmailVerification",
       false as "hasAuthProvider", true as "allowMemberInvite",
       true as "allowMemberProjectCreation", false as "allowSuperuserAccess",
       '[]'::jsonb as "onboardingTasks", '{}'::jsonb as "extraOptions"
  from organization o
 where o.id = $1;

-- What only the page of one organization shows: roles, as clients that manage members need them, and what
-- it requires of all its projects.
-- :name organization_details
select coalesce((o.options ->> 'dataScrubber')::boolean, false) as "dataScrubber",
       coalesce((o.options ->> 'dataScrubberDefaults')::boolean, false) as "dataScrubberDefaults",
       coalesce((o.options ->> 'scrubIPAddresses')::boolean, false) as "scrubIPAddresses",
       coalesce(o.options -> 'sensitiveFields', '[]') as "sensitiveFields",
       coalesce(o.options -> 'safeFields', '[]') as "safeFields",
       o.options ->> 'relayPiiConfig' as "relayPiiConfig",
       nullif((o.options ->> 'maxEventBytes')::bigint, 0) as "maxEventBytes",
       nullif((o.options ->> 'maxFieldBytes')::bigint, 0) as "maxFieldBytes",
       'member' as "defaultRole", true as "openMembership", false as "isDefault",
       '[{"id": "billing", "name": "Billing"}, {"id": "member", "name": "Member"},
         {"id": "admin", "name": "Admin"}, {"id": "manager", "name": "Manager"},
         {"id": "owner", "name": "Owner"}]'::jsonb as "orgRoleList",
       '[{"id": "contributor", "name": "Contributor"}, {"id": "admin", "name": "Team Admin"}]'::jsonb
           as "teamRoleList"
  from organization o
 where o.id = $1;

-- $1 organization, $2 name, $3 slug (null keeps either), $4 options to lay over the present ones; who: $5 user,
-- $6 token, $7 address; $8 now
-- :name organization_update
with changed as (
    update organization
       set name = coalesce($2::text, name), slug = coalesce($3::text, slug),
           options = options || $4::jsonb,
           settings_version = settings_version + (options || $4::jsonb is distinct from options)::int
     where id = $1
 returning id, name, slug
)
insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
select id, $5::bigint, $6::bigint, 'organization.edit', id,
       $4::jsonb || jsonb_build_object('name', name, 'slug', slug), $7::text, $8::timestamptz
  from changed;
