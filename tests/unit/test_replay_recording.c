/* Recordings and videos of replays: what is read, scrubbed, found and refused: ingest.md §8.1. */
#include <stdlib.h>
#include <zlib.h>

#include "base/settings.h"
#include "tests/unit/suite.h"
#include "worker/digest/policy.h"
#include "worker/digest/replay_recording.h"
#include "worker/digest/replay_video.h"

#define HEAD "{\"segment_id\":0}\n"

static struct arena *arena;
static struct replay_recording *recording;

static void begin(void)
{
    arena = arena_new((size_t)1 << 30);
    recording = arena_new_of(arena, struct replay_recording);
}

static void end(void)
{
    arena_free(arena);
}

static bool reads(struct str payload)
{
    return replay_recording_read(arena, policy_usual()->scrubber, payload, recording);
}

static struct str with_head(struct str body)
{
    char *bytes = arena_alloc(arena, sizeof(HEAD) - 1 + body.n);
    memcpy(bytes, HEAD, sizeof(HEAD) - 1);
    memcpy(bytes + sizeof(HEAD) - 1, body.p, body.n);
    return (struct str){bytes, sizeof(HEAD) - 1 + body.n};
}

static struct str packed(struct str body)
{
    uLongf n = compressBound(body.n);
    char *bytes = arena_alloc(arena, n);
    ck_assert_int_eq(compress((Bytef *)bytes, &n, (const Bytef *)body.p, body.n), Z_OK);
    return with_head((struct str){bytes, n});
}

static const char *const sound[] = {
    "[]",
    "[{\"type\":4,\"timestamp\":1,\"data\":{\"href\":\"x\"}}]",
    " [ {\"type\" : 3} , {\"type\":2,\"data\":[[[]]]} ] ",
    "[{\"data\":{\"type\":5},\"type\":3.5,\"x\":\"\\ud800\"}]",
};

START_TEST(what_holds_nothing_personal_stays_as_it_is)
{
    struct str events = str_of(sound[_i]);
    ck_assert(reads(packed(events)));
    ck_assert(str_eq(recording->events, events));
    if (events.p[0] == '[') {
        ck_assert(reads(with_head(events)));
        ck_assert(str_eq(recording->events, events));
    }
}
END_TEST

static const char *const broken[] = {
    "",
    "[]",
    "no line end",
    "\n[]",
    "7\n[]",
    "{\"segment_id\":0}",
    HEAD,
    HEAD "x\x9c",
    HEAD "{}",
    HEAD "[",
    HEAD "[]]",
    HEAD "[7]",
    HEAD "[{}]",
    HEAD "[{\"type\":\"3\"}]",
    HEAD "[{\"type\":3},null]",
    HEAD "[{\"type\":3}{\"type\":3}]",
    HEAD "[{\"type\":5,\"data\":",
};

START_TEST(what_is_no_recording_is_refused)
{
    ck_assert(!reads(str_of(broken[_i])));
}
END_TEST

/* As many as a page of deep elements has, and more than anybody's stack. */
START_TEST(deep_nesting_stays_where_it_is)
{
    enum { DEEP = 500000 };
    struct buf text;
    buf_init(&text, 4 << 20);
    buf_puts(&text, "[{\"type\":2,\"data\":");
    for (int i = 0; i < DEEP; i++)
        buf_putc(&text, '[');
    for (int i = 0; i < DEEP; i++)
        buf_putc(&text, ']');
    buf_puts(&text, "}]");
    ck_assert(reads(packed(buf_str(&text))));
    ck_assert_uint_eq(recording->events.n, text.len);
    memcpy(text.data, "[{\"type\":5", 10);
    ck_assert(reads(packed(buf_str(&text))));
    ck_assert_uint_lt(recording->events.n, text.len);
    buf_free(&text);
}
END_TEST

