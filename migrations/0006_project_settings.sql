-- Settings that decide what the digest keeps of an event: scrubbing and inbound filters.
-- They lie in the options of project and organization under Sentry's names, lists as lists; a row is read
-- as a whole and never searched by one of them.

-- How often such a setting was changed; the sum of both tells the digest that its copy is old.
-- 0: never, so that all projects with 0 share what is compiled for the usual settings.
alter table organization add column settings_version bigint not null default 0;
alter table project add column settings_version bigint not null default 0;

-- Options of filters were kept as they had been sent, below one key.  Now each has its own, as the filters read it.
update project p
   set options = p.options - 'options' || coalesce((
           select jsonb_object_agg(n.kept, case
                      when n.is_list then to_jsonb(array_remove(string_to_array(o.value #>> '{}', E'\n'), ''))
                      else to_jsonb(o.value #>> '{}' in ('true', '1')) end)
             from jsonb_each(case when jsonb_typeof(p.options -> 'options') = 'object'
                                  then p.options -> 'options' else '{}' end) o
             join (values ('filters:blacklisted_ips', 'sentry:blacklisted_ips', true),
                          ('filters:releases', 'sentry:releases', true),
                          ('filters:error_messages', 'sentry:error_messages', true),
                          ('filters:react-hydration-errors', 'filters:react-hydration-errors', false),
                          ('filters:chunk-load-error', 'filters:chunk-load-error', false))
                  n (name, kept, is_list) on n.name = o.key), '{}'),
       settings_version = 1
 where p.options ?| array['options', 'dataScrubber', 'dataScrubberDefaults', 'scrubIPAddresses',
                          'sensitiveFields', 'safeFields'];
