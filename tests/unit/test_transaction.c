#include "tests/unit/understand.h"

static void begin(void)
{
    understand_begin();
    understand_type = ITEM_TRANSACTION;
}

#define TRACE "\"trace_id\":\"4c79f60c11214eb38604f4ae0781bfb2\""
#define CONTEXTS                                                                                   \
    "\"contexts\":{\"trace\":{" TRACE ",\"span_id\":\"aaaaaaaaaaaaaaaa\"},"                        \
    "\"browser\":{\"name\":\"Chrome\"}}"
#define TIMES "\"start_timestamp\":1795252500,\"timestamp\":1795252510"
#define SPAN(id, parent, start, end, more)                                                         \
    "{" TRACE ",\"span_id\":\"" id id id id id id id id                                            \
    "\",\"parent_span_id\":\"" parent parent parent parent parent parent parent parent             \
    "\",\"start_timestamp\":17952525" start ",\"timestamp\":17952525" end more "}"
#define WITH(more) "{" CONTEXTS "," TIMES "," more "}"

/* What is refused, and why. */
static const struct {
    const char *payload, *reason;
} refused[] = {
    {"{" CONTEXTS ",\"start_timestamp\":1795252500}", "invalid_transaction"},
    {"{" CONTEXTS ",\"timestamp\":1795252500}", "invalid_transaction"},
    {"{" CONTEXTS ",\"timestamp\":\"soon\",\"start_timestamp\":1}", "invalid_transaction"},
    {"{" CONTEXTS ",\"start_timestamp\":1795252510,\"timestamp\":1795252500}",
     "invalid_transaction"},
    {"{" CONTEXTS ",\"start_timestamp\":-5,\"timestamp\":1795252500}", "invalid_transaction"},
    {"{" CONTEXTS ",\"start_timestamp\":1,\"timestamp\":2}", "timestamp"},
    {"{" CONTEXTS ",\"start_timestamp\":1795252500,\"timestamp\":1795253000}", "timestamp"},
    {"{" TIMES "}", "invalid_transaction"},
    {"{" TIMES ",\"contexts\":[]}", "invalid_transaction"},
    {"{" TIMES ",\"contexts\":{\"trace\":{" TRACE "}}}", "invalid_transaction"},
    {"{" TIMES ",\"contexts\":{\"trace\":{" TRACE ",\"span_id\":7}}}", "invalid_transaction"},
    {"{" TIMES ",\"contexts\":{\"trace\":{\"trace_id\":\"x\",\"span_id\":\"aaaaaaaaaaaaaaaa\"}}}",
     "invalid_transaction"},
    {WITH("\"spans\":[" SPAN("bb", "aa", "03", "02", "") "]"), "invalid_transaction"},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "02", "") ",7]"), "invalid_transaction"},
    {WITH("\"spans\":[null]"), "invalid_transaction"},
    {WITH("\"spans\":[{}]"), "invalid_transaction"},
    {"", "no_data"},
    {"[]", "invalid_json"},
    {"{", "invalid_json"},
};

START_TEST(a_transaction_that_cannot_be_is_refused)
{
    struct str why;
    ck_assert(!understand_any(str_of(refused[_i].payload), &why));
    ck_assert_text(why, refused[_i].reason);
}
END_TEST

