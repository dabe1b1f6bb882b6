/* Crash reports, attachments and reports of browsers: what is answered, and what the log holds. */
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/jt.h"
#include "storage/blobs.h"
#include "tests/unit/ingest.h"
#include "tests/unit/shared.h"
#include "tests/unit/unreal.h"

#define QUERY "?sentry_key=" KEY
#define SECURITY "/api/42/security/" QUERY
#define NETWORK "/api/42/nel/" QUERY
#define MINIDUMP "/api/42/minidump/" QUERY
#define UNREAL "/api/42/unreal/" KEY "/"
#define ID "fc6d8c0c43fc4630ad850ee518f1b9d0"
#define ATTACHMENTS "/api/42/events/" ID "/attachments/" QUERY
#define FORM "multipart/form-data; boundary=b"
#define OCTETS "application/octet-stream"
#define PART(name, text)                                                                           \
    "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" text "\r\n"
#define FILE_PART(name, file, text)                                                                \
    "--b\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\n\r\n" text \
    "\r\n"
#define DUMP FILE_PART("upload_file_minidump", "x.dmp", "MDMP content")
#define END "--b--\r\n"

static struct kept held;

static const struct log_item *item_of(size_t record, size_t index)
{
    held = kept();
    ck_assert_uint_gt(held.count, record);
    ck_assert_uint_gt(held.records[record].item_count, index);
    return &held.records[record].items[index];
}

static void expect_nothing_kept(void)
{
    outcomes_flush(ingest.outcomes, ingest.log);
    ck_assert_uint_eq(kept().count, 0);
}

/* ---- reports of browsers */

START_TEST(a_report_is_kept_with_what_the_request_told)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST",
                      .uri = SECURITY "&sentry_release=a%401&sentry_environment=e",
                      .body = S(" {\"csp-report\":{}}\n"),
                      .type = "application/csp-report; charset=utf-8"};
    ask_header(q, "HTTP_SEC_CH_UA_MODEL", "\"Pixel\"");
    ask_header(q, "HTTP_ORIGIN", "http://valid.com");
    struct request *rq = serve(q);
    expect(rq, 200, "");
    ck_assert_uint_eq(ask_body(rq).n, 0);
    const struct log_item *item = only_item();
    ck_assert_int_eq(item->type, ITEM_RAW_SECURITY);
    ck_assert_text(item->header, "{\"type\":\"raw_security\",\"sentry_release\":\"a@1\","
                                 "\"sentry_environment\":\"e\",\"client_hints\":"
                                 "{\"Sec-Ch-Ua-Model\":\"\\\"Pixel\\\"\"}}");
    ck_assert_text(str_trim(item->payload), "{\"csp-report\":{}}");
}
END_TEST

START_TEST(a_list_becomes_events_of_their_own)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST",
                      .uri = SECURITY,
                      .body = S("[ {\"a\":[1,{}]} ,\n{\"b\":\"],\"}, 7]"),
                      .type = "application/reports+json"};
    ask_header(q, "REQUEST_ID", "00112233445566778899aabbccddeeff");
    expect(serve(q), 200, "");
    held = kept();
    ck_assert_uint_eq(held.count, 3);
    ck_assert_text(held.records[0].items[0].payload, "{\"a\":[1,{}]}");
    ck_assert_text(held.records[1].items[0].payload, "{\"b\":\"],\"}");
    ck_assert_text(held.records[2].items[0].payload, "7");
    ck_assert(!uuid_eq(held.records[0].event_id, held.records[1].event_id));
    ck_assert(!uuid_eq(held.records[0].request_id, held.records[1].request_id));
    struct uuid first = held.records[0].event_id;
    q->given = 0;
    expect(serve(q), 200, "");
    ck_assert(uuid_eq(kept().records[3].event_id, first));
}
END_TEST

static const struct {
    const char *type, *uri, *body;
    int status;
    const char *part;
    size_t kept;
} reports[] = {
    {"application/csp-report", SECURITY, "", 400, "empty request body", 0},
    {"application/csp-report", SECURITY, "{", 200, "", 1},
    {"application/csp-report", SECURITY, "[{},", 200, "", 1},
    {"application/reports+json", SECURITY, "[]", 200, "", 0},
    {"text/plain", SECURITY, "{}", 415, "", 0},
    {"application/expect-ct-report+json", "/api/42/csp-report" QUERY, "{}", 200, "", 1},
    {"application/csp-report", "/api/42/security/", "{}", 401, "missing authorization", 0},
    {"application/reports+json", NETWORK, "[{},{}]", 200, "", 2},
    {"application/json", NETWORK, "{}", 400, "invalid JSON data: expected a list", 0},
    {"application/json", NETWORK, "[", 400, "invalid JSON data: ", 0},
    {"application/csp-report", NETWORK, "[]", 415, "", 0},
};

