-- A person's own account: api/login.c, api/account.c.

-- :name account_sign_in
select id, password, is_active from app_user where lower(email) = lower($1);

-- :name account_rehash
update app_user set password = $2 where id = $1;

-- :name account_get
select u.id::text as "id", coalesce(nullif(u.name, ''), u.email) as "name", u.email as "username",
       u.email as "email", null::text as "avatarUrl", u.is_active as "isActive",
       u.password is not null as "hasPasswordAuth", false as "isManaged",
       u.date_joined as "dateJoined", u.last_login as "lastLogin", false as "has2fa",
       u.last_active as "lastActive", u.is_superuser as "isSuperuser", u.is_superuser as "isStaff",
       '{}'::jsonb as "experiments",
       jsonb_build_array(jsonb_build_object('id', u.id::text, 'email', u.email, 'is_verified', true))
           as "emails",
       '{"avatarType": "letter_avatar", "avatarUuid": null, "avatarUrl": null}'::jsonb as "avatar",
       '{"theme": "system", "language": "en", "timezone": "UTC", "stacktraceOrder": -1,
         "clock24Hours": false, "density": "comfortable", "frameMode": "app"}'::jsonb || u.options
           as "options"
  from app_user u
 where u.id = $1;

-- How the pages look is nobody else's business: only a new name is logged.
-- :name account_update
with updated as (
    update app_user set name = coalesce($2, name), options = options || $3::jsonb where id = $1
 returning id, name
)
insert into audit_log (user_id, action, target_id, data, ip, date_created)
select id, 'user.edit', id, jsonb_build_object('name', name), $4, $5::timestamptz
  from updated
 where $2::text is not null;

-- :name account_password
select password, email from app_user where id = $1;

-- :name account_set_password
with changed as (
    update app_user set password = $2 where id = $1 returning id
)
insert into audit_log (user_id, action, target_id, ip, date_created)
select id, 'user.password-change', id, $3, $4::timestamptz from changed;
