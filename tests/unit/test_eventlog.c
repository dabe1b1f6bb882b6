#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"
#include "base/uuid.h"
#include "storage/crc32c.h"
#include "storage/eventlog.h"
#include "tests/unit/suite.h"

enum { SEGMENT = 8192, FRAME = 16 };

static char dir[64];
static struct arena *arena;

static void setup(void)
{
    snprintf(dir, sizeof(dir), "/tmp/vedette-log-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    arena = arena_new((size_t)64 << 20);
}

static void teardown(void)
{
    char command[128];
    fault_set(NULL);
    arena_free(arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

static struct log_record record_of(struct log_item *item, int64_t number, struct str payload)
{
    *item = (struct log_item){.type = ITEM_EVENT, .payload = payload, .quantity = 1};
    return (struct log_record){.request_id = uuid_random(),
                               .received = number,
                               .project_id = 7,
                               .items = item,
                               .item_count = 1};
}

static enum append_result append(struct eventlog *log, int64_t number, struct str payload)
{
    struct log_item item;
    struct log_record r = record_of(&item, number, payload);
    return eventlog_append(log, &r, arena);
}

static struct eventlog *log_with(int64_t records)
{
    struct eventlog *log = eventlog_create(dir, SEGMENT);
    ck_assert_ptr_nonnull(log);
    for (int64_t i = 1; i <= records; i++)
        ck_assert_int_eq(append(log, i, S("{\"message\":\"hello\"}")), APPEND_SYNCED);
    return log;
}

/* Numbers of the records that can be read from a position on; damage counts as -1. */
struct seen {
    int64_t numbers[4096], positions[4096], next;
    size_t count;
};

static struct seen read_all(struct uuid id, int64_t position)
{
    struct seen seen = {.next = position};
    struct eventlog_reader *r = eventlog_open(dir, id, position);
    ck_assert_ptr_nonnull(r);
    struct str bytes;
    enum read_result result;
    while ((result = eventlog_read(r, &bytes, &seen.next)) != READ_END) {
        struct log_record record = {.received = -1};
        if (result == READ_RECORD)
            ck_assert(log_record_decode(arena, bytes, &record));
        seen.positions[seen.count] = seen.next;
        seen.numbers[seen.count++] = record.received;
    }
    eventlog_reader_free(r);
    return seen;
}

static void expect(const struct seen *seen, int64_t first, int64_t last)
{
    ck_assert_int_eq((int64_t)seen->count, last - first + 1);
    for (int64_t i = first; i <= last; i++)
        ck_assert_int_eq(seen->numbers[i - first], i);
}

/* Path of the n-th segment, the last one for -1. */
static void segment_file(struct uuid id, int n, char path[256])
{
    struct dirent **names;
    char hex[33], log[128];
    uuid_put(id, hex);
    snprintf(log, sizeof(log), "%s/%s", dir, hex);
    int count = scandir(log, &names, NULL, alphasort), segments = 0, chosen = -1;
    for (int i = 0; i < count; i++)
        if (strstr(names[i]->d_name, ".seg") && (n < 0 || segments++ == n))
            chosen = i;
    ck_assert_int_ge(chosen, 0);
    snprintf(path, 256, "%s/%.30s", log, names[chosen]->d_name);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static void damage(struct uuid id, int segment, off_t offset, const char *bytes, size_t n)
{
    char path[256];
    segment_file(id, segment, path);
    int fd = open(path, O_WRONLY);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes, n, offset), (ssize_t)n);
    close(fd);
}

/* ---- the record */

START_TEST(crc32c_known_value_and_both_ways_agree)
{
    ck_assert_uint_eq(crc32c(0, "123456789", 9), 0xE3069283u);
    unsigned char bytes[257];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(i * 37);
    for (size_t n = 0; n <= sizeof(bytes); n++) {
        ck_assert_uint_eq(crc32c(0, bytes, n), crc32c_table(0, bytes, n));
        ck_assert_uint_eq(crc32c(crc32c(0, bytes, n / 3), bytes + n / 3, n - n / 3),
                          crc32c(0, bytes, n));
    }
}
END_TEST

static struct log_record full_record(void)
{
    static struct log_item items[3];
    items[0] = (struct log_item){
        .type = ITEM_EVENT, .header = S("{\"type\":\"event\"}"), .payload = S("{}"), .quantity = 1};
    items[1] = (struct log_item){.type = ITEM_ATTACHMENT,
                                 .header = S("{\"type\":\"attachment\"}"),
                                 .blob = S("00112233445566778899aabbccddeeff"
                                           "ffeeddccbbaa99887766554433221100"),
                                 .quantity = 300000};
    items[2] = (struct log_item){.type = ITEM_PROFILE,
                                 .category = CATEGORY_PROFILE_DURATION,
                                 .verdict = OUTCOME_RATE_LIMITED,
                                 .reason = S("key_quota"),
                                 .payload = S(""),
                                 .quantity = 1};
    return (struct log_record){.request_id = {{1}},
                               .received = 1700000000000001,
                               .sent_at = 1700000000000000,
                               .project_id = 1,
                               .key_id = INT64_MAX,
                               .has_event_id = true,
                               .event_id = {{0xFF}},
                               .envelope_header = S("{}"),
                               .client_ip = S("203.0.113.7"),
                               .user_agent = S(""),
                               .client = S("sentry.python/2.1"),
                               .items = items,
                               .item_count = 3};
}

static void expect_str(struct str got, struct str wanted)
{
    ck_assert(str_eq(got, wanted));
    ck_assert_int_eq(got.p == NULL, wanted.p == NULL);
}

START_TEST(record_comes_back_as_it_was)
{
    struct log_record in = full_record(), out;
    ck_assert(log_record_decode(arena, log_record_encode(arena, &in), &out));
    ck_assert(uuid_eq(out.request_id, in.request_id));
    ck_assert(out.has_event_id && uuid_eq(out.event_id, in.event_id));
    ck_assert_int_eq(out.received, in.received);
    ck_assert_int_eq(out.sent_at, in.sent_at);
    ck_assert_int_eq(out.project_id, in.project_id);
    ck_assert_int_eq(out.key_id, in.key_id);
    expect_str(out.envelope_header, in.envelope_header);
    expect_str(out.client_ip, in.client_ip);
    expect_str(out.user_agent, in.user_agent);
    expect_str(out.origin, in.origin);
    expect_str(out.client, in.client);
    ck_assert_uint_eq(out.item_count, in.item_count);
    for (size_t i = 0; i < in.item_count; i++) {
        ck_assert_int_eq(out.items[i].type, in.items[i].type);
        ck_assert_int_eq(out.items[i].category, in.items[i].category);
        ck_assert_int_eq(out.items[i].verdict, in.items[i].verdict);
        ck_assert_uint_eq(out.items[i].quantity, in.items[i].quantity);
        ck_assert(str_eq(out.items[i].reason, in.items[i].reason));
        expect_str(out.items[i].header, in.items[i].header);
        expect_str(out.items[i].payload, in.items[i].payload);
        expect_str(out.items[i].blob, in.items[i].blob);
    }
    ck_assert_int_eq(out.items[1].blob_id.bytes[1], 0x11);
    ck_assert(uuid_is_nil(out.items[0].blob_id));
}
END_TEST

START_TEST(record_cut_anywhere_is_refused)
{
    struct log_record in = full_record(), out;
    struct str whole = log_record_encode(arena, &in);
    for (size_t n = 0; n < whole.n; n++) {
        struct str piece = str_of(arena_strdup(arena, (struct str){whole.p, n}));
        piece.n = n;
        ck_assert_msg(!log_record_decode(arena, piece, &out), "accepted %zu bytes", n);
    }
}
END_TEST

/* ---- writing and reading */

START_TEST(records_come_back_in_order_over_segments)
{
    struct eventlog *log = log_with(300);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 300);
    char path[256];
    segment_file(eventlog_id(log), 3, path); /* several segments were made */
    struct seen rest = read_all(eventlog_id(log), seen.positions[99]);
    expect(&rest, 101, 300);
    eventlog_close(log);
}
END_TEST

START_TEST(reader_follows_a_living_writer)
{
    struct eventlog *log = log_with(0);
    struct eventlog_reader *r = eventlog_open(dir, eventlog_id(log), 0);
    struct str bytes;
    int64_t next;
    for (int64_t i = 1; i <= 200; i++) {
        ck_assert_int_eq(eventlog_read(r, &bytes, &next), READ_END);
        ck_assert_int_eq(append(log, i, S("x")), APPEND_SYNCED);
        struct log_record record;
        ck_assert_int_eq(eventlog_read(r, &bytes, &next), READ_RECORD);
        ck_assert(log_record_decode(arena, bytes, &record));
        ck_assert_int_eq(record.received, i);
    }
    ck_assert(!eventlog_writer_gone(r));
    eventlog_close(log);
    ck_assert(eventlog_writer_gone(r));
    ck_assert_int_eq(eventlog_read(r, &bytes, &next), READ_END);
    eventlog_reader_free(r);
}
END_TEST

START_TEST(record_larger_than_a_segment)
{
    struct eventlog *log = log_with(1);
    size_t n = (size_t)3 << 20;
    char *large = malloc(n);
    memset(large, 'a', n);
    ck_assert_int_eq(append(log, 2, (struct str){large, n}), APPEND_SYNCED);
    ck_assert_int_eq(append(log, 3, S("x")), APPEND_SYNCED);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 3);
    free(large);
    eventlog_close(log);
}
END_TEST