START_TEST(reports_are_answered)
{
    struct request *rq = post_as(reports[_i].type, reports[_i].uri, str_of(reports[_i].body));
    expect(rq, reports[_i].status, reports[_i].part);
    ck_assert_uint_eq(kept().count, reports[_i].kept);
}
END_TEST

START_TEST(too_many_reports_are_refused)
{
    struct buf body;
    buf_init(&body, 1 << 20);
    buf_puts(&body, "[1");
    for (int i = 0; i < 1000; i++)
        buf_puts(&body, ",1");
    buf_puts(&body, "]");
    expect(post_as("application/reports+json", SECURITY, buf_str(&body)), 413, "length limit");
    buf_free(&body);
}
END_TEST

/* ---- attachments */

START_TEST(attachments_are_kept_for_their_event)
{
    expect(post_as(FORM, ATTACHMENTS,
                   S(FILE_PART("f", "foo.txt", "hello") FILE_PART("e", "empty.txt", "") END)),
           201, "");
    const struct log_item *item = item_of(0, 1);
    ck_assert_uint_eq(held.records[0].item_count, 2);
    ck_assert_text(uuid_text(arena, held.records[0].event_id), ID);
    ck_assert_text(item->header, "{\"type\":\"attachment\",\"length\":0,\"attachment_type\":"
                                 "\"event.attachment\",\"filename\":\"empty.txt\"}");
    ck_assert_uint_eq(item->quantity, 1);
    item = item_of(0, 0);
    ck_assert_text(item->payload, "hello");
    ck_assert_uint_eq(item->quantity, 5);
}
END_TEST

START_TEST(attachments_may_be_refused)
{
    expect(post_as(FORM, "/api/42/events/123abc/attachments/" QUERY, S(END)), 400,
           "invalid event id");
    expect(
        post_as(FORM, "/api/42/events/00000000000000000000000000000000/attachments/" QUERY, S(END)),
        400, "invalid event id");
    expect(post_as(FORM, ATTACHMENTS, S("--b\r\n")), 400, "invalid multipart data");
    expect(post_as("text/plain", ATTACHMENTS, S("--b\r\n")), 400, "invalid multipart data");
    expect_nothing_kept();
}
END_TEST

START_TEST(more_attachments_than_an_event_may_have)
{
    struct buf body;
    buf_init(&body, 1 << 20);
    for (int i = 0; i < 31; i++)
        buf_puts(&body, FILE_PART("f", "a", "1"));
    buf_puts(&body, END);
    expect(post_as(FORM, ATTACHMENTS, buf_str(&body)), 413, "for type 'attachment'");
    buf_free(&body);
}
END_TEST

/* ---- minidumps */

static const char *answered_id(struct request *rq)
{
    struct str text = ask_body(rq);
    struct uuid id;
    expect(rq, 200, "-");
    ck_assert_uint_eq(text.n, 36);
    ck_assert(text.p[8] == '-' && text.p[23] == '-' && uuid_parse(text, &id));
    ck_assert(str_starts(ask_reply_header(rq, "Content-Type"), S("text/plain")));
    return arena_strdup(arena, uuid_text(arena, id));
}

START_TEST(a_form_becomes_an_event_and_its_dump)
{
    const char *id = answered_id(post_as(FORM, MINIDUMP,
                                         S(PART("sentry[user][id]", "7") DUMP PART("prod", "app")
                                               FILE_PART("log", "x.log", "line") END)));
    const struct log_item *event = item_of(0, 2);
    ck_assert_uint_eq(held.records[0].item_count, 3);
    ck_assert_int_eq(event->type, ITEM_EVENT);
    ck_assert_text(event->payload, "{\"user\":{\"id\":\"7\"},\"extra\":{\"prod\":\"app\"}}");
    ck_assert_text(uuid_text(arena, held.records[0].event_id), id);
    const struct log_item *dump = item_of(0, 1);
    ck_assert_text(dump->payload, "MDMP content");
    ck_assert(str_has(dump->header, S("\"attachment_type\":\"event.minidump\"")));
    ck_assert(str_has(dump->header, S("\"filename\":\"x.dmp\"")));
    ck_assert(str_has(item_of(0, 0)->header, S("\"event.attachment\",\"filename\":\"x.log\"")));
}
END_TEST

