-- People of an organization: api/members.c.

-- $1 organization, $2 projects (null: the whole organization), $3 part of a name or address as a pattern,
-- $4 limit, $5 offset
-- :name member_list
select m.id::text as "id", u.email as "email", coalesce(nullif(u.name, ''), u.email) as "name",
       jsonb_build_object(
           'id', u.id::text, 'name', coalesce(nullif(u.name, ''), u.email), 'username', u.email,
           'email', u.email, 'avatarUrl', '', 'isActive', u.is_active, 'isSuspended', false,
           'hasPasswordAuth', u.password is not null, 'isManaged', false,
           'dateJoined', to_char(u.date_joined, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'lastLogin', to_char(u.last_login, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'lastActive', to_char(u.last_active, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'has2fa', false, 'isSuperuser', u.is_superuser, 'isStaff', u.is_superuser,
           'experiments', '{}'::jsonb,
           'emails', jsonb_build_array(jsonb_build_object('id', u.id::text, 'email', u.email,
                                                          'is_verified', true)),
           'avatar', '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb
       ) as "user",
       m.role as "orgRole", m.role as "role", initcap(m.role) as "roleName", false as "pending",
       false as "expired", m.date_created as "dateCreated", 'approved' as "inviteStatus",
       null::text as "inviterName",
       '{"idp:provisioned": false, "idp:role-restricted": false, "sso:linked": false,
         "sso:invalid": false, "member-limit:restricted": false,
         "partnership:restricted": false}'::jsonb as "flags",
       coalesce((select jsonb_agg(t.slug order by t.slug)
                   from team_member tm join team t on t.id = tm.team_id
                  where tm.user_id = u.id and t.organization_id = m.organization_id), '[]')
           as "teams",
       coalesce((select jsonb_agg(jsonb_build_object('teamSlug', t.slug, 'role', 'contributor')
                                  order by t.slug)
                   from team_member tm join team t on t.id = tm.team_id
                  where tm.user_id = u.id and t.organization_id = m.organization_id), '[]')
           as "teamRoles"
  from member m
  join app_user u on u.id = m.user_id
 where m.organization_id = $1
   and ($2::bigint[] is null
        or exists (select from team_member tm join project_team pt on pt.team_id = tm.team_id
                    where tm.user_id = u.id and pt.project_id = any($2::bigint[])))
   and (u.name ilike $3::text or u.email ilike $3::text)
 order by lower(u.email)
 limit $4::bigint offset $5::bigint;
