-- Transactions and spans, read: storage/traces.c and the web API.

-- One transaction with its body, in the columns of event_get.  $1 projects, $2 event id
-- :name transaction_get
select replace(t.event_id::text, '-', ''), t.project_id, 0::bigint, t.received, t."timestamp", 'transaction',
       t.platform, t.release_id, t.name, t.tags, t.received_day, b.codec, b.body
  from transaction t
  left join transaction_body b
    on b.project_id = t.project_id and b.event_id = t.event_id and b.received_day = t.received_day
 where t.project_id = any($1::bigint[]) and t.event_id = $2::uuid
 order by t.received desc
 limit 1;

-- The spans of a trace.  $1 projects, $2 trace id, $3 how many at most
-- :name trace_spans
select lpad(to_hex(s.span_id), 16, '0') as span_id, lpad(to_hex(s.parent_span_id), 16, '0') as parent_span_id,
       replace(s.transaction_id::text, '-', '') as transaction_id, s.project_id, p.slug as project_slug,
       s.start_timestamp, s."timestamp", s.duration, s.op, coalesce(s.description, '') as description,
       s.transaction, s.is_segment, s.status, s.measurements
  from span s
  join project p on p.id = s.project_id
 where s.project_id = any($1::bigint[]) and s.trace_id = $2::uuid
 order by s.start_timestamp, s.is_segment desc, s."timestamp" desc
 limit $3;

-- What a trace is made of.  $1 projects, $2 trace id
-- :name trace_counts
select count(*) as "spansCount",
       (select count(*) from log where project_id = any($1::bigint[]) and trace_id = $2::uuid) as "logsCount",
       (select count(*) from trace_metric where project_id = any($1::bigint[]) and trace_id = $2::uuid)
           as "metricsCount",
       coalesce((select jsonb_object_agg(op, n)
                   from (select op, count(*) as n from span
                          where project_id = any($1::bigint[]) and trace_id = $2::uuid group by op) k),
                '{}'::jsonb) as "spansCountMap"
  from span
 where project_id = any($1::bigint[]) and trace_id = $2::uuid;