enum { WRITERS = 16, EACH = 100 };

static void *write_many(void *shared)
{
    struct eventlog *log = shared;
    struct arena *a = arena_new((size_t)16 << 20);
    for (int i = 1; i <= EACH; i++) {
        struct log_item item;
        struct log_record r = record_of(&item, i, S("{\"from\":\"a thread\"}"));
        ck_assert_int_eq(eventlog_append(log, &r, a), APPEND_SYNCED);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

START_TEST(threads_append_at_once)
{
    struct eventlog *log = log_with(0);
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&threads[i], NULL, write_many, log);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    struct seen seen = read_all(eventlog_id(log), 0);
    int times[EACH + 1] = {0};
    for (size_t i = 0; i < seen.count; i++)
        times[seen.numbers[i]]++;
    for (int i = 1; i <= EACH; i++)
        ck_assert_int_eq(times[i], WRITERS);
    ck_assert_uint_eq(seen.count, WRITERS * EACH);
    eventlog_close(log);
}
END_TEST

/* ---- damage */

START_TEST(bad_payload_is_skipped_and_reported)
{
    struct eventlog *log = log_with(20);
    struct seen before = read_all(eventlog_id(log), 0);
    damage(eventlog_id(log), 0, before.positions[4] + FRAME + 30, "!", 1);
    struct seen seen = read_all(eventlog_id(log), 0);
    ck_assert_uint_eq(seen.count, 20);
    ck_assert_int_eq(seen.numbers[5], -1);
    ck_assert_int_eq(seen.numbers[6], 7);
    ck_assert_int_eq(seen.positions[5], before.positions[5]);
    eventlog_close(log);
}
END_TEST

START_TEST(bad_frame_is_skipped_to_the_next_record)
{
    struct eventlog *log = log_with(20);
    struct seen before = read_all(eventlog_id(log), 0);
    damage(eventlog_id(log), 0, before.positions[4], "\0\0\0\0", 4);
    struct seen seen = read_all(eventlog_id(log), 0);
    ck_assert_uint_eq(seen.count, 20);
    ck_assert_int_eq(seen.numbers[5], -1);
    ck_assert_int_eq(seen.positions[5], before.positions[5]);
    eventlog_close(log);
}
END_TEST

START_TEST(damage_at_the_end_of_a_sealed_segment_is_reported)
{
    struct eventlog *log = log_with(300);
    struct uuid id = eventlog_id(log);
    struct seen before = read_all(id, 0);
    char path[256];
    segment_file(id, 1, path);
    int64_t second = strtoll(strrchr(path, '/') + 1, NULL, 10);
    size_t last = 0;
    while (before.positions[last] < second)
        last++;
    damage(id, 0, before.positions[last - 1], "\0\0\0\0", 4);
    eventlog_close(log);
    struct seen seen = read_all(id, 0);
    ck_assert_uint_eq(seen.count, 300);
    ck_assert_int_eq(seen.numbers[last], -1);
    ck_assert_int_eq(seen.numbers[last + 1], (int64_t)last + 2);
}
END_TEST

START_TEST(tail_of_a_dead_writer_is_cut_silently)
{
    struct eventlog *log = log_with(10);
    struct uuid id = eventlog_id(log);
    struct seen before = read_all(id, 0);
    eventlog_close(log);
    damage(id, -1, before.positions[8] + FRAME + 8, "torn", 4);
    struct seen seen = read_all(id, 0);
    expect(&seen, 1, 9);
    damage(id, -1, before.positions[9], "a frame that never was", 22);
    seen = read_all(id, 0);
    expect(&seen, 1, 9);
}
END_TEST

START_TEST(hole_before_records_of_a_dead_writer_is_reported)
{
    struct eventlog *log = log_with(10);
    struct uuid id = eventlog_id(log);
    struct seen before = read_all(id, 0);
    eventlog_close(log);
    damage(id, -1, before.positions[3] + FRAME + 8, "gone", 4);
    struct seen seen = read_all(id, 0);
    ck_assert_uint_eq(seen.count, 10);
    ck_assert_int_eq(seen.numbers[4], -1);
    ck_assert_int_eq(seen.numbers[9], 10);
}
END_TEST

START_TEST(payload_cannot_pose_as_a_record)
{
    struct eventlog *log = log_with(3);
    struct uuid id = eventlog_id(log);
    struct seen before = read_all(id, 0);
    char path[256], forged[4096] = {0};
    segment_file(id, 0, path);
    int fd = open(path, O_RDONLY);
    ssize_t n = pread(fd, forged, (size_t)before.positions[0], 0); /* the whole first record */
    close(fd);
    ck_assert_int_eq(n, before.positions[0]);
    /* At every alignment, so that one of the copies lies where records may begin. */
    for (size_t shift = 0; shift < 8; shift++)
        ck_assert_int_eq(append(log, 4, (struct str){forged, (size_t)n + shift}), APPEND_SYNCED);
    ck_assert_int_eq(append(log, 5, S("x")), APPEND_SYNCED);
    damage(id, 0, before.positions[2], "\0\0\0\0", 4);
    struct seen seen = read_all(id, 0);
    ck_assert_uint_eq(seen.count, 12);
    ck_assert_int_eq(seen.numbers[3], -1);
    for (size_t i = 4; i < 11; i++)
        ck_assert_int_eq(seen.numbers[i], 4);
    ck_assert_int_eq(seen.numbers[11], 5);
    eventlog_close(log);
}
END_TEST

START_TEST(unsynced_bytes_of_a_living_writer_are_not_seen)
{
    struct eventlog *log = log_with(2);
    struct uuid id = eventlog_id(log);
    struct seen before = read_all(id, 0);
    char path[256], copy[4096];
    segment_file(id, 0, path);
    int fd = open(path, O_RDWR);
    ssize_t n =
        pread(fd, copy, (size_t)(before.positions[1] - before.positions[0]), before.positions[0]);
    ck_assert_int_eq(pwrite(fd, copy, (size_t)n, before.positions[1]), n);
    close(fd);
    struct seen seen = read_all(id, 0);
    expect(&seen, 1, 2);
    eventlog_close(log);
}
END_TEST

START_TEST(cursor_past_the_end_reads_nothing)
{
    struct eventlog *log = log_with(2);
    struct uuid id = eventlog_id(log);
    eventlog_close(log);
    struct seen seen = read_all(id, INT64_MAX - 8);
    ck_assert_uint_eq(seen.count, 0);
    ck_assert_int_eq(seen.next, INT64_MAX - 8);
}
END_TEST

START_TEST(unknown_log_does_not_open)
{
    ck_assert_ptr_null(eventlog_open(dir, uuid_random(), 0));
}
END_TEST

/* ---- a disk that refuses */

START_TEST(failed_sync_seals_the_segment)
{
    struct eventlog *log = log_with(3);
    fault_set("sync_fails");
    ck_assert_int_eq(append(log, 99, S("lost")), APPEND_FAILED);
    ck_assert_int_eq(append(log, 4, S("x")), APPEND_SYNCED);
    ck_assert_int_eq(append(log, 5, S("x")), APPEND_SYNCED);
    char path[256];
    segment_file(eventlog_id(log), 1, path);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 5);
    eventlog_close(log);
}
END_TEST