static const struct understand_case cases[] = {
    {WITH("\"transaction\":\"/a\""), "type", "\"transaction\""},
    {WITH("\"transaction\":\"/a\""), "level", "\"info\""},
    {WITH("\"transaction\":\"/a\""), "title", "\"/a\""},
    {WITH("\"transaction\":\" \""), "transaction", "\"<unlabeled transaction>\""},
    {WITH("\"tags\":{}"), "transaction", "\"<unlabeled transaction>\""},
    {WITH("\"transaction\":\"/a\""), "transaction_info.source", "\"unknown\""},
    {WITH("\"transaction_info\":{\"source\":\"invented\"}"), "transaction_info.source",
     "\"unknown\""},
    {WITH("\"transaction\":\"/a\""), "contexts.trace.op", "\"default\""},
    {WITH("\"transaction\":\"/a\""), "contexts.trace.status", "\"unknown\""},
    {WITH("\"transaction\":\"/a\""), "contexts.trace.exclusive_time", "10000"},
    /* spans */
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04", "") "]"), "spans.0.op", "\"default\""},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04", "") "," SPAN("cc", "bb", "02", "03", "") "]"),
     "spans.0.exclusive_time", "2000"},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04", "") "," SPAN("cc", "aa", "02", "06", "") "]"),
     "contexts.trace.exclusive_time", "5000"},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04", ",\"status\":13") "]"), "spans.0.status",
     "\"internal_error\""},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04", ",\"status\":\"odd\"") "]"), "spans.0.status",
     "absent"},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04",
                             ",\"data\":{\"http.method\":\"GET\",\"mine\":[1]}") "]"),
     "spans.0.data", "{\"http.request_method\":\"GET\",\"mine\":[1]}"},
    {WITH("\"spans\":[{" TRACE ",\"span_id\":\"bbbbbbbbbbbbbbbb\",\"start_timestamp\":1795252501}"
          "]"),
     "spans.0.status", "\"deadline_exceeded\""},
    {WITH("\"spans\":7"), "spans", "absent"},
    {WITH("\"spans\":[" SPAN("bb", "aa", "01", "04", ",\"op\":\"db.x\"") "," SPAN(
         "cc", "aa", "03", "05", ",\"op\":\"db.y\"") "," SPAN("dd", "aa", "03", "05",
                                                              ",\"op\":\"other\"") "]"),
     "breakdowns.span_ops",
     "{\"ops.db\":{\"value\":4000,\"unit\":\"millisecond\"},\"total.time\":{\"value\":6000,"
     "\"unit\":\"millisecond\"}}"},
    /* measurements */
    {WITH("\"measurements\":{\"LCP\":{\"value\":1.5}}"), "measurements.lcp",
     "{\"value\":1.5,\"unit\":\"millisecond\"}"},
    {WITH("\"measurements\":{\"lcp\":{\"value\":1,\"unit\":\"second\"}}"), "measurements",
     "absent"},
    {WITH("\"measurements\":{\"lcp\":{\"value\":-1}}"), "measurements", "absent"},
    {WITH("\"measurements\":{\"lcp\":{\"value\":1e999}}"), "measurements.lcp.value", "null"},
    {WITH("\"measurements\":{\"a b\":{\"value\":1}}"), "measurements", "absent"},
    {WITH("\"measurements\":[]"), "measurements", "absent"},
    {WITH("\"measurements\":{\"mine\":{\"value\":1,\"unit\":\"byte\"},\"x\":7}"), "measurements",
     "{\"mine\":{\"value\":1,\"unit\":\"byte\"}}"},
    {WITH("\"measurements\":{\"app.start.cold\":{\"value\":180001}}"), "measurements", "absent"},
    {WITH("\"measurements\":{\"app.start.cold\":{\"value\":7}}"),
     "measurements.app_start_cold.value", "7"},
    {WITH("\"measurements\":{\"frames_total\":{\"value\":4},\"frames_slow\":{\"value\":1}}"),
     "measurements.frames_slow_rate.value", "0.25"},
    {WITH("\"measurements\":{\"frames_total\":{\"value\":0},\"frames_slow\":{\"value\":1}}"),
     "measurements.frames_slow_rate", "absent"},
};

START_TEST(a_transaction_is_normalized)
{
    understand_check(&cases[_i]);
}
END_TEST

