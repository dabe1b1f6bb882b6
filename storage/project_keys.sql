-- What ingest knows of the keys it accepts.

-- :name project_key_list
select k.public_key, k.id, k.project_id, k.is_active and p.status = 'active',
       coalesce(k.rate_limit_count, 0), coalesce(k.rate_limit_window, 0),
       array_to_string(p.allowed_domains, chr(10)), o.slug, p.slug,
       coalesce(k.options -> 'dynamicSdkLoaderOptions', '{}')::text,
       coalesce(least(nullif((o.options ->> 'maxEventBytes')::bigint, 0),
                      nullif((p.options ->> 'maxEventBytes')::bigint, 0)), 0)
  from project_key k
  join project p on p.id = k.project_id
  join organization o on o.id = p.organization_id
 order by k.id

-- :name project_key_find
select k.public_key, k.id, k.project_id, k.is_active and p.status = 'active',
       coalesce(k.rate_limit_count, 0), coalesce(k.rate_limit_window, 0),
       array_to_string(p.allowed_domains, chr(10)), o.slug, p.slug,
       coalesce(k.options -> 'dynamicSdkLoaderOptions', '{}')::text,
       coalesce(least(nullif((o.options ->> 'maxEventBytes')::bigint, 0),
                      nullif((p.options ->> 'maxEventBytes')::bigint, 0)), 0)
  from project_key k
  join project p on p.id = k.project_id
  join organization o on o.id = p.organization_id
 where k.public_key = any ($1::bpchar[])