START_TEST(failed_write_seals_the_segment)
{
    struct eventlog *log = log_with(3);
    fault_set("write_fails");
    ck_assert_int_ne(append(log, 99, S("lost")), APPEND_SYNCED);
    ck_assert_int_eq(append(log, 4, S("x")), APPEND_SYNCED);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 4);
    eventlog_close(log);
}
END_TEST

START_TEST(full_disk_is_told_apart)
{
    struct eventlog *log = log_with(0);
    fault_set("log_full");
    ck_assert_int_eq(append(log, 1, S("x")), APPEND_FULL);
    ck_assert_int_eq(append(log, 1, S("x")), APPEND_FULL); /* the pause between attempts */
    usleep(1100000);
    ck_assert_int_eq(append(log, 1, S("x")), APPEND_SYNCED);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 1);
    eventlog_close(log);
}
END_TEST

START_TEST(full_disk_is_not_filled_with_segments)
{
    struct eventlog *log = log_with(3);
    fault_set("disk_full");
    ck_assert_int_eq(append(log, 99, S("lost")), APPEND_FULL);
    ck_assert_int_eq(append(log, 99, S("lost")), APPEND_FULL);
    usleep(1100000);
    ck_assert_int_eq(append(log, 4, S("x")), APPEND_SYNCED);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 4);
    eventlog_close(log);
}
END_TEST