/* A name, where it came from, and what becomes of both. */
static const struct {
    const char *name, *source, *cleaned, *then;
} names[] = {
    {"/foo/2fd4e1c67a2d28fced849ee1bb76e7391b93eb12/user/123/0", "url", "/foo/*/user/*/0",
     "sanitized"},
    {"/foo/12", "route", "/foo/12", "route"},
    {"/a/abcdefab-cdef-abcd-efab-cdefabcdefab/b", "url", "/a/*/b", "sanitized"},
    {"/a/abcdefabcdefabcdefabcdefabcdefab/b", "url", "/a/*/b", "sanitized"},
    {"/a/0xabc/ax/xa0", "url", "/a/*/ax/xa0", "sanitized"},
    {"/a/x%20y/b", "url", "/a/x%20y/b", "sanitized"},
    {"12", "url", "12", "sanitized"},
    {"/", "url", "/", "sanitized"},
    {"/a/2024-01-02T03:04/b", "url", "/a/*/b", "sanitized"},
};

START_TEST(ids_in_a_url_become_stars)
{
    understand(arena_printf(arena,
                            "{" CONTEXTS "," TIMES
                            ",\"transaction\":\"%s\",\"transaction_info\":{\"source\":\"%s\"}}",
                            names[_i].name, names[_i].source));
    ck_assert_text(jt_get_str(body, S("transaction")), names[_i].cleaned);
    ck_assert_text(event.transaction, names[_i].cleaned);
    ck_assert_text(jt_get_str(jt_get(body, S("transaction_info")), S("source")), names[_i].then);
    if (strcmp(names[_i].name, names[_i].cleaned) != 0)
        ck_assert_text(jt_str(understood_node("_meta.transaction..val")), names[_i].name);
}
END_TEST

START_TEST(the_scores_of_a_page)
{
    const char *payload =
        WITH("\"measurements\":{\"lcp\":{\"value\":2400},\"fcp\":{\"value\":1600},"
             "\"cls\":{\"value\":0.25},\"ttfb\":{\"value\":400}}");
    double total, weight;
    understand(payload);
    const struct jt *all = jt_get(body, S("measurements"));
    ck_assert(jt_double(jt_get(jt_get(all, S("score.total")), S("value")), &total));
    ck_assert(jt_double(jt_get(jt_get(all, S("score.weight.lcp")), S("value")), &weight));
    ck_assert_double_eq_tol(total, 0.5, 1e-6);
    ck_assert_double_eq_tol(weight, 0.3 / 0.7, 1e-6);
}
END_TEST

START_TEST(too_many_measurements_are_cut)
{
    understand(
        WITH("\"measurements\":{\"a\":{\"value\":1},\"b\":{\"value\":1},\"c\":{\"value\":1},"
             "\"d\":{\"value\":1},\"e\":{\"value\":1},\"f\":{\"value\":1},\"g\":{\"value\":1},"
             "\"h\":{\"value\":1},\"i\":{\"value\":1},\"j\":{\"value\":1},\"k\":{\"value\":1},"
             "\"lcp\":{\"value\":1}}"));
    ck_assert_uint_eq(understood_node("measurements")->count, 11);
    ck_assert_ptr_null(understood_node("measurements.k"));
    ck_assert_ptr_nonnull(understood_node("_meta.measurements..val.k"));
}
END_TEST

START_TEST(the_rate_of_the_client_is_in_the_trace)
{
    record.envelope_header = S("{\"trace\":{\"sample_rate\":\"0.5\"}}");
    understand(WITH("\"transaction\":\"a\""));
    ck_assert_text(understood_at("contexts.trace.client_sample_rate"), "0.5");
    record.envelope_header = S("{\"trace\":{\"sample_rate\":\"7\"}}");
    understand(WITH("\"transaction\":\"a\""));
    ck_assert_text(understood_at("contexts.trace.client_sample_rate"), "absent");
}
END_TEST

