/* What is kept of a body, from the request to the record in the log: ingest-checklist.md A and B.
 */
#include <zlib.h>

#include "base/fault.h"
#include "tests/unit/ingest.h"

/* ---- bodies */

static struct str zipped(struct str plain, int window_bits)
{
    size_t room = plain.n + 1024;
    char *out = arena_alloc(arena, room);
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 1, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)arena_strdup(arena, plain);
    z.avail_in = (unsigned)plain.n;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct str){out, z.total_out};
}

static struct request *post_encoded(const char *uri, const char *encoding, struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST", .uri = uri, .body = body};
    ask_header(q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    ask_header(q, "HTTP_CONTENT_ENCODING", encoding);
    return serve(q);
}

static struct str filled(size_t n)
{
    char *bytes = arena_alloc(arena, n + 1);
    memset(bytes, 'x', n);
    return (struct str){bytes, n};
}

static struct str json_of(size_t n)
{
    struct str fill = filled(n);
    char *bytes = (char *)arena_strdup(arena, fill);
    memcpy(bytes, "{\"a\":\"", 6);
    memcpy(bytes + n - 2, "\"}", 2);
    return (struct str){bytes, n};
}

START_TEST(encodings)
{
    struct str plain = S("{\"message\":\"hi\"}");
    expect(post_encoded(STORE, "gzip", zipped(plain, 31)), 200, "id");
    expect(post_encoded(STORE, "deflate", zipped(plain, 15)), 200, "id");
    expect(post_encoded(STORE, "gzip, gzip", zipped(zipped(plain, 31), 31)), 200, "id");
    expect(post_encoded(STORE, "", plain), 200, "id");
    expect(post_encoded(STORE, "identity", plain), 200, "id");
    expect(post_encoded(STORE, "UTF-8", plain), 200, "id");
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 6);
    for (size_t i = 0; i < k.count; i++)
        ck_assert_text(k.records[i].items[0].payload, "{\"message\":\"hi\"}");
    expect(post_encoded(STORE, "this-does-not-exist", plain), 415, "");
    expect(post_encoded(STORE, "gzip", S("")), 400, "invalid request body");
    expect(post_encoded(STORE, "gzip", plain), 400, "invalid request body");
}
END_TEST

START_TEST(sizes_of_store_bodies)
{
    size_t mib = (size_t)1 << 20;
    expect(post(STORE, SENTRY(KEY), json_of(mib)), 200, "id");
    expect(post(STORE, SENTRY(KEY), json_of(mib + 1)), 413, "length limit exceeded");
    expect(post_encoded(STORE, "gzip", zipped(json_of(mib), 31)), 200, "id");
    expect(post_encoded(STORE, "gzip", zipped(json_of(mib + 1), 31)), 413, "length limit");
    ck_assert_uint_eq(kept().count, 2);
}
END_TEST

static struct str attachment_envelope(size_t n)
{
    char *body = arena_alloc(arena, n + 200);
    int head = snprintf(body, 200,
                        "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n"
                        "{\"type\":\"attachment\",\"length\":%zu}\n",
                        n);
    memset(body + head, 'a', n);
    return (struct str){body, (size_t)head + n};
}

START_TEST(large_bodies_take_a_slot_and_end_as_blobs)
{
    size_t n = (size_t)3 << 20;
    expect(post(ENVELOPE, SENTRY(KEY), attachment_envelope(n)), 200, "9ec79c33ec9942ab");
    expect(post_encoded(ENVELOPE, "gzip", zipped(attachment_envelope(n), 31)), 200, "id");
    struct kept k = kept();
    for (size_t i = 0; i < 2; i++) {
        const struct log_item *item = &k.records[i].items[0];
        ck_assert_ptr_null(item->payload.p);
        ck_assert_uint_eq(item->blob.n, 64);
        ck_assert_uint_eq(item->quantity, n);
    }
    ck_assert_int_eq(ingest.large.free, 1);
    ingest.large.free = 0;
    struct request *rq = post(ENVELOPE, SENTRY(KEY), attachment_envelope(n));
    expect(rq, 503, "overloaded");
    ck_assert(ask_reply_header(rq, "Retry-After").n > 0);
}
END_TEST

START_TEST(bomb_stops_at_the_ceiling)
{
    struct str bomb = zipped(filled((size_t)100 << 20), 31);
    expect(post_encoded(STORE, "gzip", bomb), 413, "length limit exceeded");
    bomb = zipped(bomb, 31);
    expect(post_encoded(STORE, "gzip, gzip", bomb), 413, "length limit exceeded");
    ck_assert_uint_le(visit.body.decoded.cap, 64 << 10);
}
END_TEST

