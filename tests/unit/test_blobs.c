#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/blobs.h"
#include "tests/unit/suite.h"

static char top[64], dir[80];
static struct arena *arena;

static void setup(void)
{
    snprintf(top, sizeof(top), "/tmp/vedette-blobs-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    snprintf(dir, sizeof(dir), "%s/blobs", top);
    arena = arena_new((size_t)64 << 20);
}

static void teardown(void)
{
    char command[128];
    arena_free(arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", top);
    ck_assert_int_eq(system(command), 0);
}

#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

START_TEST(bytes_come_back_under_their_hash)
{
    struct str name = blob_put(arena, dir, S("hello"));
    ck_assert_text(name, HELLO);
    ck_assert_text(blob_get(arena, dir, name, 5), "hello");
    ck_assert_ptr_null(blob_get(arena, dir, name, 4).p);
}
END_TEST

START_TEST(bytes_may_be_looked_at_where_they_lie)
{
    struct str name = blob_put(arena, dir, S("hello"));
    ck_assert_text(blob_map(arena, dir, name), "hello");
    ck_assert_ptr_null(blob_map(arena, dir, blob_put(arena, dir, S(""))).p);
    ck_assert(blob_delete(dir, name));
    ck_assert_ptr_null(blob_map(arena, dir, name).p);
    ck_assert_ptr_null(blob_map(arena, dir, S("../x")).p);
}
END_TEST

START_TEST(same_bytes_are_one_file_and_no_draft_stays)
{
    char folder[128];
    blob_put(arena, dir, S("hello"));
    blob_put(arena, dir, S("hello"));
    snprintf(folder, sizeof(folder), "%s/2c", dir);
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort);
    ck_assert_int_eq(count, 3); /* with . and .. */
    ck_assert_str_eq(names[2]->d_name, HELLO + 2);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
END_TEST

START_TEST(deleted_is_gone)
{
    struct str name = blob_put(arena, dir, S("hello"));
    ck_assert(blob_delete(dir, name));
    ck_assert(!blob_delete(dir, name));
    ck_assert_ptr_null(blob_get(arena, dir, name, 100).p);
}
END_TEST

START_TEST(names_from_outside_cannot_leave_the_folder)
{
    ck_assert_ptr_null(blob_get(arena, dir, S("../../../../../../etc/passwd"), 100000).p);
    ck_assert_ptr_null(
        blob_get(arena, dir,
                 S("../../../../../../../../../../../../../../../../../etc/passwd12345"), 100000)
            .p);
    ck_assert(!blob_delete(dir, S("")));
}
END_TEST

START_TEST(empty_and_large_blobs)
{
    struct str none = blob_put(arena, dir, S(""));
    struct str empty = blob_get(arena, dir, none, 0);
    ck_assert(empty.p != NULL && empty.n == 0);
    size_t n = (size_t)5 << 20;
    char *large = arena_alloc(arena, n);
    memset(large, 'x', n);
    struct str back = blob_get(arena, dir, blob_put(arena, dir, (struct str){large, n}), n);
    ck_assert(str_eq(back, (struct str){large, n}));
}
END_TEST

START_TEST(refusing_disk_yields_no_name)
{
    ck_assert_ptr_null(blob_put(arena, "/proc/nowhere/blobs", S("hello")).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, bytes_come_back_under_their_hash);
    tcase_add_test(tc, bytes_may_be_looked_at_where_they_lie);
    tcase_add_test(tc, same_bytes_are_one_file_and_no_draft_stays);
    tcase_add_test(tc, deleted_is_gone);
    tcase_add_test(tc, names_from_outside_cannot_leave_the_folder);
    tcase_add_test(tc, empty_and_large_blobs);
    tcase_add_test(tc, refusing_disk_yields_no_name);
}

int main(void)
{
    log_open("test_blobs", LOG_ERROR + 1);
    return suite_run("blobs", add_tests);
}
