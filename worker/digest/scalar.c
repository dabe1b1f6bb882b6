#include "worker/digest/scalar.h"

#include <math.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/uuid.h"
#include "storage/span_status.h"
#include "worker/digest/trim.h"

/* Doubles hold every integer up to here. */
#define EXACT_MAX 9007199254740992.0

static void become(struct jt *v, enum jt_kind kind, struct str text)
{
    v->kind = kind;
    v->text = text;
    v->first = v->last = NULL;
    v->count = 0;
}

const char *scalar_string(struct arena *a, struct jt *v)
{
    (void)a;
    return v->kind == JT_STRING ? NULL : "expected a string";
}

const char *scalar_lenient(struct arena *a, struct jt *v)
{
    int64_t whole;
    uint64_t large;
    double real;
    if (v->kind == JT_STRING)
        return NULL;
    if (v->kind == JT_TRUE || v->kind == JT_FALSE) {
        become(v, JT_STRING, v->kind == JT_TRUE ? S("True") : S("False"));
        return NULL;
    }
    if (v->kind != JT_NUMBER)
        return "expected a primitive value";
    if (!text_int64(v->text, &whole) && !text_uint64(v->text, &large)) {
        if (!text_double(v->text, &real) || fabs(real) >= EXACT_MAX)
            return "expected a number that fits 53 bits";
        v->text = str_of(arena_printf(a, "%lld", (long long)real));
    }
    v->kind = JT_STRING;
    return NULL;
}

const char *scalar_json_text(struct arena *a, struct jt *v)
{
    if (v->kind != JT_STRING)
        become(v, JT_STRING, trim_json_text(a, v));
    return NULL;
}

static bool is_whole(const struct jt *v, double *real)
{
    return jt_double(v, real) && *real == floor(*real) && fabs(*real) < EXACT_MAX;
}

const char *scalar_uint(struct arena *a, struct jt *v)
{
    uint64_t number;
    double real;
    if (v->kind == JT_NUMBER && text_uint64(v->text, &number))
        return NULL;
    if (!is_whole(v, &real) || real < 0)
        return "expected an unsigned integer";
    v->text = str_of(arena_printf(a, "%.0f", real));
    return NULL;
}

const char *scalar_int(struct arena *a, struct jt *v)
{
    int64_t number;
    double real;
    if (jt_int64(v, &number))
        return NULL;
    if (!is_whole(v, &real))
        return "expected a signed integer";
    v->text = str_of(arena_printf(a, "%.0f", real));
    return NULL;
}

const char *scalar_float(struct arena *a, struct jt *v)
{
    (void)a;
    return v->kind == JT_NUMBER ? NULL : "expected a number";
}

const char *scalar_bool(struct arena *a, struct jt *v)
{
    (void)a;
    return v->kind == JT_TRUE || v->kind == JT_FALSE ? NULL : "expected a boolean";
}

static bool parse_address(struct str text, uint64_t *out)
{
    if (!str_starts(text, S("0x")) && !str_starts(text, S("0X")))
        return text_uint64(text, out);
    uint32_t high = 0, low = 0;
    struct str digits = str_from(text, 2);
    size_t upper = digits.n > 8 ? digits.n - 8 : 0;
    if (digits.n > 16 || (upper && !text_hex_value(str_slice(digits, 0, upper), &high)) ||
        !text_hex_value(str_slice(digits, upper, digits.n), &low))
        return false;
    *out = (uint64_t)high << 32 | low;
    return true;
}

const char *scalar_address(struct arena *a, struct jt *v)
{
    uint64_t address;
    bool fits = v->kind == JT_STRING || v->kind == JT_NUMBER;
    if (!fits || !parse_address(v->text, &address))
        return "expected an address";
    become(v, JT_STRING, str_of(arena_printf(a, "0x%llx", (unsigned long long)address)));
    return NULL;
}

const char *scalar_thread_id(struct arena *a, struct jt *v)
{
    uint64_t number;
    (void)a;
    bool fits = v->kind == JT_STRING || (v->kind == JT_NUMBER && text_uint64(v->text, &number));
    return fits ? NULL : "expected a thread id";
}

const char *scalar_event_id(struct arena *a, struct jt *v)
{
    struct uuid id;
    if (!uuid_parse(jt_str(v), &id) || uuid_is_nil(id))
        return "expected an event id";
    v->text = uuid_text(a, id);
    return NULL;
}

static bool is_hex_id(struct str s, size_t digits)
{
    uint8_t bytes[16];
    bool nil = true;
    for (size_t i = 0; i < s.n; i++)
        nil = nil && s.p[i] == '0';
    return s.n == digits && !nil && text_unhex(s, bytes);
}

const char *scalar_trace_id(struct arena *a, struct jt *v)
{
    if (!is_hex_id(jt_str(v), 32))
        return "expected a trace id of 32 hex digits";
    v->text = text_lower(a, v->text);
    return NULL;
}

const char *scalar_span_id(struct arena *a, struct jt *v)
{
    if (!is_hex_id(jt_str(v), 16))
        return "expected a span id of 16 hex digits";
    v->text = text_lower(a, v->text);
    return NULL;
}

/* Words and, from Python's logging module, numbers. */
static const struct {
    struct str word, level;
} levels[] = {
    {{"error", 5}, {"error", 5}},    {{"warning", 7}, {"warning", 7}}, {{"info", 4}, {"info", 4}},
    {{"fatal", 5}, {"fatal", 5}},    {{"debug", 5}, {"debug", 5}},     {{"log", 3}, {"info", 4}},
    {{"critical", 8}, {"fatal", 5}}, {{"10", 2}, {"debug", 5}},        {{"20", 2}, {"info", 4}},
    {{"30", 2}, {"warning", 7}},     {{"40", 2}, {"error", 5}},        {{"50", 2}, {"fatal", 5}},
};

const char *scalar_level(struct arena *a, struct jt *v)
{
    (void)a;
    bool fits = v->kind == JT_STRING || v->kind == JT_NUMBER;
    for (size_t i = 0; fits && i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (!str_eq(v->text, levels[i].word))
            continue;
        become(v, JT_STRING, levels[i].level);
        return NULL;
    }
    return "expected a level";
}

const char *scalar_span_status(struct arena *a, struct jt *v)
{
    int64_t number;
    int status = span_status_named(jt_str(v));
    (void)a;
    if (jt_int64(v, &number) && number >= 0 && number < SPAN_STATUS_COUNT)
        status = (int)number;
    if (status == SPAN_STATUS_NONE)
        return "expected a span status";
    become(v, JT_STRING, span_status_name(status));
    return NULL;
}

const char *scalar_time(const struct jt *v, int64_t *us)
{
    double seconds;
    if (v->kind == JT_STRING && clock_parse(v->text, us))
        return NULL;
    if (!jt_double(v, &seconds) || seconds < (double)CLOCK_LEAST / CLOCK_SECOND ||
        seconds > (double)CLOCK_MOST / CLOCK_SECOND)
        return "expected a time";
    *us = (int64_t)llround(seconds * CLOCK_SECOND);
    return NULL;
}

struct str scalar_time_text(struct arena *a, int64_t us)
{
    bool before = us < 0;
    uint64_t size = before ? 0 - (uint64_t)us : (uint64_t)us;
    char *text = arena_printf(a, "%s%llu.%06llu", before ? "-" : "",
                              (unsigned long long)(size / CLOCK_SECOND),
                              (unsigned long long)(size % CLOCK_SECOND));
    size_t n = strlen(text);
    while (text[n - 1] == '0' && text[n - 2] != '.')
        n--;
    return (struct str){text, n};
}
