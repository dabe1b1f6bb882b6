/* The envelope's grammar, case by case: ingest.md §2.1 to §2.3. */
#include "base/buf.h"
#include "base/clock.h"
#include "ingest/envelope.h"
#include "ingest/limits.h"
#include "tests/unit/suite.h"

enum { ITEMS_MAX = 8 };

struct split {
    bool begun;
    struct envelope e;
    struct envelope_item items[ITEMS_MAX];
    size_t count;
};

static struct arena *arena;

static void setup(void)
{
    arena = arena_new((size_t)64 << 20);
}

static void teardown(void)
{
    arena_free(arena);
}

static struct split split(struct str body)
{
    struct split s = {0};
    s.begun = envelope_begin(&s.e, arena, body);
    while (s.begun && s.count < ITEMS_MAX && envelope_next(&s.e, &s.items[s.count]))
        s.count++;
    return s;
}

#define EVENT "{\"type\":\"event\"}\n"

/* Items are told as type:payload, joined by |. */
static const struct {
    const char *body, *items, *error;
} grammar[] = {
    {"{}", "", NULL},
    {"{}\n", "", NULL},
    {"  {}\n", "", NULL},
    {"{\n  \"a\":\n 1}\n" EVENT "x\n", "event:x", NULL},
    {"{\"x\":\"\\n\",\"y\":[{}]}\n" EVENT "x", "event:x", NULL},
    {"{}\n{\"type\":\"event\",\"length\":3}\na\nb\n", "event:a\nb", NULL},
    {"{}\n{\"type\":\"event\",\"length\":4}\na\r\nb", "event:a\r\nb", NULL},
    {"{}\n{\"type\":\"event\",\"length\":null}\nab\n", "event:ab", NULL},
    {"{}\n" EVENT "one\r\n" EVENT "two\n", "event:one\r|event:two", NULL},
    {"{}\n{\"type\":\"event\",\"length\":0}\n\n" EVENT "x", "event:|event:x", NULL},
    {"{}\n" EVENT "\n" EVENT "x", "event:|event:x", NULL},
    {"{}\n{\"type\":\"event\"}", "event:", NULL},
    {"{}\n{\"type\":\"event\",\"length\":0}", "event:", NULL},
    {"{}\n{\"unknown\":{\"a\":[1]},\"type\":\"what\"}\nx\n", "what:x", NULL},
    {"{}\n{\"type\":\"\\u0065vent\"}\nx\n", "event:x", NULL},
    {"{}\n \n" EVENT "x", "event:x", NULL},
    {"", NULL, "missing envelope header"},
    {"\n\n", NULL, "missing envelope header"},
    {"not json\n", NULL, "invalid envelope header"},
    {"[]\n", NULL, "invalid envelope header"},
    {"{\"a\":1\n", NULL, "invalid envelope header"},
    {"{\"event_id\":\"zz\"}\n", NULL, "invalid envelope header"},
    {"{\"event_id\":12}\n", NULL, "invalid envelope header"},
    {"{\"sent_at\":\"yesterday\"}\n", NULL, "invalid envelope header"},
    {"{\"dsn\":7}\n", NULL, "invalid envelope header"},
    {"{} {}\n", NULL, "missing newline after header or payload"},
    {"{}\n{}\nx", "", "invalid item header"},
    {"{}\n{\"type\":7}\nx", "", "invalid item header"},
    {"{}\n{\"type\":\"event\",\"length\":-1}\nx", "", "invalid item header"},
    {"{}\n{\"type\":\"event\",\"length\":4294967296}\nx", "", "invalid item header"},
    {"{}\n{\"type\":\"event\",\"length\":1.5}\nx", "", "invalid item header"},
    {"{}\n{\"type\":\"event\",\"length\":\"1\"}\nx", "", "invalid item header"},
    {"{}\nevent\nx", "", "invalid item header"},
    {"{}\n{\"type\":\"event\",\"length\":3}\nab", "", "unexpected end of file"},
    {"{}\n{\"type\":\"event\",\"length\":2}\nabc\n", "", "missing newline after header or payload"},
    {"{}\n" EVENT "x\n\n", "event:x", "unexpected end of file"},
    {"{}\n" EVENT "x\n  ", "event:x", "unexpected end of file"},
    {"{}\n{\"type\":\"event\"} x\n", "", "missing newline after header or payload"},
};