START_TEST(a_bomb_stops_at_its_ceiling)
{
    size_t n = REPLAY_RECORDING_MAX + 1;
    char *blanks = malloc(n);
    memset(blanks, ' ', n);
    blanks[0] = '[';
    blanks[n - 1] = ']';
    struct str bomb = packed((struct str){blanks, n});
    blanks[n - 2] = ']';
    struct str just = packed((struct str){blanks, n - 1});
    free(blanks);
    ck_assert(!reads(bomb));
    ck_assert(reads(just));
}
END_TEST

#define CUSTOM(type, description)                                                                  \
    "[{\"type\":" type ",\"data\":{\"tag\":\"breadcrumb\",\"payload\":{\"category\":\"console\","  \
    "\"description\":\"" description "\",\"data\":{\"card\":\"" description "\",\"password\":"     \
    "\"hunter2\"},\"message\":\"m\"}}},{\"type\":3}]"

START_TEST(custom_events_alone_are_scrubbed)
{
    ck_assert(reads(packed(S(CUSTOM("5", "4111 1111 1111 1111")))));
    ck_assert(!str_has(recording->events, S("4111")));
    ck_assert(!str_has(recording->events, S("hunter2")));
    ck_assert(str_has(recording->events, S("\"message\":\"m\"")));
    ck_assert(str_ends(recording->events, S(",{\"type\":3}]")));
    ck_assert(reads(packed(S(CUSTOM("3", "4111 1111 1111 1111")))));
    ck_assert(str_has(recording->events, S("4111 1111 1111 1111")));
}
END_TEST

#define NODE                                                                                       \
    "\"node\":{\"id\":217,\"tagName\":\"button\",\"textContent\":\"Buy\",\"attributes\":{"         \
    "\"id\":\"buy\",\"class\":\"big  red\",\"aria-label\":\"Buy it\",\"data-test-id\":\"t\","      \
    "\"data-sentry-component\":\"Cart\",\"role\":7}}"
#define CLICK(category, more)                                                                      \
    "{\"type\":5,\"timestamp\":1700000000123,\"data\":{\"tag\":\"breadcrumb\",\"payload\":{"       \
    "\"category\":\"" category "\",\"message\":\"body > button#buy\",\"data\":{" NODE more "}}}}"

START_TEST(a_click_is_found)
{
    ck_assert(reads(packed(S("[" CLICK("ui.click", ",\"url\":\"https://shop.example/\"") "]"))));
    ck_assert_uint_eq(recording->click_count, 1);
    const struct replay_click *c = &recording->clicks[0];
    ck_assert_int_eq(c->node_id, 217);
    ck_assert_int_eq(c->timestamp, INT64_C(1700000000123000));
    ck_assert(str_eq(c->tag, S("button")) && str_eq(c->id, S("buy")) && str_eq(c->text, S("Buy")));
    ck_assert(str_eq(c->classes, S("[\"big\",\"red\"]")) && str_eq(c->role, S("")));
    ck_assert(str_eq(c->aria_label, S("Buy it")) && str_eq(c->testid, S("t")));
    ck_assert(str_eq(c->component_name, S("Cart")) && str_eq(c->url, S("https://shop.example/")));
    ck_assert(str_eq(c->selector, S("body > button#buy")));
    ck_assert(!c->is_dead && !c->is_rage);
}
END_TEST

#define SLOW(end, ms, clicks)                                                                      \
    "[" CLICK("ui.slowClickDetected",                                                              \
              ",\"endReason\":\"" end "\",\"timeAfterClickMs\":" ms ",\"clickCount\":" clicks) "]"
static const struct {
    const char *events;
    unsigned clicks;
    bool rage;
} slow[] = {
    {SLOW("timeout", "7000", "2"), 1, false},  {SLOW("timeout", "7000", "5"), 1, true},
    {SLOW("timeout", "6999", "5"), 0, false},  {SLOW("mutation", "9000", "5"), 0, false},
    {SLOW("timeout", "\"x\"", "5"), 0, false}, {SLOW("timeout", "1e300", "5"), 0, false},
};