START_TEST(announced_body_over_the_limit_is_not_read)
{
    struct ask q = {.method = "POST", .uri = ENVELOPE, .body = S("{}"), .claims = 201 << 20};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    expect(serve(&q), 413, "length limit exceeded");
    ck_assert_uint_eq(q.given, 0);
}
END_TEST

START_TEST(body_that_breaks_off)
{
    struct ask q = {.method = "POST", .uri = STORE, .body = S("{}"), .claims = 100};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    expect(serve(&q), 400, "invalid request body");
    ck_assert_uint_eq(kept().count, 0);
}
END_TEST

/* ---- store */

#define ID "9ec79c33ec9942ab8353589fcb2e04dc"

static const struct {
    const char *body;
    int status;
    const char *part;
} bodies[] = {
    {"{\"event_id\":\"" ID "\"}", 200, "{\"id\":\"" ID "\"}"},
    {"{\"event_id\":\"9EC79C33-EC99-42AB-8353-589FCB2E04DC\"}", 200, "{\"id\":\"" ID "\"}"},
    {"{\"event_id\":null}", 200, "{\"id\":\""},
    {" \n{\"a\":1}\n", 200, "id"},
    {"\xEF\xBB\xBF{\"a\":1}", 200, "id"},
    {"{\"extra\":{\"a\":NaN,\"b\":-Infinity}}", 200, "id"},
    {"{\"a\":\"\\ud800\",\"b\":1e400,\"c\":99999999999999999999,\"d\":\"\xFF\"}", 200, "id"},
    {"eyJtZXNzYWdlIjoiaGkifQ==", 200, "id"},
    {"eJyrVspNLS5OTE9VslLKyFSqBQAwSwVx", 200, "id"},
    {"", 400, "empty request body"},
    {"{", 400, "invalid JSON data: "},
    {"{} x", 400, "invalid JSON data: "},
    {"{\"event_id\":\"zz\"}", 400, "invalid JSON data: "},
    {"{\"event_id\":5}", 400, "invalid JSON data: "},
    {"[]", 400, "invalid request body"},
    {"garbage!", 400, "invalid request body"},
    {"Z2FyYmFnZQ==", 400, "invalid request body"},
};

START_TEST(store_bodies)
{
    expect(post(STORE, SENTRY(KEY), str_of(bodies[_i].body)), bodies[_i].status, bodies[_i].part);
    ck_assert_uint_eq(kept().count, bodies[_i].status == 200);
}
END_TEST

START_TEST(broken_json_is_counted)
{
    post(STORE, SENTRY(KEY), S("{"));
    struct log_item outcome = only_outcome();
    ck_assert_text(outcome.reason, "invalid_json");
    ck_assert_int_eq(outcome.type, ITEM_EVENT);
}
END_TEST

START_TEST(type_of_a_store_body)
{
    post(STORE, SENTRY(KEY), S("{\"type\":\"transaction\"}"));
    ck_assert_int_eq(only_item()->type, ITEM_TRANSACTION);
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
    size_t n = 500000;
    char *deep = arena_alloc(arena, n + 1);
    memset(deep, '[', n);
    memcpy(deep, "{\"a\":", 5);
    expect(post(STORE, SENTRY(KEY), (struct str){deep, n}), 400, "invalid JSON data: ");
}
END_TEST

START_TEST(event_in_the_query)
{
    static const char *const queries[] = {
        "/api/42/store/?sentry_data=%7B%22message%22:%22im%20in%20ur%20query%22%7D&sentry_key=" KEY,
        "/api/42/store/?sentry_data=eyJtZXNzYWdlIjoiaGkifQ==&sentry_key=" KEY,
        "/api/42/store/?sentry_key=" KEY "&sentry_data=eJyrVspNLS5OTE9VslLKyFSqBQAwSwVx",
        "/api/store/?sentry_key=" KEY "&sentry_data=%7B%22a%22:%22%3E%22%7D",
    };
    for (size_t i = 0; i < 4; i++) {
        struct request *rq = ask_plain("GET", queries[i]);
        ck_assert_int_eq(rq->status, 200);
        ck_assert_uint_eq(ask_body(rq).n, 43);
        ck_assert_text(ask_reply_header(rq, "Content-Type"), "image/gif");
    }
    ck_assert_uint_eq(kept().count, 4);
    expect(ask_plain("GET", "/api/42/store/?sentry_key=" KEY), 400, "empty request body");
}
END_TEST

