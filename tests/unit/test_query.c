#include "storage/query.h"

#include <signal.h>

#include "tests/unit/database.h"

static struct arena *arena;
static struct pg *db;

static void set_up(void)
{
    arena = arena_new(16 << 20);
    db = pg_open(getenv("VEDETTE_TEST_DATABASE"), "test");
}

static void tear_down(void)
{
    pg_close(db);
    arena_free(arena);
}

START_TEST(parameters_carry_their_type)
{
    struct query q;
    const int64_t numbers[] = {1, -2};
    const struct str texts[] = {S("a\"b"), S("{},\\")};
    query_begin(&q, arena);
    query_sql(&q, "select ");
    query_int(&q, INT64_MIN);
    query_sql(&q, ", ");
    query_text(&q, S("' or 1 = 1 --"));
    query_sql(&q, ", ");
    query_time(&q, 0);
    query_sql(&q, ", ");
    query_ints(&q, numbers, 2);
    query_sql(&q, ", (");
    query_texts(&q, texts, 2);
    query_sql(&q, ")[2], ");
    query_text(&q, (struct str){0});
    struct rows *r = query_run(&q, db);
    ck_assert(rows_next(r));
    ck_assert_int_eq(rows_int(r, 0), INT64_MIN);
    ck_assert_text(rows_str(r, 1), "' or 1 = 1 --");
    ck_assert_int_eq(rows_time(r, 2), 0);
    ck_assert_text(rows_str(r, 3), "{1,-2}");
    ck_assert_text(rows_str(r, 4), "{},\\");
    ck_assert(rows_null(r, 5));
}
END_TEST

START_TEST(too_many_parameters_end_the_program)
{
    struct query q;
    query_begin(&q, arena);
    for (int i = 0; i <= QUERY_PARAMS_MAX; i++)
        query_int(&q, i);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, parameters_carry_their_type);
    tcase_add_test_raise_signal(tc, too_many_parameters_end_the_program, SIGABRT);
}

int main(int count, char **words)
{
    (void)count;
    return database_suite_run(words[0], "query", add_tests);
}