START_TEST(the_sender_may_choose_the_id)
{
    const char *id = answered_id(
        post_as(FORM, MINIDUMP, S(PART("sentry", "{\"event_id\":\"" ID "\"}") DUMP END)));
    ck_assert_str_eq(id, ID);
}
END_TEST

START_TEST(a_dump_may_be_the_body)
{
    answered_id(post_as(OCTETS, MINIDUMP, S("MDMP content")));
    answered_id(post_as("application/x-dmp", MINIDUMP, S("PMDM content")));
    ck_assert(str_has(item_of(1, 0)->header, S("\"filename\":\"Minidump\"")));
}
END_TEST

static const struct {
    const char *type, *body;
    int status;
    const char *part;
} bad_dumps[] = {
    {FORM, FILE_PART("upload_file_minidump", "x", "content") END, 400, "invalid minidump"},
    {FORM, PART("upload_file_minidump", "content") END, 400, "invalid minidump"},
    {FORM, FILE_PART("other", "x", "MDMP") END, 400, "missing minidump"},
    {FORM, "--b\r\n", 400, "invalid multipart data"},
    {"text/plain", "MDMP", 400, "invalid multipart data"},
    {OCTETS, "", 400, "missing minidump"},
    {OCTETS, "MDM", 400, "invalid minidump"},
    {OCTETS, "\x1f\x8b and no more", 400, "invalid compression container"},
    {OCTETS,
     "\xfd"
     "7zXZ",
     400, "invalid compression container"},
    {OCTETS, "BZh9", 400, "invalid compression container"},
    {OCTETS, "--x\r\n\r\nMDMP\r\n--x--", 400, "invalid minidump"},
};

START_TEST(bad_dumps_are_refused)
{
    expect(post_as(bad_dumps[_i].type, MINIDUMP, str_of(bad_dumps[_i].body)), bad_dumps[_i].status,
           bad_dumps[_i].part);
    expect_nothing_kept();
}
END_TEST

START_TEST(a_form_may_stand_inside_a_form)
{
    struct str dump, bad;
    if (!shared_file(arena, "data/ingest/native/electron_simple.dmp", &dump) ||
        !shared_file(arena, "data/ingest/native/bad_electron_simple.dmp", &bad))
        return;
    answered_id(post_as(OCTETS, MINIDUMP, dump));
    ck_assert_text(item_of(0, 0)->payload, "MDMP00000-317792f80000 rw-p 00000000 00:00 0");
    ck_assert(str_has(item_of(0, 1)->payload, S("\"platform\":\"linux\"")));
    expect(post_as(OCTETS, MINIDUMP, bad), 400, "invalid minidump");
}
END_TEST

/* ---- packed dumps */

static struct str gzip(struct str bytes)
{
    z_stream z = {0};
    char *out = arena_take(arena, bytes.n + 1000);
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)arena_strdup(arena, bytes);
    z.avail_in = (uInt)bytes.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)bytes.n + 1000;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    struct str packed = {out, z.total_out};
    deflateEnd(&z);
    return packed;
}

static struct str xz(struct str bytes)
{
    uint8_t *out = arena_take(arena, bytes.n + 1000);
    size_t n = 0;
    ck_assert_int_eq(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, (const uint8_t *)bytes.p,
                                             bytes.n, out, &n, bytes.n + 1000),
                     LZMA_OK);
    return (struct str){(char *)out, n};
}

static struct str bzip2(struct str bytes)
{
    unsigned n = (unsigned)bytes.n + 1000;
    char *out = arena_take(arena, n);
    ck_assert_int_eq(
        BZ2_bzBuffToBuffCompress(out, &n, arena_strdup(arena, bytes), (unsigned)bytes.n, 9, 0, 0),
        BZ_OK);
    return (struct str){out, n};
}

static struct str zstd(struct str bytes)
{
    size_t room = ZSTD_compressBound(bytes.n);
    char *out = arena_take(arena, room);
    return (struct str){out, ZSTD_compress(out, room, bytes.p, bytes.n, 3)};
}

static const struct {
    struct str (*pack)(struct str bytes);
    const char *suffix;
} packers[] = {{gzip, ".gz"}, {xz, ".XZ"}, {bzip2, ".bz2"}, {zstd, ".zst"}};

/* Large ones go through a file; what stands there is the same. */
static const size_t dump_sizes[] = {12, 100 << 10, 3 << 20};

