-- Profiles (worker/digest/profile.c): which are stored already.

-- :name digest_profiles_known
select k.n
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, id, n)
  join profile p on p.project_id = k.project_id and p.profile_id = k.id
 where p.received_day between $3::timestamptz::date - 1 and $4::timestamptz::date + 1;

-- :name digest_profiles_known_chunks
select k.n
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, id, n)
  join profile_chunk p on p.project_id = k.project_id and p.chunk_id = k.id
 where p.received_day between $3::timestamptz::date - 1 and $4::timestamptz::date + 1;
