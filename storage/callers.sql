-- Who asks, and what the path names, in one statement: auth/gate.c.

-- $1 session hash or $2 token hash; $3 now; what the path names, null where it names none:
-- $4 organization and $5 project and $6 team (slug or id), $7 issue id, or $8 project slug and $9 number
-- of a short id.  Places are looked for in the caller's own organizations only, so a foreign one and one
-- that does not exist look alike.
-- :name caller_find
with caller as (
    select u.id as user_id, null::bigint as token_id, null::bigint as token_organization_id,
           null::text[] as scopes, false as expired, u.email, u.name, u.is_superuser,
           s.last_seen < $3::timestamptz - interval '1 minute' as stale
      from session s
      join app_user u on u.id = s.user_id
     where s.token_hash = $1::bytea and u.is_active and s.expires > $3::timestamptz
       and (s.remember or s.last_seen > $3::timestamptz - interval '12 hours')
     union all
    select t.user_id, t.id, t.organization_id, t.scopes,
           coalesce(t.expires <= $3::timestamptz, false), coalesce(u.email, ''),
           coalesce(u.name, ''), false,
           coalesce(t.last_used < $3::timestamptz - interval '1 minute', true)
      from api_token t
      left join app_user u on u.id = t.user_id
     where t.token_hash = $2::bytea and (t.user_id is null or u.is_active)
), named_issue as (
    select i.project_id, i.id from issue i where i.id = $7::bigint
     union all
    select i.project_id, i.id
      from project p
      join issue i on i.project_id = p.id and i.short_id = $9::bigint
     where p.slug = $8::text
)
select c.user_id, c.token_id, c.token_organization_id, array_to_string(c.scopes, ' ') as scopes,
       c.expired, c.email, c.name, c.is_superuser, c.stale, place.*
  from caller c
  left join lateral (
    select o.id as organization_id, o.slug as organization_slug, coalesce(m.role, '') as role,
           p.id as project_id, p.slug as project_slug, t.id as team_id, i.id as issue_id
      from organization o
      left join member m on m.organization_id = o.id and m.user_id = c.user_id
      left join project p on p.organization_id = o.id and p.status <> 'deletion'
           and case when $5::text is not null
                    then p.slug = $5 or p.id = case when $5 ~ '^[0-9]{1,18}$' then $5::bigint end
                    else p.id in (select project_id from named_issue) end
      left join named_issue i on i.project_id = p.id
      left join team t on t.organization_id = o.id
           and (t.slug = $6::text or t.id = case when $6 ~ '^[0-9]{1,18}$' then $6::bigint end)
     where (m.role is not null or o.id = c.token_organization_id)
       and (c.token_organization_id is null or o.id = c.token_organization_id)
       and case when $4::text is not null
                then o.slug = $4 or o.id = case when $4 ~ '^[0-9]{1,18}$' then $4::bigint end
                else i.id is not null end
     order by o.id
     limit 1
  ) place on true;

-- :name gate_projects
select id, slug from project where organization_id = $1 and status <> 'deletion' order by id;
