-- Profiles: api/profiles.c.

-- $1 project, $2 profile
-- :name profile_get
select codec, body, blob from profile where project_id = $1 and profile_id = $2::uuid limit 1;

-- The chunks of a profiler that overlap a time, in order: $1 projects, $2 profiler, $3 start, $4 end
-- :name profile_chunks
select codec, body, blob
  from profile_chunk
 where project_id = any($1::bigint[]) and profiler_id = $2::uuid
   and finished >= $3::timestamptz and started <= $4::timestamptz
 order by started, chunk_id
 limit 100;
