-- API tokens of a user: api/tokens.c, auth/gate.c.

-- :name token_touch
update api_token set last_used = $2::timestamptz where id = $1;

-- :name token_list
select id::text as "id", name as "name", to_jsonb(scopes) as "scopes",
       last_characters as "tokenLastCharacters", date_created as "dateCreated",
       last_used as "dateLastUsed", expires as "expiresAt"
  from api_token
 where user_id = $1 and ($2::bigint is null or id = $2)
 order by id desc
 limit 1000;

-- :name token_create
with created as (
    insert into api_token (user_id, name, token_hash, last_characters, scopes, date_created, expires)
    values ($1, $2, $3::bytea, $4, $5::text[], $6::timestamptz, $7::timestamptz)
 returning id, name, scopes, last_characters, date_created, expires
), logged as (
    insert into audit_log (user_id, action, target_id, data, ip, date_created)
    select $1, 'api-token.create', id, jsonb_build_object('name', name, 'scopes', to_jsonb(scopes)), $8,
           $6::timestamptz
      from created
)
select id::text as "id", name as "name", to_jsonb(scopes) as "scopes",
       last_characters as "tokenLastCharacters", date_created as "dateCreated",
       null::timestamptz as "dateLastUsed", expires as "expiresAt"
  from created;

-- :name token_update
with updated as (
    update api_token
       set name = coalesce($3, name), scopes = coalesce($4::text[], scopes)
     where user_id = $1 and id = $2
 returning id, name, scopes, last_characters, date_created, last_used, expires
), logged as (
    insert into audit_log (user_id, action, target_id, data, ip, date_created)
    select $1, 'api-token.edit', id, jsonb_build_object('name', name, 'scopes', to_jsonb(scopes)), $6,
           $5::timestamptz
      from updated
)
select id::text as "id", name as "name", to_jsonb(scopes) as "scopes",
       last_characters as "tokenLastCharacters", date_created as "dateCreated",
       last_used as "dateLastUsed", expires as "expiresAt"
  from updated;

-- :name token_delete
with deleted as (
    delete from api_token where user_id = $1 and id = $2 returning id, name
), logged as (
    insert into audit_log (user_id, action, target_id, data, ip, date_created)
    select $1, 'api-token.remove', id, jsonb_build_object('name', name), $4, $3::timestamptz
      from deleted
)
select id from deleted;