START_TEST(envelope_sent_to_store)
{
    struct ask q = {.method = "POST",
                    .uri = STORE,
                    .type = "application/x-sentry-envelope",
                    .body = S("{\"event_id\":\"" ID "\"}\n{\"type\":\"event\"}\n{}\n")};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    expect(serve(&q), 200, "{\"id\":\"" ID "\"}");
    ck_assert_text(only_item()->header, "{\"type\":\"event\"}");
}
END_TEST

/* ---- envelopes */

#define HEAD "{\"event_id\":\"" ID "\"}\n"

static const struct {
    const char *body;
    int status;
    const char *part;
    size_t items; /* in the record; 0: none was written */
} envelopes[] = {
    {HEAD "{\"type\":\"event\"}\n{}\n", 200, "{\"id\":\"" ID "\"}", 1},
    {HEAD "{\"type\":\"event\"}\n{\"event_id\":\"00000000000000000000000000000001\"}\n", 200,
     "{\"id\":\"" ID "\"}", 1},
    {"{}\n{\"type\":\"event\"}\n{}\n", 200, "{\"id\":\"", 1},
    {"{}\n{\"type\":\"session\"}\n{}\n", 200, "{}", 1},
    {"{}\n", 200, "{}", 0},
    {HEAD, 200, "{\"id\":\"" ID "\"}", 0},
    {"", 400, "missing envelope header", 0},
    {HEAD "{\"type\":\"event\"}\n{broken\n", 200, "id", 1},
    {HEAD "{\"type\":\"invalid_unknown\"}\nx\n", 200, "{\"id\":\"" ID "\"}", 0},
    {HEAD "{\"type\":\"attachment\"}\nx\n{\"type\":\"what\"}\n\n"
          "{\"type\":\"attachment\",\"attachment_type\":\"attachment_unknown\"}\ny\n",
     200, "id", 1},
    {HEAD "{\"type\":\"event\"}\n{}\n{\"type\":\"session\"}\n{}\n{\"type\":\"client_report\"}\n{}\n"
          "{\"type\":\"check_in\"}\n{}\n",
     200, "id", 4},
    {HEAD "{\"type\":\"statsd\"}\na:1|c\n", 200, "id", 0},
    {HEAD "{\"type\":\"event\"}\n{}\n{\"type\":\"event\"}\n{}\n", 413,
     "envelope exceeded size limits for type 'event' "
     "(https://develop.sentry.dev/sdk/envelopes/#size-limits)",
     0},
    {HEAD "{\"type\":\"integration\"}\n{}\n", 400, "envelope contains internal items", 0},
    {HEAD "{\"type\":\"event\",\"length\":99}\n{}\n", 400, "unexpected end of file", 0},
    {HEAD "{\"type\":\"event\"}\n{}\n{}\n{}\n", 400, "invalid item header", 0},
    {"{\"sent_at\":\"not a date\"}\n", 400, "invalid event envelope", 0},
    {"{\"trace\":\"garbage\"}\n{\"type\":\"event\"}\n{}\n", 200, "id", 1},
};

START_TEST(envelopes_and_their_items)
{
    expect(post(ENVELOPE, SENTRY(KEY), str_of(envelopes[_i].body)), envelopes[_i].status,
           envelopes[_i].part);
    struct kept k = kept();
    ck_assert_uint_eq(k.count, envelopes[_i].items > 0);
    if (k.count)
        ck_assert_uint_eq(k.records[0].item_count, envelopes[_i].items);
}
END_TEST

START_TEST(oversized_event_refuses_the_envelope)
{
    size_t n = ((size_t)1 << 20) + 1;
    char *body = arena_alloc(arena, n + 200);
    int head = snprintf(
        body, 200, HEAD "{\"type\":\"session\"}\n{}\n{\"type\":\"event\",\"length\":%zu}\n", n);
    memset(body + head, 'x', n);
    expect(post(ENVELOPE, SENTRY(KEY), (struct str){body, (size_t)head + n}), 413, "'event'");
    outcomes_flush(ingest.outcomes, ingest.log);
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 1);
    ck_assert_uint_eq(k.records[0].item_count, 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_text(k.records[0].items[i].reason, "too_large:event");
}
END_TEST