START_TEST(clicks_in_vain_are_dead)
{
    ck_assert(reads(packed(str_of(slow[_i].events))));
    ck_assert_uint_eq(recording->click_count, slow[_i].clicks);
    if (slow[_i].clicks) {
        ck_assert(recording->clicks[0].is_dead);
        ck_assert_int_eq(recording->clicks[0].is_rage, slow[_i].rage);
    }
}
END_TEST

START_TEST(a_segment_has_twenty_clicks_at_most)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_puts(&text, "[");
    for (int i = 0; i < 21; i++) {
        buf_puts(&text, i ? "," : "");
        buf_puts(&text, CLICK("ui.click", ""));
    }
    buf_puts(&text, "]");
    ck_assert(reads(packed(buf_str(&text))));
    ck_assert_uint_eq(recording->click_count, REPLAY_CLICKS_MAX);
    buf_free(&text);
}
END_TEST

static const char *const no_clicks[] = {
    "[{\"type\":5,\"data\":7}]",
    "[{\"type\":5,\"data\":{\"tag\":\"breadcrumb\",\"payload\":[]}}]",
    "[{\"type\":5,\"data\":{\"tag\":\"breadcrumb\",\"payload\":{\"category\":\"ui.click\"}}}]",
    "[{\"type\":5,\"data\":{\"tag\":\"breadcrumb\",\"payload\":{\"category\":\"ui.click\",\"data\":"
    "{\"node\":{\"id\":-1}}}}}]",
    "[{\"type\":5,\"data\":{\"tag\":\"performanceSpan\",\"payload\":{\"category\":\"ui.click\","
    "\"data\":{\"node\":{\"id\":1}}}}}]",
};

START_TEST(what_is_no_click_is_none)
{
    ck_assert(reads(packed(str_of(no_clicks[_i]))));
    ck_assert_uint_eq(recording->click_count, 0);
}
END_TEST

START_TEST(a_video_has_three_parts)
{
    struct replay_video video;
    ck_assert(replay_video_split(S("\x83\xACreplay_event\xC4\x02{}"
                                   "\xB0replay_recording\xC5\x00\x03"
                                   "abc"
                                   "\xD9\x0Creplay_video\xC6\x00\x00\x00\x02"
                                   "mp"),
                                 &video));
    ck_assert(str_eq(video.event, S("{}")) && str_eq(video.recording, S("abc")));
    ck_assert(str_eq(video.video, S("mp")));
}
END_TEST

static const struct str no_videos[] = {
    {"", 0},
    {"\x90", 1},
    {"\x81", 1},
    {"\x81\xA1"
     "a",
     3},
    {"\x81\xA1"
     "a\xC4\x05xx",
     7},
    {"\x81\xA1"
     "a\xC6\xFF\xFF\xFF\xFFx",
     9},
    {"\xDF\xFF\xFF\xFF\xFF", 5},
    {"\x81\x01\x01", 3},
};

START_TEST(what_is_cut_short_is_no_video)
{
    struct replay_video video;
    ck_assert(!replay_video_split(no_videos[_i], &video));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_loop_test(tc, what_holds_nothing_personal_stays_as_it_is, 0, COUNT_OF(sound));
    tcase_add_loop_test(tc, what_is_no_recording_is_refused, 0, COUNT_OF(broken));
    tcase_add_test(tc, deep_nesting_stays_where_it_is);
    tcase_add_test(tc, a_bomb_stops_at_its_ceiling);
    tcase_add_test(tc, custom_events_alone_are_scrubbed);
    tcase_add_test(tc, a_click_is_found);
    tcase_add_loop_test(tc, clicks_in_vain_are_dead, 0, COUNT_OF(slow));
    tcase_add_test(tc, a_segment_has_twenty_clicks_at_most);
    tcase_add_loop_test(tc, what_is_no_click_is_none, 0, COUNT_OF(no_clicks));
    tcase_add_test(tc, a_video_has_three_parts);
    tcase_add_loop_test(tc, what_is_cut_short_is_no_video, 0, COUNT_OF(no_videos));
}

int main(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return suite_run("replay_recording", add_tests);
}
