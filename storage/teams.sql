-- Teams: api/teams.c.

-- $1 organization, $2 team (null: all), $3 user, $4 scopes of the caller, $5 part of a name or slug as a
-- pattern, $6 limit, $7 offset
-- :name team_list
select t.id::text as "id", t.slug as "slug", t.name as "name", t.date_created as "dateCreated",
       tm.user_id is not null as "isMember",
       case when tm.user_id is not null then 'contributor' end as "teamRole",
       '{"idp:provisioned": false}'::jsonb as "flags", to_jsonb($4::text[]) as "access",
       true as "hasAccess", false as "isPending",
       (select count(*)::int from team_member c where c.team_id = t.id) as "memberCount",
       '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb as "avatar"
  from team t
  left join team_member tm on tm.team_id = t.id and tm.user_id = $3::bigint
 where t.organization_id = $1 and ($2::bigint is null or t.id = $2::bigint)
   and (t.name ilike $5::text or t.slug ilike $5::text)
 order by t.slug
 limit $6::bigint offset $7::bigint;

-- The projects of a team: $1 team.
-- :name team_project_ids
select pt.project_id
  from project_team pt join project p on p.id = pt.project_id
 where pt.team_id = $1 and p.status <> 'deletion';
