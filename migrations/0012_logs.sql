-- Logs and metrics of traces: single records with typed attributes, read newest first.
--
-- Times are nanoseconds since 1970, because that is how finely they are ordered.  Attributes are one JSON object
-- of plain values: text, true or false, lists; a number with a fraction, be it .0, is a double, one without an
-- integer.  _meta says what was cut, refused or scrubbed, as it does for events.

create table log (
    project_id bigint not null,
    received_day date not null,
    nanoseconds bigint not null,
    id uuid not null,                  -- in the order of arrival where the time is the same
    trace_id uuid not null,
    span_id bigint,                    -- its 64 bits
    environment_id bigint,
    severity_number smallint not null, -- OpenTelemetry's: 1 trace, 5 debug, 9 info, 13 warn, 17 error, 21 fatal
    payload_size int not null,         -- bytes as sent: what log_byte counts
    severity text not null,
    body text not null,
    release text,
    attributes jsonb not null,
    meta json,                         -- may hold numbers that jsonb cannot
    primary key (project_id, nanoseconds, id, received_day)
) partition by range (received_day);
create index log_severe_idx on log (project_id, nanoseconds) where severity_number >= 17;
-- Tens of thousands of rows may come in a second: this costs next to nothing to keep.
create index log_trace_idx on log using brin (trace_id uuid_bloom_ops) with (pages_per_range = 32);

create table trace_metric (
    project_id bigint not null,
    received_day date not null,
    nanoseconds bigint not null,
    id uuid not null,
    trace_id uuid not null,
    span_id bigint,
    environment_id bigint,
    value double precision not null,
    name text not null,
    type text not null,                -- counter, gauge, distribution
    unit text,
    release text,
    attributes jsonb not null,
    meta json,
    primary key (project_id, name, nanoseconds, id, received_day)
) partition by range (received_day);
create index trace_metric_time_idx on trace_metric (project_id, nanoseconds);
create index trace_metric_trace_idx on trace_metric using brin (trace_id uuid_bloom_ops) with (pages_per_range = 32);
