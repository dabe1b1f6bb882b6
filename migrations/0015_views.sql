-- What was sent, readable: a view for each type of item, view_ before its name, with names where the tables have ids
-- and numbers.  They are for people with psql, for their reports, and for the tests that read back every item; no
-- program of ours depends on them.
--
--     select timestamp, title from view_event where project = 'shop' and level = 'fatal' order by timestamp desc limit 10;
--
-- Columns are named as the item's own fields are.  All views begin with organization and project, their slugs; ids of
-- events, traces, replays and so on are uuid, so that an index finds them in any spelling; ids of spans are 16 hex
-- digits; durations are milliseconds unless the name says otherwise; an environment or release that was not given is
-- null.  Tables are partitioned by received_day: a condition on it keeps a question about yesterday cheap.
--
-- Who changes a table that a view reads drops the view and makes it anew in the same migration.

-- ---- names of stored numbers; storage/items.h, storage/monitors.h and storage/span_status.h have them for the programs

create function view_category_name(category smallint) returns text language sql immutable parallel safe
return (array['none', 'default', 'error', 'transaction', 'security', 'attachment', 'session', 'profile', 'profile_chunk',
              'replay', 'monitor', 'span', 'log_item', 'log_byte', 'trace_metric', 'metric_bucket', 'feedback',
              'attachment_item', 'transaction_processed', 'transaction_indexed', 'span_indexed', 'profile_indexed',
              'profile_duration', 'profile_chunk_ui', 'profile_duration_ui', 'replay_video'])[category + 1];

create function view_outcome_name(outcome smallint) returns text language sql immutable parallel safe
return (array['accepted', 'filtered', 'rate_limited', 'invalid', 'abuse', 'client_discard', 'cardinality_limited',
              'duplicate'])[outcome + 1];

create function view_span_status_name(status smallint) returns text language sql immutable parallel safe
return (array['ok', 'cancelled', 'unknown', 'invalid_argument', 'deadline_exceeded', 'not_found', 'already_exists',
              'permission_denied', 'resource_exhausted', 'failed_precondition', 'aborted', 'out_of_range',
              'unimplemented', 'internal_error', 'unavailable', 'data_loss', 'unauthenticated'])[status + 1];

create function view_check_in_status_name(status smallint) returns text language sql immutable parallel safe
return (array['unknown', 'ok', 'error', 'in_progress', 'missed', 'timeout'])[status + 1];

create function view_level_name(level smallint) returns text language sql immutable parallel safe
return (array['debug', 'info', 'warning', 'error', 'fatal'])[level / 10];

create function view_span_id(id bigint) returns text language sql immutable parallel safe
return lpad(to_hex(id), 16, '0');

-- ---- events and what belongs to them

create view view_event as
select o.slug as organization, p.slug as project, e.event_id, e.received_day, e.received, e."timestamp", e.type,
       view_level_name(e.level) as level, e.platform, nullif(n.name, '') as environment, r.version as release, e.dist,
       e."transaction", e.title, i.short_id as issue_number, i.culprit, e.trace_id, e.handled, e.tags
  from event e
  join project p on p.id = e.project_id
  join organization o on o.id = p.organization_id
  left join issue i on i.project_id = e.project_id and i.id = e.issue_id
  left join environment n on n.project_id = e.project_id and n.id = e.environment_id
  left join release r on r.id = e.release_id;
comment on view view_event is
'Events of issues: errors, messages, security and network reports, feedback; one row for each.';

create view view_security as
select * from view_event where type in ('csp', 'hpkp', 'expectct', 'expectstaple');
comment on view view_security is 'Events made of browsers'' reports about security policies.';

create view view_feedback as
select * from view_event where type = 'feedback';
comment on view view_feedback is 'What users wrote of their own accord; what they wrote about an event is in view_user_report.';

create view view_attachment as
select o.slug as organization, p.slug as project, a.id, a.event_id, a.received_day, a.received, a.type, a.name,
       a.content_type, a.size, coalesce(a.blob::text, encode(sha256(a.body), 'hex')) as sha256,
       a.blob is not null as is_in_blob_store
  from attachment a
  join project p on p.id = a.project_id
  join organization o on o.id = p.organization_id;
