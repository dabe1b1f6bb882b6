-- What the digest does with transactions and spans besides copying them; the order of locks is that of
-- storage/digest.sql.

-- Which of the batch's transactions are stored already.
-- :name digest_known_transactions
select k.n
  from unnest($1::bigint[], $2::uuid[]) with ordinality k(project_id, event_id, n)
  join transaction t on t.project_id = k.project_id and t.event_id = k.event_id
 where t.received_day between $3::timestamptz::date - 1 and $4::timestamptz::date + 1;

-- Transactions of the current batch, for the statement that counts.
-- :name digest_transactions_temporary
create temporary table if not exists digest_transaction (
    project_id bigint not null,
    name text not null,
    op text not null,
    environment_id bigint not null,
    release_id bigint not null,
    "timestamp" timestamptz not null,
    duration double precision not null,
    is_failure boolean not null,
    user_hash bigint
) on commit delete rows;

-- :name digest_count_transactions
insert into transaction_hour as h (project_id, name, op, environment_id, release_id, hour, transactions, failures,
                                   duration_sum, durations, users)
select project_id, name, op, environment_id, release_id, date_trunc('hour', "timestamp"), count(*),
       count(*) filter (where is_failure), sum(duration), tdigest(duration, 100),
       coalesce(hll_add_agg(hll_hash_bigint(user_hash)) filter (where user_hash is not null), hll_empty())
  from digest_transaction
 group by 1, 2, 3, 4, 5, 6
 order by 1, 2, 3, 4, 5, 6
    on conflict (project_id, name, op, environment_id, release_id, hour) do update
   set transactions = h.transactions + excluded.transactions, failures = h.failures + excluded.failures,
       duration_sum = h.duration_sum + excluded.duration_sum,
       durations = tdigest_union(h.durations, excluded.durations),
       users = hll_union(h.users, excluded.users);