START_TEST(grammar_of_envelopes)
{
    struct split s = split(str_of(grammar[_i].body));
    ck_assert_int_eq(s.begun, grammar[_i].items != NULL);
    if (grammar[_i].error)
        ck_assert_pstr_eq(s.e.error, grammar[_i].error);
    else
        ck_assert_ptr_null(s.e.error);
    char *told = arena_strdup(arena, S(""));
    for (size_t i = 0; i < s.count; i++)
        told = arena_printf(arena, "%s%s%.*s:%.*s", told, i ? "|" : "",
                            STR_ARG(s.items[i].type_name), STR_ARG(s.items[i].payload));
    if (grammar[_i].items)
        ck_assert_str_eq(told, grammar[_i].items);
}
END_TEST

START_TEST(headers_are_read_and_kept)
{
    struct split s =
        split(S("{\"event_id\":\"9EC79C33-EC99-42AB-8353-589FCB2E04DC\",\"dsn\":\"http://k@h/1\","
                "\"sent_at\":\"2026-11-21T09:15:24.693Z\",\"trace\":\"garbage\"}\n"
                "{\"type\":\"attachment\",\"attachment_type\":\"event.minidump\",\"item_count\":3,"
                "\"content_type\":\"text/plain\",\"filename\":\"a\\u0000\"}\n\n"));
    char hex[33];
    int64_t sent_at;
    ck_assert(s.begun && s.e.has_event_id);
    uuid_put(s.e.event_id, hex);
    ck_assert_str_eq(hex, "9ec79c33ec9942ab8353589fcb2e04dc");
    ck_assert_text(s.e.dsn, "http://k@h/1");
    ck_assert(clock_parse(S("2026-11-21T09:15:24.693Z"), &sent_at));
    ck_assert_int_eq(s.e.sent_at, sent_at);
    ck_assert(str_starts(s.e.header, S("{\"event_id\"")) && str_ends(s.e.header, S("\"}")));
    ck_assert_int_eq(s.items[0].type, ITEM_ATTACHMENT);
    ck_assert_text(s.items[0].attachment_type, "event.minidump");
    ck_assert_text(s.items[0].content_type, "text/plain");
    ck_assert_int_eq(s.items[0].item_count, 3);
    ck_assert(str_ends(s.items[0].header, S("\"a\\u0000\"}")));
}
END_TEST

START_TEST(nesting_is_bounded)
{
    size_t n = 500000;
    char *deep = arena_alloc(arena, n + 8);
    memset(deep, '[', n);
    memcpy(deep, "{\"a\":", 5);
    ck_assert(!split((struct str){deep, n}).begun);
    char *item = arena_printf(arena, "{}\n%.*s", (int)n, deep);
    ck_assert_pstr_eq(split(str_of(item)).e.error, "invalid item header");
}
END_TEST

START_TEST(header_has_a_ceiling)
{
    size_t n = (size_t)2 << 20;
    char *long_header = arena_alloc(arena, n + 1);
    memset(long_header, 'x', n);
    memcpy(long_header, "{\"a\":\"", 6);
    memcpy(long_header + n - 3, "\"}\n", 3);
    ck_assert_pstr_eq(split((struct str){long_header, n}).e.error, "invalid envelope header");
}
END_TEST

/* ---- limits */

static size_t fitting(struct envelope_item item, size_t times)
{
    struct tally t = {0};
    size_t n = 0;
    while (n < times && tally_add(&t, &item))
        n++;
    return n;
}

static struct envelope_item item_of(enum item_type type, size_t bytes)
{
    return (struct envelope_item){.type = type, .payload = {"", bytes}};
}

#define MIB ((size_t)1 << 20)

