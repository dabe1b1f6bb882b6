#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jt.h"
#include "tests/unit/suite.h"

static int pipe_ends[2];
static struct arena *arena;

static void set_up(void)
{
    ck_assert_int_eq(pipe(pipe_ends), 0);
    ck_assert_int_ge(dup2(pipe_ends[1], STDERR_FILENO), 0);
    arena = arena_new(1 << 20);
    log_open("tester", LOG_INFO);
    clock_pin(1795252524693131);
}

static void tear_down(void)
{
    arena_free(arena);
}

static struct jt *logged(void)
{
    char *line = arena_alloc(arena, 16384);
    const char *error = NULL;
    ssize_t n = read(pipe_ends[0], line, 16384);
    ck_assert_int_gt(n, 0);
    ck_assert_int_eq(line[n - 1], '\n');
    struct jt *v = jt_read(arena, (struct str){line, (size_t)n}, 4, &error);
    ck_assert_msg(v != NULL, "%s in %s", error, line);
    return v;
}

START_TEST(writes_one_line_of_json)
{
    log_request(S("4f0c"));
    log_warn("accepted", LOG_STR("key", S("a\"b")), LOG_INT("bytes", -5),
             LOG_STR("none", ((struct str){0})));
    struct jt *v = logged();
    int64_t bytes;
    ck_assert_text(jt_get_str(v, S("time")), "2026-11-21T09:15:24.693131Z");
    ck_assert_text(jt_get_str(v, S("level")), "warn");
    ck_assert_text(jt_get_str(v, S("program")), "tester");
    ck_assert_text(jt_get_str(v, S("request")), "4f0c");
    ck_assert_text(jt_get_str(v, S("message")), "accepted");
    ck_assert_text(jt_get_str(v, S("key")), "a\"b");
    ck_assert(jt_int64(jt_get(v, S("bytes")), &bytes) && bytes == -5);
    ck_assert_int_eq(jt_get(v, S("none"))->kind, JT_NULL);
}
END_TEST

START_TEST(leaves_out_what_is_below_its_level)
{
    log_debug("not this", LOG_INT("n", 1));
    log_request((struct str){0});
    log_info("but this");
    struct jt *v = logged();
    ck_assert_text(jt_get_str(v, S("message")), "but this");
    ck_assert_ptr_null(jt_get(v, S("request")));
    log_set_level(LOG_DEBUG);
    log_debug("and now this");
    ck_assert_text(jt_get_str(logged(), S("message")), "and now this");
}
END_TEST

START_TEST(survives_any_bytes_and_lengths)
{
    char big[20000];
    memset(big, 0x01, sizeof(big));
    memcpy(big, "\xFF\xC3(\0", 4);
    log_error("hostile", LOG_STR("a", ((struct str){big, sizeof(big)})),
              LOG_STR("b", ((struct str){big, 4})));
    struct jt *v = logged();
    ck_assert_text(jt_get_str(v, S("message")), "hostile");
    ck_assert_int_eq(jt_get(v, S("cut"))->kind, JT_TRUE);
    log_error("hostile", LOG_STR("b", ((struct str){big, 3})));
    ck_assert_text(jt_get_str(logged(), S("b")), "?"
                                                 "?(");
}
END_TEST

START_TEST(levels_have_names)
{
    enum log_level level;
    ck_assert(log_level_named(S("warn"), &level) && level == LOG_WARN);
    ck_assert(!log_level_named(S("loud"), &level));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, writes_one_line_of_json);
    tcase_add_test(tc, leaves_out_what_is_below_its_level);
    tcase_add_test(tc, survives_any_bytes_and_lengths);
    tcase_add_test(tc, levels_have_names);
}

int main(void)
{
    return suite_run("log", add_tests);
}
