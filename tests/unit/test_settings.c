#include "base/settings.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/unit/suite.h"

static struct buf error, text;
static char path[] = "/tmp/vedette-settings-XXXXXX";

static void write_file(const char *content)
{
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(content, file);
    fclose(file);
}

static void set_up(void)
{
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    setenv("VEDETTE_CONFIG", path, 1);
    buf_init(&error, 4096);
    buf_init(&text, 1 << 20);
}

static void tear_down(void)
{
    unlink(path);
    buf_free(&error);
    buf_free(&text);
}

START_TEST(defaults_then_file_then_environment)
{
    write_file("# a comment\n\n port = 9000 \npublic_url=https://errors.example\n"
               "allow_registration=yes\napi_threads=4\n");
    setenv("VEDETTE_PORT", "9001", 1);
    settings_load();
    ck_assert_int_eq(settings()->port, 9001);
    ck_assert_str_eq(settings()->public_url, "https://errors.example");
    ck_assert(settings()->allow_registration);
    ck_assert_int_eq(settings()->api_threads, 4);
    ck_assert_int_eq(settings()->session_days, 14);
    ck_assert_str_eq(settings()->log_level, "info");
}
END_TEST

START_TEST(a_setting_may_come_from_a_file_of_its_own)
{
    write_file("host=db.example user=vedette\n");
    unsetenv("VEDETTE_CONFIG");
    setenv("VEDETTE_DATABASE_FILE", path, 1);
    settings_load();
    ck_assert_str_eq(settings()->database, "host=db.example user=vedette");
}
END_TEST

static const struct {
    const char *line, *error;
} mistakes[] = {
    {"prot=1", "line 1: unknown setting prot"},
    {"\nport=0", "line 2: port must be a number from 1 to 65535"},
    {"port=65536", "line 1: port must be a number from 1 to 65535"},
    {"port=80 ", NULL},
    {"port=eighty", "line 1: port must be a number from 1 to 65535"},
    {"port=99999999999999999999", "line 1: port must be a number from 1 to 65535"},
    {"port", "line 1: expected NAME=value"},
    {"data_dir=", "line 1: data_dir must have 1 to 4096 bytes"},
    {"allow_registration=maybe", "line 1: allow_registration must be yes or no"},
    {"allow_registration=ON", NULL},
    {"run_dir=0123456789012345678901234567890123456789012345678901234567890123456789"
     "012345678901234567890123456789",
     "line 1: run_dir must have 1 to 90 bytes"},
};

START_TEST(mistakes_are_named)
{
    struct settings s = {0};
    bool fine = settings_read(&s, str_of(mistakes[_i].line), &error);
    ck_assert_int_eq(fine, mistakes[_i].error == NULL);
    ck_assert_text(buf_str(&error), mistakes[_i].error);
}
END_TEST

START_TEST(a_bad_file_ends_the_program)
{
    write_file("port=none\n");
    settings_load();
}
END_TEST

START_TEST(a_missing_named_file_ends_the_program)
{
    setenv("VEDETTE_CONFIG", "/nowhere/vedette.conf", 1);
    settings_load();
}
END_TEST

START_TEST(reload_changes_only_what_may_change)
{
    settings_load();
    write_file("port=9000\nsession_days=3\n");
    settings_reload();
    ck_assert_int_eq(settings()->port, 8900);
    ck_assert_int_eq(settings()->session_days, 3);
    write_file("session_days=none\n");
    settings_reload();
    ck_assert_int_eq(settings()->session_days, 3);
}
END_TEST

START_TEST(print_can_be_read_back)
{
    struct settings back = {0};
    write_file("port=9000\nallow_registration=1\n");
    settings_load();
    settings_print(&text);
    ck_assert(settings_read(&back, buf_str(&text), &error));
    ck_assert_int_eq(back.port, 9000);
    ck_assert(back.allow_registration);
    ck_assert_str_eq(back.public_url, settings()->public_url);
}
END_TEST

START_TEST(manual_names_every_setting)
{
    settings_manual(&text);
#define SETTING(name, kind, fallback, min, max, reload, manual)                                    \
    ck_assert_msg(str_has(buf_str(&text), S("| `" #name "` | `")), #name);
#include "base/settings.def"
#undef SETTING
    ck_assert(str_has(buf_str(&text),
                      S("| `port` | `8900` | Port nginx listens on. Needs a restart. |\n")));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, defaults_then_file_then_environment);
    tcase_add_test(tc, a_setting_may_come_from_a_file_of_its_own);
    tcase_add_loop_test(tc, mistakes_are_named, 0, COUNT_OF(mistakes));
    tcase_add_exit_test(tc, a_bad_file_ends_the_program, 2);
    tcase_add_exit_test(tc, a_missing_named_file_ends_the_program, 2);
    tcase_add_test(tc, reload_changes_only_what_may_change);
    tcase_add_test(tc, print_can_be_read_back);
    tcase_add_test(tc, manual_names_every_setting);
}

int main(void)
{
    return suite_run("settings", add_tests);
}
