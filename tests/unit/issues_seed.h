/*
 * Issues with a past, for tests of lists and changes: five of acme's project shop (11), one of api
 * (12), one of globex.  Times count back from now.  In shop, environment 1 is production and 2 is
 * staging.
 *
 *   id   last seen   first seen  events  users  level    state
 *   301  1 minute    1 day       6       3      error    unresolved, olga's
 *   302  10 minutes  2 days      4       2      warning  unresolved, team web's
 *   303  1 hour      30 days     9       9      fatal    resolved
 *   304  2 days      3 days      1       1      error    archived
 *   305  40 days     41 days     50      1      info     unresolved
 *   306  5 minutes   4 days      2       1      error    unresolved, in project 12
 */
#ifndef TESTS_UNIT_ISSUES_SEED_H
#define TESTS_UNIT_ISSUES_SEED_H

static const char issues_seed[] =
    "delete from issue;"
    "insert into environment (project_id, id, name, date_created) values"
    " (11, 1, 'production', now()), (11, 2, 'staging', now()), (12, 3, 'production', now());"
    "insert into release (id, organization_id, version, date_created) values"
    " (1, 1, 'shop@1.0.0', now() - interval '9 days'), (2, 1, 'shop@1.1.0+7', now());"
    "insert into release_project values (11, 1, now(), now()), (11, 2, now(), now());"
    "create temporary table t (project bigint, id bigint, seen interval, age interval,"
    "  events int, users int, level int, status int, sub int, type text, value text, env bigint);"
    "insert into t values"
    " (11, 301, '1 minute', '1 day', 6, 3, 40, 0, 7, 'TypeError', 'x is undefined', 1),"
    " (11, 302, '10 minutes', '2 days', 4, 2, 30, 0, 3, 'IOError', '100% full', 1),"
    " (11, 303, '1 hour', '30 days', 9, 9, 50, 1, 3, 'Panic', 'core meltdown', 2),"
    " (11, 304, '2 days', '3 days', 1, 1, 40, 2, 5, 'TypeError', 'y is null', 1),"
    " (11, 305, '40 days', '41 days', 50, 1, 20, 0, 3, 'Old', 'history', 1),"
    " (12, 306, '5 minutes', '4 days', 2, 1, 40, 0, 6, 'KeyError', 'missing', 3),"
    " (21, 401, '1 minute', '1 day', 5, 1, 40, 0, 7, 'Foreign', 'secret', 9);"
    "insert into issue (project_id, id, short_id, type, title, culprit, metadata, level, platform,"
    "                   is_unhandled, status, substatus, first_seen, first_release_id, active_at,"
    "                   date_created)"
    " select project, id, id - 300, 'error', type || ': ' || value, 'main in run',"
    "        jsonb_build_object('type', type, 'value', value), level, 'node', id = 301, status,"
    "        sub, now() - age, case when id = 301 then 2 else 1 end, now() - age, now() from t;"
    "insert into issue_stat select project, id, now() - seen, date_trunc('minute', now() - seen), "
    "2,"
    "                              events, users from t;"
    "insert into issue_hash select project, md5(id::text)::uuid, id from t;"
    "insert into issue_user select project, id, n from t, generate_series(1, users) n;"
    "insert into issue_hour select project, id, env, date_trunc('hour', now() - seen), events"
    "  from t;"
    "insert into issue_day select project, id, env, (now() - seen)::date, events,"
    "   (select hll_add_agg(hll_hash_bigint(n)) from generate_series(1, users) n), now() - age,"
    "   now() - seen from t;"
    "insert into issue_tag select project, id, k, v, (now() - seen)::date, events, now() - age,"
    "                             now() - seen"
    "  from t, (values ('browser', 'Chrome 120'), ('user', 'id:7'), ('release', 'shop@1.0.0')) x"
    "   (k, v) where id in (301, 303);"
    "insert into issue_tag select project, id, k, v, (now() - seen)::date, events, now() - age,"
    "                             now() - seen"
    "  from t, (values ('browser', 'Firefox'), ('user', 'email:a@b.c'),"
    "                  ('release', 'shop@1.1.0+7')) x (k, v) where id = 302;"
    "insert into issue_tag values (11, 303, 'user.username', 'mick', now()::date, 1, now(), now());"
    "update issue set assigned_user_id = 1 where id = 301;"
    "update issue set assigned_team_id = 1 where id = 302;"
    "insert into team_member values (1, 2);"
    "insert into issue_bookmark values (11, 302, 1, now());"
    "insert into issue_subscription values (11, 303, 1, true, 'unknown', now());"
    "insert into activity (project_id, issue_id, user_id, type, data, date_created)"
    " values (11, 301, 2, 'note', '{\"text\": \"look\"}', now());"
    "drop table t;";

#endif
