-- Caps and what was taken from them: ingest/quotas.c, worker/digest/write_refunds.c, worker/jobs/spikes.c, api/quotas.c.

-- Each project's own and those of its organization; spike protection ends as soon as it is switched off.
-- :name quota_list_all
select p.id, q.id, q.project_id is null, array_to_string(q.categories, ','), q.period, q.most, q.is_spike_protection
  from quota q
  join project p on p.organization_id = q.organization_id and (q.project_id is null or q.project_id = p.id)
 where not q.is_spike_protection or p.options @> '{"spikeProtection": true}'
 order by p.id, q.id;

-- $1 quotas, $2 slots, $3 what was taken or, below 0, is given back; the sums.  What is given back may be
-- known before what was taken is.
-- :name quota_use
insert into quota_usage as u (quota_id, slot, used)
select quota_id, slot, sum(used) from unnest($1::bigint[], $2::bigint[], $3::bigint[]) n(quota_id, slot, used)
 group by 1, 2
 order by 1, 2
    on conflict (quota_id, slot) do update set used = u.used + excluded.used
returning quota_id, used;

-- Slots that nobody counts in any more: of quotas that are gone, and all but a quota's two newest.
-- :name quota_usage_tidy
delete from quota_usage u
 using (select e.quota_id, e.slot
          from quota_usage e
         where not exists (select from quota q where q.id = e.quota_id)
            or e.slot < (select max(newest.slot) - 1 from quota_usage newest where newest.quota_id = e.quota_id)
         order by 1, 2
           for update of e skip locked) ended
 where u.quota_id = ended.quota_id and u.slot = ended.slot;

-- $1 organization, $2 quota (null: all), $3 now
-- :name quota_list
select q.id::text as "id", p.slug as "project", to_jsonb(q.categories) as "categories", q.period as "period",
       q.most as "limit", greatest(coalesce(u.used, 0), 0) as "used", slot.ends as "resets",
       case when q.is_spike_protection then 'spike_protection' when q.project_id is null then 'organization_quota'
            else 'project_quota' end as "reason", q.date_created as "dateCreated"
  from quota q
  left join project p on p.id = q.project_id
 cross join lateral (
    select case q.period when 'month' then (extract(year from $3::timestamptz) - 1970) * 12
                                           + extract(month from $3::timestamptz) - 1
                         else floor(extract(epoch from $3::timestamptz)
                                    / case q.period when 'minute' then 60 when 'hour' then 3600 else 86400 end)
           end::bigint as number,
           date_trunc(q.period, $3::timestamptz) + ('1 ' || q.period)::interval as ends
       ) slot
  left join quota_usage u on u.quota_id = q.id and u.slot = slot.number
 where q.organization_id = $1 and ($2::bigint is null or q.id = $2)
   and (not q.is_spike_protection or p.options @> '{"spikeProtection": true}')
 order by q.id;

-- $1 organization, $2 project's slug (null: all of them), $3 categories, $4 period, $5 limit; who: $6 user,
-- $7 token, $8 address; $9 now.  No row: there is no such project.
-- :name quota_create
with fresh as (
    insert into quota (organization_id, project_id, categories, period, most, date_created)
    select $1, p.id, $3::text[], $4, $5, $9::timestamptz
      from (select null::bigint as id where $2::text is null
            union all
            select id from project where organization_id = $1 and slug = $2::text) p
 returning id, organization_id, most, period
), logged as (
    insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
    select organization_id, $6::bigint, $7::bigint, 'quota.create', id,
           jsonb_build_object('limit', most, 'period', period), $8::text, $9::timestamptz
      from fresh
)
select id from fresh;

-- $1 organization, $2 quota, $3 limit; who: $4 user, $5 token, $6 address; $7 now
-- :name quota_update
with changed as (
    update quota set most = $3 where organization_id = $1 and id = $2 and not is_spike_protection
 returning id, organization_id, most, period
), logged as (
    insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
    select organization_id, $4::bigint, $5::bigint, 'quota.edit', id,
           jsonb_build_object('limit', most, 'period', period), $6::text, $7::timestamptz
      from changed
)
select id from changed;

-- What spike protection decides is not anybody's to change or delete.
-- $1 organization, $2 quota; who: $3 user, $4 token, $5 address; $6 now
-- :name quota_delete
with gone as (
    delete from quota where organization_id = $1 and id = $2 and not is_spike_protection returning id, organization_id, most, period
), logged as (
    insert into audit_log (organization_id, user_id, token_id, action, target_id, data, ip, date_created)
    select organization_id, $3::bigint, $4::bigint, 'quota.remove', id,
           jsonb_build_object('limit', most, 'period', period), $5::text, $6::timestamptz
      from gone
)
select id from gone;

-- ---- spike protection

-- What projects that want it sent in each of the last 168 whole hours: project, category, age of the hour, what
-- was kept, what it was refused for.  Errors are everything that becomes an issue.  Projects that sent nothing have
-- one row.  $1 start of the present hour
-- :name spike_usage
select p.id, coalesce(case when o.category in (1, 4) then 2 else o.category end, 0) as category,
       coalesce(extract(epoch from $1::timestamptz - o.hour)::bigint / 3600, 0) as age,
       coalesce(sum(o.quantity) filter (where o.outcome = 0), 0)::bigint as accepted,
       coalesce(sum(o.quantity) filter (where o.outcome = 2), 0)::bigint as dropped
  from project p
  left join outcome_hour o
    on o.project_id = p.id and o.hour >= $1::timestamptz - interval '168 hours' and o.hour < $1::timestamptz
   and (o.outcome = 0 or o.outcome = 2 and o.reason = 'spike_protection')
 where p.status = 'active' and p.options @> '{"spikeProtection": true}'
 group by 1, 2, 3
 order by 1, 2, 3;

-- These thresholds, and no others.  $1 projects, $2 category of each, $3 threshold, $4 now
-- :name spike_store
with wanted as (
    select w.project_id, p.organization_id, array[w.category] as categories, w.most
      from unnest($1::bigint[], $2::text[], $3::bigint[]) w(project_id, category, most)
      join project p on p.id = w.project_id
), gone as (
    delete from quota q
     where q.is_spike_protection
       and not exists (select from wanted w where w.project_id = q.project_id and w.categories = q.categories)
)
insert into quota as q (organization_id, project_id, categories, period, most, is_spike_protection, date_created)
select organization_id, project_id, categories, 'hour', most, true, $4::timestamptz
  from wanted
 order by project_id, categories
    on conflict (project_id, categories) where is_spike_protection do update
   set most = excluded.most
 where q.most <> excluded.most;