START_TEST(packed_dumps_are_unpacked)
{
    struct buf body;
    size_t n = dump_sizes[_i / COUNT_OF(packers)];
    char *dump = arena_take(arena, n);
    for (size_t i = 0; i < n; i++)
        dump[i] = (char)(i % 251 * (i >> 12));
    memcpy(dump, "MDMP", 4);
    const char *suffix = packers[_i % COUNT_OF(packers)].suffix;
    buf_init(&body, 64 << 20);
    buf_printf(&body,
               "--b\r\nContent-Disposition: form-data; name=\"upload_file_minidump\"; "
               "filename=\"x.dmp%s\"\r\n\r\n",
               suffix);
    buf_put_str(&body, packers[_i % COUNT_OF(packers)].pack((struct str){dump, n}));
    buf_puts(&body, "\r\n" END);
    answered_id(post_as(FORM, MINIDUMP, buf_str(&body)));
    const struct log_item *item = item_of(0, 0);
    ck_assert(str_has(item->header, S("\"filename\":\"x.dmp\"")));
    ck_assert_uint_eq(item->quantity, n);
    struct str bytes = item->payload;
    if (item->blob.p)
        bytes = blob_get(arena, blob_dir, item->blob, n);
    ck_assert(str_eq(bytes, (struct str){dump, n}));
    buf_free(&body);
}
END_TEST

START_TEST(a_bomb_is_refused)
{
    struct buf body;
    struct str zeros = zstd((struct str){arena_alloc(arena, 16 << 20), 16 << 20});
    buf_init(&body, 1 << 20);
    for (int i = 0; i < 20; i++)
        buf_put_str(&body, zeros);
    expect(post_as(OCTETS, MINIDUMP, buf_str(&body)), 413, "length limit exceeded");
    expect_nothing_kept();
    ck_assert_int_eq(ingest.large.free, 1);
    buf_free(&body);
}
END_TEST

/* ---- limits */

#define LIMITED_DUMP "/api/42/minidump/?sentry_key=" LIMITED

START_TEST(crash_reporters_are_never_told_of_limits)
{
    for (int i = 0; i < 3; i++)
        answered_id(post_as(FORM, LIMITED_DUMP, S(DUMP END)));
    const struct log_item *item = item_of(2, 0);
    ck_assert_int_eq(item->verdict, OUTCOME_RATE_LIMITED);
    ck_assert_uint_eq(item->payload.n, 0);
    ck_assert_int_eq(item_of(2, 1)->verdict, OUTCOME_RATE_LIMITED);
    ck_assert_int_eq(item_of(1, 0)->verdict, OUTCOME_ACCEPTED);
}
END_TEST

START_TEST(reports_count_against_the_limit)
{
    const char *uri = "/api/42/security/?sentry_key=" LIMITED;
    expect(post_as("application/json", uri, S("[1,2,3]")), 200, "");
    ck_assert_uint_eq(kept().count, 2);
    ck_assert_int_eq(only_outcome().verdict, OUTCOME_RATE_LIMITED);
    expect(post_as("application/json", uri, S("[4]")), 429, "quota");
}
END_TEST

START_TEST(a_dump_in_an_envelope_becomes_an_event)
{
    expect(post(ENVELOPE, SENTRY(KEY),
                S("{}\n{\"type\":\"attachment\",\"attachment_type\":\"event.minidump\"}\nMDMP")),
           200, "id");
    ck_assert_int_eq(item_of(0, 1)->type, ITEM_EVENT);
    ck_assert_text(item_of(0, 1)->payload, "{}");
    expect(post(ENVELOPE, SENTRY(KEY),
                S("{}\n{\"type\":\"event\"}\n{}\n"
                  "{\"type\":\"attachment\",\"attachment_type\":\"event.minidump\"}\nMDMP")),
           200, "id");
    ck_assert_uint_eq(kept().records[1].item_count, 2);
}
END_TEST

/* ---- Unreal Engine */

static const struct {
    const char *file, *types;
} crashes[] = {
    {"unreal_crash", "event.attachment event.minidump unreal.logs unreal.context "},
    {"unreal_crash_with_config", "unreal.context event.attachment unreal.logs event.minidump "},
    {"unreal_crash_apple", "event.attachment event.applecrashreport event.attachment unreal.logs "
                           "unreal.context user_report event.attachment "},
};

/* The files' kinds; the event is the last item. */
static struct str types_of(const struct log_record *record)
{
    const char *error;
    const char *types = "";
    for (size_t i = 0; i + 1 < record->item_count; i++) {
        const struct jt *header = jt_read(arena, record->items[i].header, 8, &error);
        struct str type = jt_get_str(header, S("attachment_type"));
        type = type.n ? type : item_type_name(record->items[i].type);
        types = arena_printf(arena, "%s%.*s ", types, STR_ARG(type));
    }
    ck_assert_int_eq(record->items[record->item_count - 1].type, ITEM_EVENT);
    return str_of(types);
}