START_TEST(file_size_limit_loses_nothing_acknowledged)
{
    struct eventlog *log = log_with(3);
    struct rlimit old, small = {2 << 20, 2 << 20};
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    size_t n = (size_t)4 << 20;
    char *large = calloc(1, n);
    ck_assert_int_eq(append(log, 99, (struct str){large, n}), APPEND_FULL);
    free(large);
    setrlimit(RLIMIT_FSIZE, &old);
    ck_assert_int_eq(append(log, 4, S("x")), APPEND_SYNCED);
    struct seen seen = read_all(eventlog_id(log), 0);
    expect(&seen, 1, 4);
    eventlog_close(log);
}
END_TEST

START_TEST(log_that_cannot_be_made)
{
    ck_assert_ptr_null(eventlog_create("/proc/nowhere", SEGMENT));
}
END_TEST

/* ---- trimming */

static size_t logs(void)
{
    struct uuid *list;
    return eventlog_list(arena, dir, &list);
}

START_TEST(trim_keeps_what_is_not_consumed)
{
    struct eventlog *log = log_with(300);
    struct uuid id = eventlog_id(log);
    struct seen seen = read_all(id, 0);
    eventlog_trim(dir, id, seen.positions[149], 0);
    struct seen rest = read_all(id, seen.positions[149]);
    expect(&rest, 151, 300);
    ck_assert_uint_lt(read_all(id, 0).count, 300);
    eventlog_trim(dir, id, seen.next, 0);
    ck_assert_int_eq(append(log, 301, S("x")), APPEND_SYNCED); /* the live segment stayed */
    rest = read_all(id, seen.next);
    expect(&rest, 301, 301);
    eventlog_close(log);
}
END_TEST

