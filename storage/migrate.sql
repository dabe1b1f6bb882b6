-- What migrate.c and partitions.c ask.

-- :name migrate_version
select coalesce(max(version), 0) from schema_migration;

-- :name migrate_lock
select pg_advisory_lock(8641736);

-- :name migrate_unlock
select pg_advisory_unlock(8641736);

-- :name migrate_applied
insert into schema_migration (version, name, applied) values ($1, $2, $3);

-- :name migrate_missing_extensions
select string_agg(name, ' and ' order by name)
  from unnest(array['hll', 'tdigest']) name
 where name not in (select extname from pg_extension);

-- :name partition_lock
select pg_advisory_xact_lock(8641737);

-- :name partition_exists
select to_regclass($1) is not null;

-- :name partition_list
select c.relname
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
  join pg_class p on p.oid = i.inhparent
 where p.relname = $1 and c.relname < $2
 order by c.relname;
