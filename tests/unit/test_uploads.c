/* Uploads in pieces, and their sealed locations: ingest.md §1.11. */
#include "ingest/uploads.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/unit/suite.h"

static struct arena *arena;
static char folder[] = "/tmp/vedette-uploads.XXXXXX";
static struct uploads uploads;
static struct upload upload;

static void set_up(void)
{
    arena = arena_new((size_t)16 << 20);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert(uploads_open(&uploads, folder));
    upload = (struct upload){.project_id = 7, .id = uuid_random(), .length = 8};
    ck_assert(upload_create(&uploads, &upload));
}

static void remove_all(void)
{
    char hex[33];
    uuid_put(upload.id, hex);
    unlink(arena_printf(arena, "%s/%s", uploads.dir, hex));
    rmdir(uploads.dir);
    unlink(arena_printf(arena, "%s/upload.key", folder));
    rmdir(folder);
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
}

static void tear_down(void)
{
    remove_all();
    arena_free(arena);
}

START_TEST(pieces_become_a_file)
{
    ck_assert_int_eq(upload_append(&uploads, &upload, 0, S("first"), 8), UPLOAD_OK);
    ck_assert_ptr_null(upload_bytes(arena, &uploads, &upload).p); /* not all of it */
    ck_assert_int_eq(upload_append(&uploads, &upload, 0, S("xyz"), 8), UPLOAD_MISPLACED);
    ck_assert_int_eq(upload_append(&uploads, &upload, 6, S("xyz"), 8), UPLOAD_MISPLACED);
    ck_assert_int_eq(upload_append(&uploads, &upload, 5, S("wxyz"), 8), UPLOAD_TOO_LONG);
    ck_assert_int_eq(upload_append(&uploads, &upload, 5, S("xyz"), 8), UPLOAD_OK);
    ck_assert_text(upload_bytes(arena, &uploads, &upload), "firstxyz");
    const struct upload other = {.project_id = 7, .id = uuid_random(), .length = 8};
    ck_assert_int_eq(upload_append(&uploads, &other, 0, S("x"), 8), UPLOAD_MISSING);
    ck_assert_ptr_null(upload_bytes(arena, &uploads, &other).p);
}
END_TEST

static bool is_found(int64_t project_id, struct str location)
{
    struct upload found;
    return upload_of_location(arena, &uploads, project_id, location, &found) &&
           uuid_eq(found.id, upload.id) && found.length == upload.length;
}

START_TEST(a_location_is_found_again)
{
    struct str location = upload_location(arena, &uploads, &upload);
    ck_assert(is_found(7, location));
    ck_assert(is_found(7, text_join(arena, S("https://errors.example.com"), S(""), location)));
    ck_assert(!is_found(8, location)); /* another's */
    upload.length = -1;
    location = upload_location(arena, &uploads, &upload);
    ck_assert(!str_has(location, S("length=")));
    ck_assert(is_found(7, location));
    struct uploads again; /* another process has the same key */
    ck_assert(uploads_open(&again, folder));
    ck_assert_text(upload_location(arena, &again, &upload), arena_strdup(arena, location));
}
END_TEST

/* Every byte of a location matters. */
START_TEST(an_altered_location_is_not)
{
    struct str location = upload_location(arena, &uploads, &upload);
    for (size_t i = 0; i < location.n; i++) {
        char *altered = arena_strdup(arena, location);
        altered[i] = altered[i] == '1' ? '2' : '1';
        ck_assert_msg(!is_found(7, (struct str){altered, location.n}), "%s", altered);
        ck_assert(!is_found(7, str_slice(location, 0, i)));
    }
}
END_TEST

START_TEST(what_is_old_goes)
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - 3700}, {.tv_sec = time(NULL) - 3700}};
    char hex[33];
    uploads_sweep(&uploads);
    ck_assert_int_eq(upload_append(&uploads, &upload, 0, S("x"), 8), UPLOAD_OK);
    uuid_put(upload.id, hex);
    ck_assert_int_eq(utimensat(AT_FDCWD, arena_printf(arena, "%s/%s", uploads.dir, hex), times, 0),
                     0);
    uploads_sweep(&uploads);
    ck_assert_int_eq(upload_append(&uploads, &upload, 1, S("x"), 8), UPLOAD_MISSING);
}
END_TEST

START_TEST(there_is_an_end_to_it)
{
    atomic_store(&uploads.bytes, UPLOADS_BYTES_MAX - 4);
    ck_assert_int_eq(upload_append(&uploads, &upload, 0, S("first"), 8), UPLOAD_FAILED);
    ck_assert_int_eq(upload_append(&uploads, &upload, 0, S("four"), 8), UPLOAD_OK);
    ck_assert_int_eq(upload_append(&uploads, &upload, 4, S("x"), 8), UPLOAD_FAILED);
    uploads_sweep(&uploads);
    ck_assert_int_eq(atomic_load(&uploads.bytes), 4);
    ck_assert_int_eq(upload_append(&uploads, &upload, 4, S("x"), 8), UPLOAD_OK);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, pieces_become_a_file);
    tcase_add_test(tc, a_location_is_found_again);
    tcase_add_test(tc, an_altered_location_is_not);
    tcase_add_test(tc, what_is_old_goes);
    tcase_add_test(tc, there_is_an_end_to_it);
}

int main(void)
{
    return suite_run("uploads", add_tests);
}