comment on view view_attachment is 'Files that came with events; sha256 is of their bytes.';

create view view_user_report as
select o.slug as organization, p.slug as project, u.event_id, u.name, u.email, u.comments, u.date_created
  from user_report u
  join project p on p.id = u.project_id
  join organization o on o.id = p.organization_id;
comment on view view_user_report is 'What users wrote about an event: one row for each event, the newest words.';

-- ---- traces

create view view_transaction as
select o.slug as organization, p.slug as project, t.event_id, t.received_day, t.received, t.start_timestamp,
       t."timestamp", t.duration, t.name, t.op, view_span_status_name(t.status) as status, t.source, t.platform,
       nullif(n.name, '') as environment, r.version as release, t.dist, t.trace_id, view_span_id(t.span_id) as span_id,
       view_span_id(t.parent_span_id) as parent_span_id, t.http_method, t.replay_id, t.profile_id, t.span_count,
       t.measurements, t.tags
  from transaction t
  join project p on p.id = t.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = t.project_id and n.id = t.environment_id
  left join release r on r.id = t.release_id;
comment on view view_transaction is 'Transactions; span_count is how many spans they brought.';

create view view_span as
select o.slug as organization, p.slug as project, s.received_day, s.trace_id, view_span_id(s.span_id) as span_id,
       view_span_id(s.parent_span_id) as parent_span_id, view_span_id(s.segment_id) as segment_id, s.transaction_id,
       s.is_segment, s.start_timestamp, s."timestamp", s.duration, s.exclusive_time, s.op, s.category, s.action,
       s.domain, view_span_status_name(s.status) as status, s.status_code, s.system, s.description,
       s.grouped as grouped_description, s.transaction, s.platform, nullif(n.name, '') as environment,
       r.version as release, s.measurements, s.attributes
  from span s
  join project p on p.id = s.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = s.project_id and n.id = s.environment_id
  left join release r on r.id = s.release_id;
comment on view view_span is
'Spans: those of transactions (transaction_id), each transaction itself among them, and those that were sent alone.';

create view view_log as
select o.slug as organization, p.slug as project, l.id, l.received_day,
       timestamptz 'epoch' + l.nanoseconds / 1000 * interval '1 microsecond' as "timestamp", l.nanoseconds, l.trace_id,
       view_span_id(l.span_id) as span_id, nullif(n.name, '') as environment, l.release, l.severity, l.severity_number,
       l.body, l.payload_size, l.attributes, l.meta
  from log l
  join project p on p.id = l.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = l.project_id and n.id = l.environment_id;
comment on view view_log is 'Logs; payload_size is the bytes that count as log_byte.';

create view view_trace_metric as
select o.slug as organization, p.slug as project, m.id, m.received_day,
       timestamptz 'epoch' + m.nanoseconds / 1000 * interval '1 microsecond' as "timestamp", m.nanoseconds, m.trace_id,
       view_span_id(m.span_id) as span_id, nullif(n.name, '') as environment, m.release, m.name, m.type, m.value,
       m.unit, m.attributes, m.meta
  from trace_metric m
  join project p on p.id = m.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = m.project_id and n.id = m.environment_id;
comment on view view_trace_metric is 'Metrics of traces: counters, gauges, distributions.';

create view view_profile as
select o.slug as organization, p.slug as project, f.profile_id, f.received_day, f.received, f.transaction_id,
       f.trace_id, f."transaction", f.platform, nullif(n.name, '') as environment, r.version as release,
       f.duration_ns as duration_nanoseconds, f.sample_count
  from profile f
  join project p on p.id = f.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = f.project_id and n.id = f.environment_id
  left join release r on r.id = f.release_id;
comment on view view_profile is 'Profiles of one transaction each.';

