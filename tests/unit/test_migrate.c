#include "storage/migrate.h"

#include "storage/partitions.h"
#include "tests/unit/database.h"

static struct arena *arena;
static struct buf report;

static void set_up(void)
{
    arena = arena_new(16 << 20);
    buf_init(&report, 65536);
}

static void tear_down(void)
{
    arena_free(arena);
    buf_free(&report);
}

static bool reported(const char *text)
{
    return str_has(buf_str(&report), str_of(text));
}

START_TEST(an_empty_database_gets_the_newest_schema_once)
{
    struct pg *db = database_fresh();
    ck_assert(migrate_run(db, &report));
    ck_assert(reported("0001_accounts applied\n"));
    ck_assert_int_eq(database_int(db, arena, "select max(version) from schema_migration"),
                     migrate_newest());
    buf_clear(&report);
    ck_assert(migrate_run(db, &report));
    ck_assert(!reported("applied"));
    pg_close(db);
}
END_TEST

START_TEST(a_newer_database_is_left_alone)
{
    struct pg *db = database_migrated();
    ck_assert(pg_script(db, "insert into schema_migration values (9999, 'future', now())"));
    ck_assert(!migrate_run(db, &report));
    ck_assert(reported("The database is of version 9999, but this program knows only up to "));
    pg_close(db);
}
END_TEST

START_TEST(a_missing_extension_is_named)
{
    struct pg *db = database_fresh();
    ck_assert(pg_script(db, "drop extension hll"));
    ck_assert(!migrate_run(db, &report));
    ck_assert(reported("lacks the extension hll:"));
    ck_assert_int_eq(database_int(db, arena, "select count(*) from schema_migration"), 0);
    pg_close(db);
}
END_TEST

START_TEST(a_failing_migration_leaves_nothing_behind)
{
    struct pg *db = database_fresh();
    ck_assert(pg_script(db, "create table issue ()"));
    ck_assert(!migrate_run(db, &report));
    ck_assert(reported("0002_issues failed: "));
    ck_assert_int_eq(database_int(db, arena, "select max(version) from schema_migration"), 1);
    ck_assert_int_eq(
        database_int(db, arena, "select count(*) from pg_class where relname = 'environment'"), 0);
    pg_close(db);
}
END_TEST

static int64_t table_count(struct pg *db)
{
    return database_int(db, arena, "select count(*) from pg_partitioned_table");
}

/* Of every kind; how many are dropped, -1 when one could not be. */
static int64_t drop_all(struct pg *db, int64_t before)
{
    int64_t all = 0;
    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++) {
        int dropped;
        if (!partitions_drop(db, arena, (enum retention_kind)kind, before, &dropped))
            return -1;
        all += dropped;
    }
    return all;
}

START_TEST(partitions_are_made_once_and_dropped_by_age)
{
    struct pg *db = database_migrated();
    int64_t day = INT64_C(1700000000) * CLOCK_SECOND; /* 2023-11-14 */
    ck_assert(partitions_make(db, arena, day, 2));
    ck_assert(partitions_make(db, arena, day, 3));
    ck_assert_int_eq(
        database_int(db, arena,
                     "select count(*) from pg_inherits i join pg_class c on c.oid = "
                     "i.inhrelid where c.relkind = 'r' and c.relname like 'event\\_p202311%'"),
        3);
    ck_assert_int_eq(database_int(db, arena,
                                  "select count(*) from pg_attribute where attrelid = "
                                  "'event_body_p20231114'::regclass and attname = 'body' and "
                                  "attstorage = 'e'"),
                     1);
    ck_assert_int_eq(drop_all(db, day + 2 * CLOCK_DAY), 2 * table_count(db));
    ck_assert_text(database_text(db, arena, "select to_regclass('event_p20231116')::text"),
                   "event_p20231116");
    pg_close(db);
}
END_TEST

START_TEST(a_partition_in_use_is_dropped_later)
{
    struct pg *db = database_migrated();
    struct pg *reader = pg_open(database_conninfo, "reader");
    int64_t day = INT64_C(1700000000) * CLOCK_SECOND;
    ck_assert(partitions_make(db, arena, day, 1));
    ck_assert(pg_begin(reader));
    database_int(reader, arena, "select count(*) from event");
    ck_assert_int_eq(drop_all(db, day + CLOCK_DAY), -1);
    ck_assert_int_eq(pg_failed(db), PG_RETRY);
    ck_assert(pg_commit(reader));
    pg_reset(db);
    ck_assert_int_eq(drop_all(db, day + CLOCK_DAY), table_count(db));
    pg_close(reader);
    pg_close(db);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, an_empty_database_gets_the_newest_schema_once);
    tcase_add_test(tc, a_newer_database_is_left_alone);
    tcase_add_test(tc, a_missing_extension_is_named);
    tcase_add_test(tc, a_failing_migration_leaves_nothing_behind);
    tcase_add_test(tc, partitions_are_made_once_and_dropped_by_age);
    tcase_add_test(tc, a_partition_in_use_is_dropped_later);
}

int main(int argc, char **argv)
{
    (void)argc;
    return database_suite_run(argv[0], "migrate", add_tests);
}
