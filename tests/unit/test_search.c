#include "storage/search.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/jt.h"
#include "tests/unit/suite.h"

enum { NOW = 1000 };
static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(64 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static const char *const signs[] = {
    [SEARCH_EQ] = "=",  [SEARCH_NE] = "!=", [SEARCH_LT] = "<",
    [SEARCH_LE] = "<=", [SEARCH_GT] = ">",  [SEARCH_GE] = ">=",
};

static void put_value(struct buf *out, const struct search_term *t, const struct search_value *v)
{
    char iso[CLOCK_ISO_MAX];
    switch (t->kind) {
    case SEARCH_NUMBER:
        buf_printf(out, "%.15g", v->number);
        break;
    case SEARCH_BOOLEAN:
        buf_puts(out, v->truth ? "true" : "false");
        break;
    case SEARCH_DATE:
        clock_put(v->date.at, iso);
        buf_puts(out, iso);
        break;
    default:
        buf_printf(out, v->wildcard ? "~%.*s" : "%.*s", STR_ARG(v->text));
    }
}

/* "kind key operator value|value; …" of every term, or "error: …". */
static struct str describe(struct str query)
{
    static const char *const kinds[] = {"free", "text", "number", "date", "boolean", "has", "is"};
    struct search search;
    const char *error;
    struct buf out;
    buf_init(&out, 1 << 16);
    if (!search_parse(arena, query, NOW, &search, &error))
        return str_of(arena_printf(arena, "error: %s", error));
    for (size_t i = 0; i < search.count; i++) {
        const struct search_term *t = &search.terms[i];
        buf_printf(&out, "%s%s %s%.*s %s", i ? "; " : "", kinds[t->kind], t->is_tag ? "tag " : "",
                   STR_ARG(t->key), signs[t->comparison]);
        for (size_t v = 0; v < t->count; v++) {
            buf_putc(&out, v ? '|' : ' ');
            put_value(&out, t, &t->values[v]);
        }
    }
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static const struct {
    const char *query, *expected;
} queries[] = {
    {"", ""},
    {"   ", ""},
    {"is:unresolved", "is is = unresolved"},
    {"!is:unresolved", "is is != unresolved"},
    {"is:[a, b]", "error: 'is' takes one value, not a list."},
    {"browser:Chrome*", "text browser = ~Chrome*"},
    {"browser:Chrome\\*", "text browser = Chrome*"},
    {"!browser:[Chrome, \"Mobile Safari\", F*]", "text browser != Chrome|Mobile Safari|~F*"},
    {"url:\"\"", "text url = "},
    {"url:", "error: Empty string after 'url:'"},
    {"has:user.email !has:\"a:b\"", "has user.email =; has a:b !="},
    {"has:tags[colour]", "has tag colour ="},
    {"has:\"a b\"", "error: Invalid key for 'has': \"a"},
    {"tags[a,string]:x tags[b[*],array]:y flags[c]:z",
     "text tag a = x; text tag b = y; text tag c = z"},
    {"timesSeen:>1.5k", "number timesSeen > 1500"},
    {"!times_seen:>10", "number times_seen <= 10"},
    {"times_seen:[1, 2k]", "number times_seen = 1|2000"},
    {"age:-24h", "date age >= 1969-12-31T00:00:00.001000Z"},
    {"age:+1w", "date age <= 1969-12-25T00:00:00.001000Z"},
    {"firstSeen:>=2026-11-21", "date firstSeen >= 2026-11-21T00:00:00.000000Z"},
    {"!firstSeen:2026-11-21",
     "error: Invalid date: 2026-11-21. Expected +/-duration (e.g. +1h) or ISO 8601-like (e.g. "
     "2026-11-21 or 2026-11-21T09:15:24)."},
    {"error.unhandled:1 !error.handled:true",
     "boolean error.unhandled = true; boolean error.handled = false"},
    {"out of memory", "free message = out of memory"},
    {"broken level:error  pipe ", "free message = broken; text level = error; free message = pipe"},
    {"say \"a b\"", "free message = say; free message = a b"},
    {"foo(bar, baz) x", "free message = foo(bar, baz) x"},
    {"foo) x", "error: Parse error at 'foo) x' (column 4). This is commonly caused by unmatched "
               "parentheses. Enclose any text in double quotes."},
    {"(is:unresolved x", "error: Parse error at '(is:u' (column 1). This is commonly caused by "
                         "unmatched parentheses. Enclose any text in double quotes."},
    {"a:b or c:d", "error: Boolean statements containing \"OR\" or \"AND\" are not supported in "
                   "this search"},
    {"android error", "free message = android error"},
    {"release.version:>=1.2.3", "text release.version >= 1.2.3"},
    {"x:\xEF\x80\x8D"
     "Contains\xEF\x80\x8D"
     "50*",
     "text x = ~*50\\**"},
    {"x:\xEF\x80\x8DStartsWith\xEF\x80\x8D[a,b]", "text x = ~a*|~b*"},
    {"p95(transaction.duration):>2s", "number p95(transaction.duration) > 2000"},
    {"\xff\xfe:x \x80", "free message = \xff\xfe:x \x80"},
};

START_TEST(query_becomes_terms)
{
    ck_assert_text(describe(str_of(queries[_i].query)), queries[_i].expected);
}
END_TEST

START_TEST(day_is_whole_and_moment_is_around)
{
    struct search_moment day, moment;
    ck_assert(search_date(S("2026-11-21"), &day));
    ck_assert_int_eq(day.to - day.from, CLOCK_DAY);
    ck_assert(search_date(S("2026-11-21T09:00:00"), &moment));
    ck_assert_int_eq(moment.at - moment.from, INT64_C(300) * CLOCK_SECOND);
    ck_assert_int_eq(moment.to - moment.at, INT64_C(360) * CLOCK_SECOND);
}
END_TEST

START_TEST(too_much_is_refused)
{
    struct search search;
    const char *error;
    char many[2 * (SEARCH_TERMS_MAX + 1) * 2 + 1], list[4 * SEARCH_VALUES_MAX] = "a:[1";
    char *wide = arena_alloc(arena, SEARCH_LENGTH_MAX + 2);
    memset(wide, 'x', SEARCH_LENGTH_MAX + 1);
    for (size_t i = 0; i < sizeof(many) - 1; i += 4)
        memcpy(many + i, "a:b ", 4);
    for (size_t i = 4; i < 4 + 2 * SEARCH_VALUES_MAX; i += 2)
        memcpy(list + i, ",1", 3);
    memcpy(list + 4 + 2 * SEARCH_VALUES_MAX, "]", 2);
    ck_assert(!search_parse(arena, str_of(wide), NOW, &search, &error));
    ck_assert_str_eq(error, "The query is too long.");
    ck_assert(!search_parse(arena, (struct str){many, sizeof(many) - 1}, NOW, &search, &error));
    ck_assert_str_eq(error, "A query may have at most 16 terms.");
    ck_assert(!search_parse(arena, str_of(list), NOW, &search, &error));
    ck_assert_str_eq(error, "A list may have at most 100 values.");
}
END_TEST

static const struct {
    const char *wildcard, *like, *contains;
} patterns[] = {
    {"a*b", "a%b", "%a*b%"},
    {"100%_\\*", "100\\%\\_*", "%100\\%\\_\\\\*%"},
    {"*", "%", "%*%"},
};

START_TEST(wildcards_become_patterns)
{
    ck_assert_text(search_like(arena, str_of(patterns[_i].wildcard)), patterns[_i].like);
    ck_assert_text(search_contains(arena, str_of(patterns[_i].wildcard)), patterns[_i].contains);
}
END_TEST

/* ---- Sentry's own cases, ../shared/data/api/search-syntax: their front end's token trees, read by
 * the rules of NOTICE.md there. */

/* Files where the two parsers of Sentry differ, or that need options we do not have. */
static const char *const skipped_files[] = {
    "specific_time_filter",
    "rel_time_filter",
    "aggregate_rel_time_filter",
    "timestamp_rollup",
    "has_tag",
    "not_has_tag",
    "supported_tags",
    "invalid_aggregate_column_with_duration_filter",
    "invalid_numeric_aggregate_filter",
    "disallow_wildcard_filter",
};

static const char *const fixture_files[] = {
    "aggregate_duration_filter",
    "aggregate_duration_filter_overrides_numeric_shorthand",
    "basic_fallthrough",
    "boolean_filter",
    "boolean_filter_passthrough",
    "custom_explicit_tag",
    "custom_tag",
    "duration_aggregate_measurements_filter",
    "duration_aggregate_op_breakdowns_filter",
    "duration_filter",
    "duration_filter_overrides_numeric_shorthand",
    "duration_measurements_filter",
    "duration_on_non_duration_field",
    "duration_op_breakdowns_filter",
    "empty_filter_value",
    "empty_spaces_stripped_correctly",
    "empty_string",
    "escaped_quote_value",
    "escaped_quotes",
    "explicit_tags_in_filter",
    "free_text_search_anywhere",
    "invalid_aggregate_duration_filter",
    "invalid_aggregate_percentage_filter",
    "invalid_boolean_filter",
    "invalid_date_formats",
    "invalid_duration_filter",
    "invalid_numeric_fields",
    "invalid_numeric_shorthand",
    "multiple_quotes",
    "negated_duration_on_non_duration_field",
    "negated_on_boolean_values_and_non_boolean_field",
    "newline_outside_quote",
    "newline_within_quote",
    "numeric_aggregate_measurements_filter",
    "numeric_aggregate_op_breakdowns_filter",
    "numeric_filter",
    "numeric_filter_with_decimals",
    "numeric_filter_with_shorthand",
    "numeric_in_filter",
    "numeric_measurements_filter",
    "other_dates",
    "quoted_free_text_search_anywhere",
    "quoted_key",
    "quoted_val",
    "quotes_filtered_on_raw",
    "semver",
    "simple",
    "simple_in",
    "sooo_many_quotes",
    "special_character_params",
    "tab_outside_quote",
    "tab_within_quote",
    "timestamp",
    "trailing_quote_value",
};

static const char *fixture_folder(void)
{
    const char *shared = getenv("VEDETTE_SHARED");
    return arena_printf(arena, "%s/data/api/search-syntax", shared ? shared : "../shared");
}

static struct str read_file(const char *path)
{
    char *bytes = arena_alloc(arena, 1 << 20);
    FILE *file = fopen(path, "rb");
    if (!file)
        return (struct str){0};
    size_t n = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return (struct str){bytes, n};
}

static bool is_refused(const struct jt *fixture)
{
    bool refused = jt_get(fixture, S("raisesError"));
    const struct jt *result = jt_get(fixture, S("result"));
    for (const struct jt *t = result ? result->first : NULL; t; t = t->next) {
        const struct jt *invalid = jt_get(t, S("invalid"));
        refused |= invalid && invalid->kind == JT_OBJECT;
    }
    return refused;
}

static struct str unquoted(struct str s)
{
    char *out = arena_take(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!(s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '"'))
            out[n++] = s.p[i];
    }
    return str_trim((struct str){out, n});
}

static void same_text(const struct search_value *v, const struct jt *expected)
{
    struct str want = unquoted(jt_get_str(expected, S("value"))), got = str_trim(v->text);
    ck_assert_msg(str_eq(got, want), "value %.*s, not %.*s", STR_ARG(got), STR_ARG(want));
}

static void same_value(const struct search_term *t, const struct search_value *v,
                       const struct jt *expected)
{
    const struct jt *truth = jt_get(expected, S("value"));
    struct search_moment moment;
    double number;
    if (t->kind == SEARCH_BOOLEAN) {
        ck_assert_int_eq(v->truth, truth->kind == JT_TRUE);
    } else if (t->kind == SEARCH_DATE) {
        ck_assert(search_date(jt_get_str(expected, S("value")), &moment));
        ck_assert_int_eq(v->date.at, moment.at);
    } else if (t->kind == SEARCH_NUMBER) {
        struct str digits = jt_get(expected, S("value"))->text;
        struct str unit = jt_get_str(expected, S("unit"));
        struct str text = str_of(arena_printf(arena, "%.*s%.*s", STR_ARG(digits), STR_ARG(unit)));
        bool duration = str_eq(jt_get_str(expected, S("type")), S("valueDuration"));
        ck_assert(duration ? search_duration(text, &number) : search_number(text, &number));
        ck_assert_double_eq(v->number, number);
    } else {
        same_text(v, expected);
    }
}

static const struct {
    const char *filter;
    enum search_kind kind;
} filter_kinds[] = {
    {"text", SEARCH_TEXT},
    {"textIn", SEARCH_TEXT},
    {"numeric", SEARCH_NUMBER},
    {"numericIn", SEARCH_NUMBER},
    {"duration", SEARCH_NUMBER},
    {"aggregateNumeric", SEARCH_NUMBER},
    {"aggregateDuration", SEARCH_NUMBER},
    {"boolean", SEARCH_BOOLEAN},
    {"date", SEARCH_DATE},
    {"specificDate", SEARCH_DATE},
};

static void same_kind(const struct search_term *t, struct str filter)
{
    for (int i = 0; i < COUNT_OF(filter_kinds); i++) {
        if (str_eq(filter, str_of(filter_kinds[i].filter))) {
            ck_assert_int_eq(t->kind, filter_kinds[i].kind);
            return;
        }
    }
    ck_abort_msg("unknown filter %.*s", STR_ARG(filter));
}

static struct str key_of(const struct jt *key)
{
    struct str type = jt_get_str(key, S("type"));
    if (str_eq(type, S("keyAggregate")))
        return jt_get_str(jt_get(key, S("name")), S("value"));
    if (str_starts(type, S("keyExplicit")))
        return jt_get_str(jt_get(key, S("key")), S("value"));
    return jt_get_str(key, S("value"));
}

static void same_filter(const struct search_term *t, const struct jt *token)
{
    const struct jt *value = jt_get(token, S("value")), *items = jt_get(value, S("items"));
    bool negated = jt_get(token, S("negated"))->kind == JT_TRUE;
    struct str sign = jt_get_str(token, S("operator"));
    const char *expected =
        arena_printf(arena, "%s%.*s", negated ? "!" : "", STR_ARG(sign.n ? sign : S("=")));
    ck_assert(str_starts(t->key, key_of(jt_get(token, S("key")))));
    same_kind(t, jt_get_str(token, S("filter")));
    if (t->kind != SEARCH_BOOLEAN)
        ck_assert_str_eq(signs[t->comparison], expected);
    if (!items) {
        ck_assert_uint_eq(t->count, 1);
        same_value(t, &t->values[0], value);
        return;
    }
    ck_assert_uint_eq(t->count, items->count);
    for (size_t i = 0; i < t->count; i++)
        same_value(t, &t->values[i], jt_get(jt_at(items, i), S("value")));
}

static void same_terms(const struct search *search, const struct jt *tokens)
{
    size_t at = 0;
    for (const struct jt *token = tokens->first; token; token = token->next) {
        struct str type = jt_get_str(token, S("type"));
        if (str_eq(type, S("spaces")))
            continue;
        ck_assert_uint_lt(at, search->count);
        if (str_eq(type, S("freeText"))) {
            ck_assert_int_eq(search->terms[at].kind, SEARCH_FREE);
            same_text(&search->terms[at].values[0], token);
        } else {
            same_filter(&search->terms[at], token);
        }
        at++;
    }
    ck_assert_uint_eq(at, search->count);
}

static void check_fixture(const struct jt *fixture)
{
    struct str query = jt_get_str(fixture, S("query"));
    struct search search;
    const char *error;
    bool ok = search_parse(arena, query, NOW, &search, &error);
    /* A boolean comes with its negation as written; the term is flipped already. */
    ck_assert_msg(ok != is_refused(fixture), "%.*s: %s", STR_ARG(query), ok ? "taken" : error);
    if (ok && !str_starts(query, S("!stack.in_app")))
        same_terms(&search, jt_get(fixture, S("result")));
}

START_TEST(fixtures_are_read_alike)
{
    const char *error,
        *path = arena_printf(arena, "%s/%s.json", fixture_folder(), fixture_files[_i]);
    struct str text = read_file(path);
    if (!text.p) {
        if (_i == 0)
            fprintf(stderr, "test_search: no shared fixtures found, skipped\n");
        return;
    }
    struct jt *list = jt_read(arena, text, 64, &error);
    ck_assert_ptr_nonnull(list);
    for (const struct jt *fixture = list->first; fixture; fixture = fixture->next)
        check_fixture(fixture);
}
END_TEST

/* Whatever Sentry's parsers make of these, ours must not fall over. */
START_TEST(other_fixtures_do_no_harm)
{
    struct str text =
        read_file(arena_printf(arena, "%s/%s.json", fixture_folder(), skipped_files[_i]));
    const char *error;
    struct jt *list = text.p ? jt_read(arena, text, 64, &error) : NULL;
    for (const struct jt *fixture = list ? list->first : NULL; fixture; fixture = fixture->next)
        ck_assert_ptr_nonnull(describe(jt_get_str(fixture, S("query"))).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, query_becomes_terms, 0, COUNT_OF(queries));
    tcase_add_test(tc, day_is_whole_and_moment_is_around);
    tcase_add_test(tc, too_much_is_refused);
    tcase_add_loop_test(tc, wildcards_become_patterns, 0, COUNT_OF(patterns));
    tcase_add_loop_test(tc, fixtures_are_read_alike, 0, COUNT_OF(fixture_files));
    tcase_add_loop_test(tc, other_fixtures_do_no_harm, 0, COUNT_OF(skipped_files));
}

int main(void)
{
    return suite_run("search", add_tests);
}