START_TEST(a_transaction_is_moved_by_the_drift_of_the_clock)
{
    record.sent_at = record.received - 7200 * (int64_t)CLOCK_SECOND;
    understand("{" CONTEXTS ",\"start_timestamp\":1795245300,\"timestamp\":1795245310,\"spans\":["
               "{" TRACE ",\"span_id\":\"bbbbbbbbbbbbbbbb\",\"start_timestamp\":1795245301,"
               "\"timestamp\":1795245302}]}");
    ck_assert_text(understood_at("spans.0.start_timestamp"), "1795252501.0");
    ck_assert_text(understood_at("timestamp"), "1795252510.0");
}
END_TEST

START_TEST(errors_have_no_measurements)
{
    understand_type = ITEM_EVENT;
    understand("{\"measurements\":{\"lcp\":{\"value\":1}},\"message\":\"m\"}");
    ck_assert_text(understood_at("measurements"), "absent");
}
END_TEST

START_TEST(many_spans_of_one_id_are_no_trouble)
{
    enum { SPANS = 6000 };
    struct buf payload;
    buf_init(&payload, 4 << 20);
    buf_puts(&payload, "{" CONTEXTS "," TIMES ",\"spans\":[");
    for (int i = 0; i < SPANS; i++)
        buf_puts(&payload,
                 i ? "," SPAN("bb", "bb", "01", "02", "") : SPAN("bb", "bb", "01", "02", ""));
    buf_puts(&payload, "]}");
    struct str why;
    ck_assert(understand_any(buf_str(&payload), &why));
    buf_free(&payload);
}
END_TEST

/* A value of the wrong kind in every place; refused or not, nothing else happens. */
START_TEST(wrong_kinds_everywhere)
{
    static const char *const values[] = {"null", "7",  "-1e400", "\"x\"",
                                         "[]",   "{}", "[[{}]]", "true"};
    static const char *const keys[] = {"spans",     "measurements",     "transaction", "contexts",
                                       "timestamp", "transaction_info", "breakdowns",  "tags",
                                       "user",      "request",          "sdk",         "release"};
    struct str why;
    for (int k = 0; k < COUNT_OF(keys); k++) {
        const char *mine =
            arena_printf(arena, "{" CONTEXTS "," TIMES ",\"%s\":%s}", keys[k], values[_i]);
        understand_any(str_of(mine), &why);
        mine = arena_printf(arena,
                            "{" CONTEXTS "," TIMES
                            ",\"spans\":[" SPAN("bb", "aa", "01", "02", ",\"%s\":%s") "]}",
                            keys[k], values[_i]);
        understand_any(str_of(mine), &why);
    }
}
END_TEST

START_TEST(endless_nesting)
{
    enum { LEVELS = 500000 };
    struct str why;
    char *deep = arena_take(arena, LEVELS);
    memset(deep, '[', LEVELS);
    const char *payload =
        arena_printf(arena, "{" CONTEXTS "," TIMES ",\"spans\":%.*s", LEVELS, deep);
    ck_assert(!understand_any(str_of(payload), &why));
    ck_assert_text(why, "invalid_json");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, understand_end);
    tcase_add_loop_test(tc, a_transaction_that_cannot_be_is_refused, 0, COUNT_OF(refused));
    tcase_add_loop_test(tc, a_transaction_is_normalized, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, ids_in_a_url_become_stars, 0, COUNT_OF(names));
    tcase_add_test(tc, the_scores_of_a_page);
    tcase_add_test(tc, too_many_measurements_are_cut);
    tcase_add_test(tc, the_rate_of_the_client_is_in_the_trace);
    tcase_add_test(tc, a_transaction_is_moved_by_the_drift_of_the_clock);
    tcase_add_test(tc, errors_have_no_measurements);
    tcase_add_test(tc, many_spans_of_one_id_are_no_trouble);
    tcase_add_loop_test(tc, wrong_kinds_everywhere, 0, 8);
    tcase_add_test(tc, endless_nesting);
}

int main(void)
{
    return suite_run("transaction", add_tests);
}
