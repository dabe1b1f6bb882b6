/* The views of the database speak the words of the programs, and every one can be read. */
#include "api/issue_view.h"
#include "storage/items.h"
#include "storage/monitors.h"
#include "storage/span_status.h"
#include "tests/unit/database.h"

static struct arena *arena;
static struct pg *db;

static void set_up(void)
{
    arena = arena_new(16 << 20);
    db = database_migrated();
}

static void tear_down(void)
{
    pg_close(db);
    arena_free(arena);
}

static struct str named(const char *function, int number)
{
    return database_text(db, arena,
                         arena_printf(arena, "select %s(%d::smallint)", function, number));
}

static void same(const char *function, int number, struct str name)
{
    struct str found = named(function, number);
    ck_assert_msg(str_eq(found, name), "%s(%d) is \"%.*s\", not \"%.*s\"", function, number,
                  STR_ARG(found), STR_ARG(name));
}

START_TEST(numbers_have_the_names_of_the_programs)
{
    for (int c = 0; c < CATEGORY_COUNT; c++)
        same("view_category_name", c, category_name((enum category)c));
    for (int o = OUTCOME_ACCEPTED; o <= OUTCOME_DUPLICATE; o++)
        same("view_outcome_name", o, outcome_name((enum outcome)o));
    for (int s = 0; s < SPAN_STATUS_COUNT; s++)
        same("view_span_status_name", s, span_status_name(s));
    for (int level = 10; level <= 50; level += 10)
        same("view_level_name", level, issue_level_name(level));
    same("view_check_in_status_name", CHECK_IN_UNKNOWN, S("unknown"));
    same("view_check_in_status_name", CHECK_IN_IN_PROGRESS, S("in_progress"));
    same("view_check_in_status_name", CHECK_IN_TIMEOUT, S("timeout"));
}
END_TEST

/* A number that was added here only would be seen as nothing. */
START_TEST(there_are_no_more_names)
{
    ck_assert_ptr_null(named("view_category_name", CATEGORY_COUNT).p);
    ck_assert_ptr_null(named("view_outcome_name", OUTCOME_DUPLICATE + 1).p);
    ck_assert_ptr_null(named("view_span_status_name", SPAN_STATUS_COUNT).p);
    ck_assert_ptr_null(named("view_check_in_status_name", CHECK_IN_TIMEOUT + 1).p);
}
END_TEST

START_TEST(span_ids_are_sixteen_digits)
{
    ck_assert_text(database_text(db, arena, "select view_span_id(-1)"), "ffffffffffffffff");
    ck_assert_text(database_text(db, arena, "select view_span_id(255)"), "00000000000000ff");
}
END_TEST

START_TEST(every_view_can_be_read_and_says_what_it_is)
{
    struct rows *views =
        pg_query_built(db, arena,
                       S("select relname::text, obj_description(oid, 'pg_class') from pg_class "
                         "where relkind = 'v' and relnamespace = 'public'::regnamespace"),
                       NULL, 0);
    ck_assert_int_ge(rows_count(views), 16);
    while (rows_next(views)) {
        const char *name = arena_strdup(arena, rows_str(views, 0));
        ck_assert_msg(!rows_null(views, 1), "%s has no comment", name);
        const char *sql = arena_printf(
            arena, "select count(*) from (select organization, project, v.* from %s v) x", name);
        ck_assert_int_eq(database_int(db, arena, sql), 0);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, numbers_have_the_names_of_the_programs);
    tcase_add_test(tc, there_are_no_more_names);
    tcase_add_test(tc, span_ids_are_sixteen_digits);
    tcase_add_test(tc, every_view_can_be_read_and_says_what_it_is);
}

int main(int argc, char **argv)
{
    (void)argc;
    return database_suite_run(argv[0], "views", add_tests);
}