create view view_profile_chunk as
select o.slug as organization, p.slug as project, f.chunk_id, f.profiler_id, f.received_day, f.received, f.started,
       f.finished, f.platform, nullif(n.name, '') as environment, r.version as release, f.sample_count
  from profile_chunk f
  join project p on p.id = f.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = f.project_id and n.id = f.environment_id
  left join release r on r.id = f.release_id;
comment on view view_profile_chunk is 'Chunks of profilers that run on; started and finished are the times of the first and last sample.';

-- ---- replays

create view view_replay_segment as
select o.slug as organization, p.slug as project, s.replay_id, s.segment_id, s.received_day, s.received, s.started,
       s.finished, s.type, s.platform, nullif(n.name, '') as environment, r.version as release, s.dist, s.urls,
       s.error_ids, s.trace_ids, s.details, s.clicks, s.dead_clicks, s.rage_clicks, s.size, s.has_video
  from replay_segment s
  join project p on p.id = s.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = s.project_id and n.id = s.environment_id
  left join release r on r.id = s.release_id;
comment on view view_replay_segment is 'Replays as they came: a replay_event and its recording make a row; size is of the recording, unpacked.';

create view view_replay as
select o.slug as organization, p.slug as project, y.replay_id, y.started, y.finished, y.type, y.platform,
       nullif(n.name, '') as environment,
       (select jsonb_agg(r.version order by r.id) from release r
         where r.id in (select v::bigint from jsonb_array_elements_text(y.releases) v)) as releases,
       y.dist, y.urls, y.error_ids, y.trace_ids, y.details, y.segment_count, y.url_count, y.error_count, y.dead_clicks,
       y.rage_clicks, y.activity
  from replay y
  join project p on p.id = y.project_id
  join organization o on o.id = p.organization_id
  left join environment n on n.project_id = y.project_id and n.id = y.environment_id;
comment on view view_replay is 'Replays, each merged from its segments.';

-- ---- sessions and check-ins

create view view_session as
select o.slug as organization, p.slug as project, s.hour, r.version as release, nullif(n.name, '') as environment,
       s.sessions, s.errored + coalesce(round(hll_cardinality(s.errored_ids)), 0)::bigint as errored, s.crashed,
       s.abnormal, coalesce(round(hll_cardinality(s.users)), 0)::bigint as users,
       coalesce(round(hll_cardinality(s.errored_users)), 0)::bigint as errored_users,
       coalesce(round(hll_cardinality(s.crashed_users)), 0)::bigint as crashed_users,
       coalesce(round(hll_cardinality(s.abnormal_users)), 0)::bigint as abnormal_users
  from session_hour s
  join project p on p.id = s.project_id
  join organization o on o.id = p.organization_id
  left join release r on r.id = s.release_id
  left join environment n on n.project_id = s.project_id and n.id = s.environment_id;
comment on view view_session is
'Sessions by the hour in which they began: they are stored as sums. errored includes crashed and abnormal; it and the numbers of users are estimates where they are large.';

create view view_check_in as
select o.slug as organization, p.slug as project, c.id, m.slug as monitor, nullif(n.name, '') as environment,
       view_check_in_status_name(c.status) as status, c.duration, c.trace_id, c.expected, c.in_progress, c.timeout_at,
       c.date_added, c.date_updated
  from check_in c
  join project p on p.id = c.project_id
  join organization o on o.id = p.organization_id
  left join monitor m on m.project_id = c.project_id and m.id = c.monitor_id
  left join environment n on n.project_id = c.project_id and n.id = c.environment_id;
comment on view view_check_in is 'Check-ins of cron monitors, with those that were missed.';

-- ---- what is counted, and what waits

create view view_outcome as
select o.slug as organization, p.slug as project, k.label as key, c.hour, view_category_name(c.category) as category,
       view_outcome_name(c.outcome) as outcome, c.reason, c.quantity
  from outcome_hour c
  join project p on p.id = c.project_id
  join organization o on o.id = p.organization_id
  left join project_key k on k.id = c.key_id;
comment on view view_outcome is 'What became of everything that arrived, or that clients say they threw away, by the hour.';