static const struct {
    enum item_type type;
    size_t bytes, fit;
} limits[] = {
    {ITEM_EVENT, 1, 1},
    {ITEM_EVENT, MIB, 1},
    {ITEM_EVENT, MIB + 1, 0},
    {ITEM_ATTACHMENT, 1, 30},
    {ITEM_ATTACHMENT, 100 * MIB, 2},
    {ITEM_SESSION, 1, 100},
    {ITEM_SESSIONS, 6 * MIB, 1},
    {ITEM_CLIENT_REPORT, 60 * 1024, 1},
    {ITEM_PROFILE, 50 * MIB, 1},
    {ITEM_PROFILE_CHUNK, 51 * MIB, 0},
    {ITEM_REPLAY_RECORDING, 10 * MIB + 1, 0},
    {ITEM_CHECK_IN, 1, 1},
    {ITEM_LOG, 2 * MIB + 1, 0},
    {ITEM_SPAN, 1, 25},
    {ITEM_STATSD, MIB, 1},
    {ITEM_UNKNOWN, 1, 10000},
};

START_TEST(limits_of_types)
{
    struct envelope_item item = item_of(limits[_i].type, limits[_i].bytes);
    ck_assert_uint_eq(fitting(item, 20000), limits[_i].fit);
}
END_TEST

/* Each header is within its ceiling, has an escape, and as many texts as fit. */
START_TEST(items_leave_no_memory_behind)
{
    enum { ITEMS = 1000, TEXTS = 5000 };
    struct envelope e;
    struct envelope_item item;
    struct buf body;
    buf_init(&body, (size_t)256 << 20);
    buf_puts(&body, "{}\n");
    for (int i = 0; i < ITEMS; i++) {
        buf_puts(&body, "{\"type\":\"\\n\"");
        for (int n = 0; n < TEXTS; n++)
            buf_puts(&body, ",\"type\":\"\xff\"");
        buf_puts(&body, "}\nx\n");
    }
    ck_assert(buf_ok(&body) && envelope_begin(&e, arena, buf_str(&body)));
    for (int i = 0; i < ITEMS; i++)
        ck_assert(envelope_next(&e, &item) && item.type == ITEM_UNKNOWN);
    ck_assert_uint_lt(arena_total(arena), 64 << 10);
    buf_free(&body);
}
END_TEST

/* A project's own ceiling is for what becomes an event, and never above the table's. */
START_TEST(an_event_may_be_limited_further)
{
    struct envelope_item event = item_of(ITEM_TRANSACTION, 2000),
                         file = item_of(ITEM_ATTACHMENT, 3000);
    struct envelope_item large = item_of(ITEM_EVENT, MIB + 1);
    ck_assert(tally_add(&(struct tally){.event_max = 2000}, &event));
    ck_assert(!tally_add(&(struct tally){.event_max = 1999}, &event));
    ck_assert(tally_add(&(struct tally){.event_max = 1999}, &file));
    ck_assert(!tally_add(&(struct tally){.event_max = 2 * MIB}, &large));
}
END_TEST

START_TEST(event_like_types_share_one_place)
{
    struct tally t = {0};
    struct envelope_item event = item_of(ITEM_EVENT, 1), feedback = item_of(ITEM_FEEDBACK, 1);
    struct envelope_item session = item_of(ITEM_SESSION, 1);
    ck_assert(tally_add(&t, &event));
    ck_assert(tally_add(&t, &session));
    ck_assert(!tally_add(&t, &feedback));
}
END_TEST

START_TEST(containers_are_measured_by_their_parts)
{
    struct envelope_item logs = item_of(ITEM_LOG, 11 * MIB);
    logs.item_count = 100;
    ck_assert_uint_eq(fitting(logs, 2), 1);
    struct envelope_item spans = item_of(ITEM_SPAN, 11 * MIB);
    ck_assert_uint_eq(fitting(spans, 1), 0);
    spans.content_type = S("application/vnd.sentry.items.span.v2+json");
    ck_assert_uint_eq(fitting(spans, 1), 1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, grammar_of_envelopes, 0, COUNT_OF(grammar));
    tcase_add_test(tc, headers_are_read_and_kept);
    tcase_add_test(tc, nesting_is_bounded);
    tcase_add_test(tc, header_has_a_ceiling);
    tcase_add_test(tc, items_leave_no_memory_behind);
    tcase_add_loop_test(tc, limits_of_types, 0, COUNT_OF(limits));
    tcase_add_test(tc, an_event_may_be_limited_further);
    tcase_add_test(tc, event_like_types_share_one_place);
    tcase_add_test(tc, containers_are_measured_by_their_parts);
}

int main(void)
{
    return suite_run("envelope", add_tests);
}
