#include "tests/unit/suite.h"
#include "worker/span/sql.h"

static struct arena *arena;

static void begin(void)
{
    arena = arena_new((size_t)256 << 20);
}

static void end(void)
{
    arena_free(arena);
}

/* A query, and what is left of it; NULL: nothing. */
static const struct {
    const char *query, *description;
} queries[] = {
    {"SELECT count() FROM table1 WHERE id IN (100, 101, 102)",
     "SELECT count() FROM table1 WHERE id IN (%s)"},
    {"UPDATE foo SET a = 1, `foo`.`b` = 2 WHERE true", "UPDATE foo SET .. WHERE %s"},
    {"update foo set a = 1 where b = 'x'", "UPDATE foo SET a = %s WHERE b = %s"},
    {"INSERT INTO a VALUES (123, N'foo', 'bar')", "INSERT INTO a (..) VALUES (%s)"},
    {"INSERT INTO a (x, \"y\") VALUES (1, 2), (3, 4) RETURNING id",
     "INSERT INTO a (..) VALUES (%s) RETURNING id"},
    {"INSERT INTO a (x) SELECT y FROM b", "INSERT INTO a (..) SELECT y FROM b"},
    {"select count() from table1 where name in ('foo', 'bar', 'ba",
     "select count() from table1 where name in (%s"},
    {"select name from users where name = 'O''Neil' and age > -3.5e2",
     "SELECT name FROM users WHERE name = %s AND age > %s"},
    {"SELECT a, b, c FROM t", "SELECT .. FROM t"},
    {"SELECT a, b, count(*), d FROM t", "SELECT .., count(*), d FROM t"},
    {"SELECT count(*), a, b FROM t", "SELECT count(*), .. FROM t"},
    {"SELECT DISTINCT `t`.`a`, t.b AS c FROM `db`.`t` AS t", "SELECT DISTINCT .. FROM t"},
    {"SELECT * FROM users u WHERE u.id = $1", "SELECT * FROM users WHERE id = %s"},
    {"SELECT a FROM (SELECT b, c FROM d) AS e", "SELECT a FROM (SELECT .. FROM d)"},
    {"SELECT a FROM t WHERE b = 1 OR b = 2 OR b = 3", "SELECT a FROM t WHERE b = %s"},
    {"SELECT a FROM t WHERE b BETWEEN 1 AND 2 AND c = 3",
     "SELECT a FROM t WHERE b BETWEEN %s AND %s AND c = %s"},
    {"SELECT a FROM t WHERE (b = 1 AND c = 2) OR (b = 3 AND c = 4)",
     "SELECT a FROM t WHERE (b = %s AND c = %s)"},
    {"SELECT a FROM t WHERE b IS NOT NULL AND c = NULL",
     "SELECT a FROM t WHERE b IS NOT NULL AND c = %s"},
    {"SELECT CASE WHEN a = 1 THEN 2 ELSE CASE WHEN 1 THEN 2 END END FROM t",
     "SELECT CASE WHEN .. THEN .. END FROM t"},
    {"SELECT CAST(a AS integer) FROM t", "SELECT CAST(a AS integer) FROM t"},
    {"SELECT a::text FROM t LIMIT 10 OFFSET 20;", "SELECT a::text FROM t LIMIT %s OFFSET %s"},
    {"SAVEPOINT s1_x2", "SAVEPOINT %s"},
    {"RELEASE SAVEPOINT \"s1_x2\"", "RELEASE SAVEPOINT %s"},
    {"DELETE FROM events_20240101 WHERE id = ?", "DELETE FROM events_{%s} WHERE id = %s"},
    {"SELECT a -- why\nFROM t /* because */", "SELECT a FROM t"},
    {"WITH x AS (SELECT 1) SELECT a FROM x", "WITH x AS (SELECT %s) SELECT a FROM x"},
    {"SELECT a FROM t JOIN u ON t.id = u.t_id WHERE x = %(name)s",
     "SELECT a FROM t JOIN u ON id = t_id WHERE x = %s"},
    {"SELECT a FROM t WHERE b IN (SELECT c FROM d WHERE e IN (1, 2))",
     "SELECT a FROM t WHERE b IN (SELECT c FROM d WHERE e IN (%s))"},
    {"COMMIT", "COMMIT"},
    {"User.find", NULL},
    {"", NULL},
    {"((((", NULL},
    {"find user 17", "find user %s"},
    {"SELECT 'x", "SELECT %s"},
};

START_TEST(a_query_keeps_what_makes_it)
{
    struct str text = sql_description(arena, str_of(queries[_i].query));
    if (queries[_i].description)
        ck_assert_text(text, queries[_i].description);
    else
        ck_assert_msg(!text.p, "%s: %.*s", queries[_i].query, STR_ARG(text));
}
END_TEST

START_TEST(equal_queries_have_one_text)
{
    struct str one = sql_description(arena, S("select `a` from x.t where id in (1,2)"));
    struct str two = sql_description(arena, S("SELECT a\n  FROM t WHERE id IN ( 7 )"));
    ck_assert_msg(str_eq(one, two), "%.*s | %.*s", STR_ARG(one), STR_ARG(two));
}
END_TEST

START_TEST(its_verb_and_tables_are_found)
{
    ck_assert_text(sql_action(arena, S("  select 1")), "SELECT");
    ck_assert(!sql_action(arena, S("selection")).p);
    ck_assert(!sql_action(arena, S("")).p);
    ck_assert_text(sql_tables(arena, S("SELECT a FROM B.Users u JOIN `accounts` ON 1 = 1 "
                                       "WHERE x IN (SELECT 1 FROM users)")),
                   ",accounts,users,");
    ck_assert_text(sql_tables(arena, S("UPDATE foo SET a = 1")), ",foo,");
    ck_assert(!sql_tables(arena, S("SELECT 1")).p);
}
END_TEST

/* A piece that is repeated until the query is as long as any. */
static const char *const hostile[] = {
    "(",    "SELECT(", "CASE ",        "UPDATE SET ", "IN(", "IN(1,", "'",  "a.",
    "AND ", "a AND ",  "SELECT a,b,(", "/*",          "$a$", "%(",    "a,", "VALUES(",
    "\"",   "[a",      "CASE(",        ")",           "-",   "f("};

START_TEST(hostile_queries_take_no_time)
{
    enum { LENGTH = 200000 };
    char *text = arena_take(arena, LENGTH + 1);
    size_t n = strlen(hostile[_i]);
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = hostile[_i][i % n];
    for (int times = 0; times < 20; times++)
        sql_description(arena, (struct str){text, LENGTH - (size_t)times});
    sql_tables(arena, (struct str){text, LENGTH});
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_loop_test(tc, a_query_keeps_what_makes_it, 0, COUNT_OF(queries));
    tcase_add_test(tc, equal_queries_have_one_text);
    tcase_add_test(tc, its_verb_and_tables_are_found);
    tcase_add_loop_test(tc, hostile_queries_take_no_time, 0, COUNT_OF(hostile));
}

int main(void)
{
    return suite_run("span_sql", add_tests);
}