START_TEST(trim_waits_for_the_time_to_pass)
{
    struct eventlog *log = log_with(300);
    struct uuid id = eventlog_id(log);
    struct seen seen = read_all(id, 0);
    int64_t before = eventlog_backlog(dir);
    eventlog_trim(dir, id, seen.next, 3600);
    struct seen again = read_all(id, 0);
    expect(&again, 1, 300);
    usleep(1100000); /* the backlog is cached for a second */
    ck_assert_int_lt(eventlog_backlog(dir), before);
    eventlog_reclaim(dir, 0, 0);
    ck_assert_uint_lt(read_all(id, 0).count, 300);
    eventlog_close(log);
}
END_TEST

START_TEST(consumed_segments_make_room_on_the_disk)
{
    struct eventlog *log = log_with(300);
    struct uuid id = eventlog_id(log);
    struct seen seen = read_all(id, 0);
    eventlog_trim(dir, id, seen.next, 3600);
    eventlog_reclaim(dir, INT64_MAX, 0);
    ck_assert_uint_eq(read_all(id, 0).count, 300);
    eventlog_reclaim(dir, INT64_MAX, INT64_MAX);
    ck_assert_uint_lt(read_all(id, 0).count, 300);
    eventlog_close(log);
}
END_TEST

/* The position stays before what was tried; no record will ever move it on while nothing fits. */
START_TEST(what_a_full_disk_did_not_take_keeps_no_segment)
{
    struct eventlog *log = log_with(3);
    struct uuid id = eventlog_id(log);
    struct seen seen = read_all(id, 0);
    for (int i = 0; i < 2; i++) {
        fault_set("disk_full");
        ck_assert_int_eq(append(log, 99, S("lost")), APPEND_FULL);
        usleep(1100000);
    }
    eventlog_trim(dir, id, seen.next, 0);
    ck_assert_uint_eq(read_all(id, 0).count, 0);
    ck_assert_int_eq(append(log, 4, S("x")), APPEND_SYNCED);
    struct seen rest = read_all(id, seen.next);
    expect(&rest, 4, 4);
    eventlog_close(log);
}
END_TEST