START_TEST(sent_at_and_header_reach_the_record)
{
    post(ENVELOPE, SENTRY(KEY),
         S("{\"sent_at\":\"2026-11-21T09:15:24Z\",\"event_id\":\"" ID
           "\"}\n{\"type\":\"event\"}\n{}"));
    struct log_record r = kept().records[0];
    int64_t sent_at;
    ck_assert(clock_parse(S("2026-11-21T09:15:24Z"), &sent_at));
    ck_assert_int_eq(r.sent_at, sent_at);
    ck_assert(str_starts(r.envelope_header, S("{\"sent_at\"")));
    ck_assert(r.has_event_id);
    ck_assert_text(uuid_text(arena, r.event_id), ID);
}
END_TEST

START_TEST(content_type_of_an_envelope_does_not_matter)
{
    static const char *const types[] = {"multipart/form-data", "text/plain;charset=UTF-8",
                                        "application/x-www-form-urlencoded"};
    for (size_t i = 0; i < 3; i++) {
        struct ask q = {.method = "POST",
                        .uri = ENVELOPE "?sentry_key=" KEY "&sentry_version=7",
                        .type = types[i],
                        .body = S(HEAD "{\"type\":\"event\"}\n{}\n")};
        expect(serve(&q), 200, ID);
    }
}
END_TEST

/* ---- rate limits */

#define ERROR_AND_SESSION                                                                          \
    S(HEAD "{\"type\":\"event\"}\n{}\n{\"type\":\"attachment\"}\nx\n{\"type\":\"session\"}\n{}\n")

START_TEST(limit_of_a_key)
{
    clock_pin((int64_t)1700000000 * CLOCK_SECOND);
    expect(post(STORE, SENTRY(LIMITED), S("{}")), 200, "id");
    expect(post(STORE, SENTRY(LIMITED), S("{}")), 200, "id");
    struct request *rq = post(STORE, SENTRY(LIMITED), S("{}"));
    expect(rq, 429, "Sentry dropped data due to a quota");
    ck_assert_text(ask_reply_header(rq, "Retry-After"), "300");
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Rate-Limits"),
                   "300:default;error;security:key:key_quota");
    struct log_item outcome = only_outcome();
    ck_assert_int_eq(outcome.verdict, OUTCOME_RATE_LIMITED);
    ck_assert_text(outcome.reason, "key_quota");
    expect(post(STORE, SENTRY(KEY), S("{}")), 200, "id"); /* another key of the project */
    expect(post(ENVELOPE, SENTRY(LIMITED), S("{}\n{\"type\":\"session\"}\n{}")), 200, "{}");
    expect(post(ENVELOPE, SENTRY(LIMITED), S(HEAD "{\"type\":\"transaction\"}\n{}")), 200, "id");
    clock_pin((int64_t)1700100000 * CLOCK_SECOND);
    expect(post(STORE, SENTRY(LIMITED), S("{}")), 200, "id");
}
END_TEST

START_TEST(limited_event_takes_its_attachments_along_only)
{
    post(STORE, SENTRY(LIMITED), S("{}"));
    post(STORE, SENTRY(LIMITED), S("{}"));
    expect(post(ENVELOPE, SENTRY(LIMITED), ERROR_AND_SESSION), 429, "quota");
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 3);
    const struct log_item *items = k.records[2].items;
    ck_assert_uint_eq(k.records[2].item_count, 3);
    ck_assert_int_eq(items[0].verdict, OUTCOME_RATE_LIMITED);
    ck_assert_ptr_null(items[0].payload.p);
    ck_assert_int_eq(items[1].verdict, OUTCOME_RATE_LIMITED);
    ck_assert_int_eq(items[2].verdict, OUTCOME_ACCEPTED);
    ck_assert_text(items[2].payload, "{}");
}
END_TEST

/* ---- what is refused counts in further categories */

/* A quota that lets nothing of a category through, once ingest knows of it: it asks every second.
 */
static void never(const char *category)
{
    struct quota_demand demand = {.category = CATEGORY_METRIC_BUCKET, .quantity = 1};
    ck_assert(pg_script(db, arena_printf(arena,
                                         "insert into quota (organization_id, project_id, "
                                         "categories, period, most, date_created) values (1, 42, "
                                         "'{%s,metric_bucket}', 'day', 0, now())",
                                         category)));
    while (!quotas_take(ingest.quotas, arena, 42, &demand, 1).retry)
        usleep(50 * 1000);
}

#define TRANSACTION "{\"type\":\"transaction\"}\n"

