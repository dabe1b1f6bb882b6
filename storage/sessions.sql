-- Browser sessions: auth/session.c, auth/gate.c.

-- Signing in also clears away what has run out for this user.
-- :name session_begin
with cleared as (
    delete from session where user_id = $2 and expires <= $6::timestamptz
), signed_in as (
    update app_user set last_login = $6::timestamptz, last_active = $6::timestamptz where id = $2
)
insert into session (token_hash, user_id, remember, ip, user_agent, date_created, last_seen, expires)
values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz, $7::timestamptz);

-- :name session_delete
delete from session where token_hash = $1;

-- :name session_end_others
delete from session where user_id = $1 and token_hash is distinct from $2;

-- :name session_touch
with seen as (
    update session set last_seen = $2::timestamptz where token_hash = $1 returning user_id
)
update app_user set last_active = $2::timestamptz where id in (select user_id from seen);