START_TEST(crashes_of_unreal_are_unpacked)
{
    struct str crash;
    if (!shared_file(arena, arena_printf(arena, "data/ingest/native/%s", crashes[_i].file), &crash))
        return;
    const char *id = answered_id(post_as(OCTETS, UNREAL "?UserID=a%7Cb%7Cc", crash));
    held = kept();
    ck_assert_uint_eq(held.count, 1);
    ck_assert_text(types_of(&held.records[0]), crashes[_i].types);
    ck_assert_text(held.records[0].envelope_header, "{\"unreal_user_id\":\"a|b|c\"}");
    ck_assert_text(uuid_text(arena, held.records[0].event_id), id);
}
END_TEST

/* What opens to no crash: cut inside, with counts that are wrong, with nothing in it. */
static const char *const broken[] = {
    "",
    "CR1",
    "CR1\0\0\0\0",
    "CR1\1\0\0\0a\1\0\0\0b\0\0\0\0\xff\xff\xff\xff",
};

START_TEST(broken_crashes_are_counted)
{
    struct str bytes = {broken[_i], strlen(broken[_i]) + 12};
    char copy[40] = {0};
    memcpy(copy, broken[_i], strlen(broken[_i]));
    bytes.p = copy;
    answered_id(post_as(OCTETS, UNREAL, _i ? unreal_zlib(arena, bytes) : S("garbage")));
    struct log_item outcome = only_outcome();
    ck_assert_int_eq(outcome.type, ITEM_UNREAL_REPORT);
    ck_assert_int_eq(outcome.verdict, OUTCOME_INVALID);
    ck_assert_text(outcome.reason, "process_unreal");
}
END_TEST

START_TEST(an_empty_crash_is_refused)
{
    expect(post_as(OCTETS, UNREAL, S("")), 400, "empty request body");
    expect(post_as(OCTETS, UNREAL "?sentry_key=" KEY, S("x")), 401, "multiple");
    expect(post_as(OCTETS, "/api/42/unreal/short/", S("x")), 400, "bad sentry DSN public key");
}
END_TEST

START_TEST(a_crash_that_opens_too_large_is_counted)
{
    size_t n = (size_t)settings()->max_envelope_bytes + 1;
    char *zeros = calloc(1, n);
    struct str crash = unreal_zlib(arena, (struct str){zeros, n});
    free(zeros);
    expect(post_as(OCTETS, UNREAL, crash), 413, "length limit exceeded");
    ck_assert_text(only_outcome().reason, "too_large:unreal_report");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_report_is_kept_with_what_the_request_told);
    tcase_add_test(tc, a_list_becomes_events_of_their_own);
    tcase_add_loop_test(tc, reports_are_answered, 0, COUNT_OF(reports));
    tcase_add_test(tc, too_many_reports_are_refused);
    tcase_add_test(tc, attachments_are_kept_for_their_event);
    tcase_add_test(tc, attachments_may_be_refused);
    tcase_add_test(tc, more_attachments_than_an_event_may_have);
    tcase_add_test(tc, a_form_becomes_an_event_and_its_dump);
    tcase_add_test(tc, the_sender_may_choose_the_id);
    tcase_add_test(tc, a_dump_may_be_the_body);
    tcase_add_loop_test(tc, bad_dumps_are_refused, 0, COUNT_OF(bad_dumps));
    tcase_add_test(tc, a_form_may_stand_inside_a_form);
    tcase_add_loop_test(tc, packed_dumps_are_unpacked, 0, COUNT_OF(packers) * COUNT_OF(dump_sizes));
    tcase_add_test(tc, a_bomb_is_refused);
    tcase_add_test(tc, crash_reporters_are_never_told_of_limits);
    tcase_add_test(tc, reports_count_against_the_limit);
    tcase_add_test(tc, a_dump_in_an_envelope_becomes_an_event);
    tcase_add_loop_test(tc, crashes_of_unreal_are_unpacked, 0, COUNT_OF(crashes));
    tcase_add_loop_test(tc, broken_crashes_are_counted, 0, COUNT_OF(broken));
    tcase_add_test(tc, an_empty_crash_is_refused);
    tcase_add_test(tc, a_crash_that_opens_too_large_is_counted);
}

int main(int argc, char **argv)
{
    (void)argc;
    return ingest_suite_run(argv[0], "ingest_crashes", add_tests);
}
