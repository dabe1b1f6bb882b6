/* Attachments on their way into rows: what a project's rules take out of them. */
#include <stdlib.h>

#include "base/settings.h"
#include "storage/blobs.h"
#include "tests/unit/suite.h"
#include "worker/digest/attachment.h"

static const char config[] = "{\"rules\":{\"secret\":{\"type\":\"pattern\",\"pattern\":\"hunter2\","
                             "\"redaction\":{\"method\":\"mask\"}}},"
                             "\"applications\":{\"$attachments.'a.txt'\":[\"secret\"]}}";

static struct arena *arena;
static struct policies *policies;
static struct batch *batch;
static struct scrubber *scrubber;
static char folder[] = "/tmp/vedette-attachment-XXXXXX";

static void begin(void)
{
    const char *error;
    arena = arena_new((size_t)64 << 20);
    policies = policies_new();
    batch = batch_new(policies);
    batch_begin(batch, uuid_random(), 0);
    scrubber = scrubber_of_config(str_of(config), &error);
    ck_assert_ptr_nonnull(scrubber);
}

static void end(void)
{
    scrubber_free(scrubber);
    batch_free(batch);
    policies_free(policies);
    arena_free(arena);
}

/* The row that an item becomes; NULL: refused. */
static const struct batch_row *row_of(struct log_item *item)
{
    const struct policy policy = {.scrubber = scrubber};
    struct reading r = {.batch = batch,
                        .scratch = arena,
                        .item = item,
                        .policy = &policy,
                        .kept = arena_new_of(arena, struct batch_record)};
    r.to = reading_count(&r, CATEGORY_ATTACHMENT, 1);
    attachment_digest(&r);
    return batch->rows[ROW_ATTACHMENT].last;
}

static struct str stored(const struct batch_row *row)
{
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    row_kind(ROW_ATTACHMENT)->put(&bytes, row);
    struct str text = arena_str(arena, buf_str(&bytes));
    buf_free(&bytes);
    return text;
}

START_TEST(a_file_that_rules_name_is_scrubbed)
{
    struct log_item item = {.header = S("{\"filename\":\"a.txt\"}"),
                            .payload = S("password hunter2\0binary")};
    struct str row = stored(row_of(&item));
    ck_assert(!str_has(row, S("hunter2")));
    ck_assert(str_has(row, S("password *******\0binary")));
    item.header = S("{\"filename\":\"b.txt\"}");
    ck_assert(str_has(stored(row_of(&item)), S("hunter2")));
}
END_TEST

START_TEST(a_file_in_a_blob_is_scrubbed)
{
    struct str dir = str_of(arena_printf(arena, "%s/blobs", folder));
    struct str name = blob_put(arena, dir.p, S("password hunter2"));
    struct log_item item = {.header = S("{\"filename\":\"a.txt\"}"), .blob = name};
    const struct batch_row *row = row_of(&item);
    ck_assert(!str_eq(row->blob, name));
    ck_assert(str_eq(blob_get(arena, dir.p, row->blob, 100), S("password *******")));
    item.header = S("{\"filename\":\"b.txt\"}");
    ck_assert(str_eq(row_of(&item)->blob, name));
}
END_TEST

START_TEST(a_file_that_cannot_be_scrubbed_is_not_stored)
{
    struct str gone =
        arena_str(arena, S("ababababababababababababababababababababababababababababababab"
                           "ab"));
    struct log_item item = {.header = S("{\"filename\":\"a.txt\"}"), .blob = gone};
    ck_assert_ptr_null(row_of(&item));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_test(tc, a_file_that_rules_name_is_scrubbed);
    tcase_add_test(tc, a_file_in_a_blob_is_scrubbed);
    tcase_add_test(tc, a_file_that_cannot_be_scrubbed_is_not_stored);
}

int main(void)
{
    if (!mkdtemp(folder))
        abort();
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_DATA_DIR", folder, 1);
    settings_load();
    return suite_run("digest_attachment", add_tests);
}