START_TEST(drained_log_vanishes_only_without_its_writer)
{
    struct eventlog *log = log_with(30);
    struct uuid id = eventlog_id(log);
    struct seen seen = read_all(id, 0);
    eventlog_trim(dir, id, seen.next, 0);
    ck_assert_uint_eq(logs(), 1);
    eventlog_close(log);
    eventlog_trim(dir, id, seen.positions[28], 0);
    ck_assert_uint_eq(logs(), 1);
    eventlog_trim(dir, id, seen.next, 3600);
    ck_assert_uint_eq(logs(), 1);
    eventlog_trim(dir, id, seen.next, 0);
    ck_assert_uint_eq(logs(), 0);
}
END_TEST

START_TEST(cursor_that_went_back_keeps_the_segments)
{
    struct eventlog *log = log_with(300);
    struct uuid id = eventlog_id(log);
    struct seen seen = read_all(id, 0);
    eventlog_trim(dir, id, seen.next, 3600);
    eventlog_trim(dir, id, 0, 3600);
    eventlog_reclaim(dir, 0, 0);
    struct seen again = read_all(id, 0);
    expect(&again, 1, 300);
    eventlog_close(log);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, crc32c_known_value_and_both_ways_agree);
    tcase_add_test(tc, record_comes_back_as_it_was);
    tcase_add_test(tc, record_cut_anywhere_is_refused);
    tcase_add_test(tc, records_come_back_in_order_over_segments);
    tcase_add_test(tc, reader_follows_a_living_writer);
    tcase_add_test(tc, record_larger_than_a_segment);
    tcase_add_test(tc, threads_append_at_once);
    tcase_add_test(tc, bad_payload_is_skipped_and_reported);
    tcase_add_test(tc, bad_frame_is_skipped_to_the_next_record);
    tcase_add_test(tc, damage_at_the_end_of_a_sealed_segment_is_reported);
    tcase_add_test(tc, tail_of_a_dead_writer_is_cut_silently);
    tcase_add_test(tc, hole_before_records_of_a_dead_writer_is_reported);
    tcase_add_test(tc, payload_cannot_pose_as_a_record);
    tcase_add_test(tc, unsynced_bytes_of_a_living_writer_are_not_seen);
    tcase_add_test(tc, cursor_past_the_end_reads_nothing);
    tcase_add_test(tc, unknown_log_does_not_open);
    tcase_add_test(tc, failed_sync_seals_the_segment);
    tcase_add_test(tc, failed_write_seals_the_segment);
    tcase_add_test(tc, full_disk_is_told_apart);
    tcase_add_test(tc, full_disk_is_not_filled_with_segments);
    tcase_add_test(tc, file_size_limit_loses_nothing_acknowledged);
    tcase_add_test(tc, log_that_cannot_be_made);
    tcase_add_test(tc, trim_keeps_what_is_not_consumed);
    tcase_add_test(tc, trim_waits_for_the_time_to_pass);
    tcase_add_test(tc, consumed_segments_make_room_on_the_disk);
    tcase_add_test(tc, what_a_full_disk_did_not_take_keeps_no_segment);
    tcase_add_test(tc, drained_log_vanishes_only_without_its_writer);
    tcase_add_test(tc, cursor_that_went_back_keeps_the_segments);
}

int main(void)
{
    log_open("test_eventlog", LOG_ERROR + 1);
    return suite_run("eventlog", add_tests);
}