static const struct {
    const char *category, *items;
    enum category counted;
    uint64_t quantity;
} further[] = {
    {"transaction", TRANSACTION "{\"spans\":[{\"data\":{\"spans\":[{},{}]}},{}],\"a\":[1]}",
     CATEGORY_SPAN, 3},
    {"transaction", TRANSACTION "{\"a\":{\"spans\":[{}]}}", CATEGORY_SPAN, 1},
    {"transaction", TRANSACTION "{\"spans\":[{},{},", CATEGORY_SPAN, 3},
    {"transaction", TRANSACTION "[]", CATEGORY_SPAN, 1},
    {"attachment",
     "{\"type\":\"attachment\"}\nabc\n{\"type\":\"attachment\"}\n\n{\"type\":\"attachment\"}\nd",
     CATEGORY_ATTACHMENT_ITEM, 3},
    {"log_item", "{\"type\":\"log\",\"item_count\":1}\n{\"items\":[]}", CATEGORY_LOG_BYTE, 12},
    {"log_byte", "{\"type\":\"log\",\"item_count\":1}\n{\"items\":[]}", CATEGORY_LOG_BYTE, 12},
};

START_TEST(what_is_refused_counts_in_further_categories)
{
    never(further[_i].category);
    struct str body = str_of(arena_printf(arena, HEAD "%s\n", further[_i].items));
    expect(post(ENVELOPE, SENTRY(KEY), body), 429, "quota");
    outcomes_flush(ingest.outcomes, ingest.log);
    struct kept k = kept();
    uint64_t quantity = 0;
    ck_assert_uint_eq(k.count, 1);
    for (size_t i = 0; i < k.records[0].item_count; i++) {
        ck_assert_text(k.records[0].items[i].reason, "project_quota");
        if (k.records[0].items[i].category == further[_i].counted)
            quantity += k.records[0].items[i].quantity;
    }
    ck_assert_uint_eq(quantity, further[_i].quantity);
}
END_TEST

START_TEST(a_chunk_of_a_profile_asks_for_time)
{
    never("profile_duration");
    expect(post(ENVELOPE, SENTRY(KEY), S("{}\n{\"type\":\"profile_chunk\"}\n{}")), 429, "quota");
    ck_assert_int_eq(only_outcome().type, ITEM_PROFILE_CHUNK);
}
END_TEST

/* A thread of the log answers, while the handler may not have come to its end. */
START_TEST(what_a_limit_leaves_may_not_be_kept)
{
    post(STORE, SENTRY(LIMITED), S("{}"));
    post(STORE, SENTRY(LIMITED), S("{}"));
    fault_set("write_fails");
    expect(post(ENVELOPE, SENTRY(LIMITED), ERROR_AND_SESSION), 503, "failed to queue");
    fault_set(NULL);
    expect(post(ENVELOPE, SENTRY(LIMITED), ERROR_AND_SESSION), 429, "quota");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, encodings);
    tcase_add_test(tc, sizes_of_store_bodies);
    tcase_add_test(tc, large_bodies_take_a_slot_and_end_as_blobs);
    tcase_add_test(tc, bomb_stops_at_the_ceiling);
    tcase_add_test(tc, announced_body_over_the_limit_is_not_read);
    tcase_add_test(tc, body_that_breaks_off);
    tcase_add_loop_test(tc, store_bodies, 0, COUNT_OF(bodies));
    tcase_add_test(tc, broken_json_is_counted);
    tcase_add_test(tc, type_of_a_store_body);
    tcase_add_test(tc, deep_nesting_is_refused);
    tcase_add_test(tc, event_in_the_query);
    tcase_add_test(tc, envelope_sent_to_store);
    tcase_add_loop_test(tc, envelopes_and_their_items, 0, COUNT_OF(envelopes));
    tcase_add_test(tc, oversized_event_refuses_the_envelope);
    tcase_add_test(tc, sent_at_and_header_reach_the_record);
    tcase_add_test(tc, content_type_of_an_envelope_does_not_matter);
    tcase_add_test(tc, limit_of_a_key);
    tcase_add_test(tc, limited_event_takes_its_attachments_along_only);
    tcase_add_loop_test(tc, what_is_refused_counts_in_further_categories, 0, COUNT_OF(further));
    tcase_add_test(tc, a_chunk_of_a_profile_asks_for_time);
    tcase_add_test(tc, what_a_limit_leaves_may_not_be_kept);
}

int main(int argc, char **argv)
{
    (void)argc;
    return ingest_suite_run(argv[0], "ingest", add_tests);
}
