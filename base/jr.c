#include "base/jr.h"

#include "base/scan.h"
#include "base/text.h"

static void begin(struct jr *r, struct str input, unsigned depth_limit, bool prefix)
{
    *r = (struct jr){
        .start = input.p,
        .at = input.p,
        .end = input.p + input.n,
        .prefix = prefix,
        .depth_limit = depth_limit < JR_DEPTH_MAX ? depth_limit : JR_DEPTH_MAX,
    };
    if (str_starts(input, S("\xEF\xBB\xBF")))
        r->at += 3;
}

void jr_begin(struct jr *r, struct str input, unsigned depth_limit)
{
    begin(r, input.p ? input : S(""), depth_limit, false);
}

void jr_begin_folding(struct jr *r, struct str input, unsigned depth_limit)
{
    jr_begin(r, input, depth_limit);
    r->folds = true;
}

void jr_begin_prefix(struct jr *r, struct str input, unsigned depth_limit)
{
    begin(r, input.p ? input : S(""), depth_limit, true);
}

static enum jr_kind fail(struct jr *r, const char *why)
{
    if (!r->error)
        r->error = why;
    return JR_ERROR;
}

static void skip_blanks(struct jr *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static struct str rest(const struct jr *r)
{
    return (struct str){r->at, (size_t)(r->end - r->at)};
}

/* Steps over what stopped the scan of a string: an escape, a control character or a byte outside
 * ASCII. */
static void step_over(struct jr *r)
{
    unsigned char c = (unsigned char)*r->at;
    if (c == '\\') {
        r->escaped = true;
        bool pair = r->end - r->at > 1 && (r->at[1] == '"' || r->at[1] == '\\');
        r->at += pair ? 2 : 1;
    } else if (c < 0x80) {
        r->escaped = r->escaped || c == 0;
        r->at++;
    } else {
        bool valid;
        r->at += text_sequence(rest(r), &valid);
        r->escaped = r->escaped || !valid;
        r->broken += !valid;
    }
}

/* Reads a string from after its opening quote to after its closing one. */
static bool read_string(struct jr *r)
{
    const char *from = r->at;
    r->escaped = false;
    r->broken = 0;
    for (;;) {
        r->at += scan_plain_ascii(r->at, (size_t)(r->end - r->at));
        if (r->at == r->end)
            return false;
        if (*r->at == '"')
            break;
        step_over(r);
    }
    r->raw = (struct str){from, (size_t)(r->at - from)};
    r->at++;
    return true;
}

static size_t digits(const char *p, const char *end)
{
    const char *from = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return (size_t)(p - from);
}

static enum jr_kind read_number(struct jr *r)
{
    const char *p = r->at, *end = r->end;
    p += *p == '-';
    size_t whole = digits(p, end);
    bool leading_zero = whole > 1 && *p == '0';
    p += whole;
    size_t fraction = 1, exponent = 1;
    if (p < end && *p == '.') {
        fraction = digits(++p, end);
        p += fraction;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        exponent = digits(p, end);
        p += exponent;
    }
    if (!whole || !fraction || !exponent || leading_zero)
        return fail(r, "malformed number");
    r->raw = (struct str){r->at, (size_t)(p - r->at)};
    r->escaped = false;
    r->at = p;
    return JR_NUMBER;
}

static enum jr_kind read_word(struct jr *r)
{
    static const struct {
        struct str word;
        enum jr_kind kind;
    } words[] = {{{"true", 4}, JR_TRUE}, {{"false", 5}, JR_FALSE},   {{"null", 4}, JR_NULL},
                 {{"NaN", 3}, JR_NULL},  {{"Infinity", 8}, JR_NULL}, {{"-Infinity", 9}, JR_NULL}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!str_starts(rest(r), words[i].word))
            continue;
        r->at += words[i].word.n;
        return words[i].kind;
    }
    return fail(r, "unknown word");
}

static void value_read(struct jr *r)
{
    r->state = r->depth ? JR_WANT_COMMA : JR_DONE;
}

/* Steps over a container by counting brackets; which of them belong together is not looked at. */
static enum jr_kind fold_container(struct jr *r)
{
    for (size_t open = 1; open;) {
        if (r->at == r->end)
            return fail(r, "unexpected end");
        char c = *r->at++;
        if (c == '"' && !read_string(r))
            return fail(r, "unfinished string");
        open += c == '[' || c == '{';
        open -= c == ']' || c == '}';
    }
    value_read(r);
    return JR_NULL;
}

static enum jr_kind open_container(struct jr *r, bool object)
{
    if (r->depth == r->depth_limit)
        return r->folds ? fold_container(r) : fail(r, "nested too deeply");
    uint8_t bit = (uint8_t)(1u << (r->depth & 7));
    uint8_t *level = &r->nest[r->depth / 8];
    *level = (uint8_t)(object ? *level | bit : *level & ~bit);
    r->depth++;
    r->state = JR_WANT_FIRST;
    return object ? JR_OBJECT : JR_ARRAY;
}

static bool in_object(const struct jr *r)
{
    unsigned level = r->depth - 1;
    return r->depth && (r->nest[level / 8] >> (level & 7) & 1);
}

static enum jr_kind close_container(struct jr *r)
{
    enum jr_kind kind = in_object(r) ? JR_OBJECT_END : JR_ARRAY_END;
    r->at++;
    r->depth--;
    value_read(r);
    return kind;
}

static enum jr_kind read_key(struct jr *r)
{
    if (*r->at != '"')
        return fail(r, "expected a key");
    r->at++;
    if (!read_string(r))
        return fail(r, "unfinished string");
    skip_blanks(r);
    if (r->at == r->end || *r->at != ':')
        return fail(r, "expected a colon");
    r->at++;
    r->state = JR_WANT_VALUE;
    return JR_KEY;
}

static enum jr_kind read_value(struct jr *r)
{
    char c = *r->at;
    if (c == '{' || c == '[') {
        r->at++;
        return open_container(r, c == '{');
    }
    value_read(r);
    if (c == '"') {
        r->at++;
        return read_string(r) ? JR_STRING : fail(r, "unfinished string");
    }
    bool number = (c >= '0' && c <= '9') || (c == '-' && !str_starts(rest(r), S("-I")));
    return number ? read_number(r) : read_word(r);
}

static enum jr_kind read_end(struct jr *r)
{
    if (!r->prefix && r->at < r->end)
        return fail(r, "text after the value");
    return JR_END;
}

enum jr_kind jr_next(struct jr *r)
{
    if (r->error)
        return JR_ERROR;
    if (r->state == JR_DONE && r->prefix)
        return JR_END;
    skip_blanks(r);
    if (r->state == JR_DONE)
        return read_end(r);
    if (r->at == r->end)
        return fail(r, "unexpected end");
    bool object = in_object(r);
    char closing = object ? '}' : ']';
    if (r->state == JR_WANT_VALUE)
        return read_value(r);
    if (*r->at == closing)
        return close_container(r);
    if (r->state == JR_WANT_COMMA) {
        if (*r->at != ',')
            return fail(r, "expected a comma");
        r->at++;
        skip_blanks(r);
        if (r->at == r->end)
            return fail(r, "unexpected end");
    }
    return object ? read_key(r) : read_value(r);
}

/* A \u escape at the start of s as a code point, with its second half if it has one; 0 bytes when
 * it is no such escape. */
static size_t unicode_escape(struct str s, uint32_t *point)
{
    uint32_t low;
    if (s.n < 6 || !text_hex_value(str_slice(s, 2, 6), point))
        return 0;
    if (*point < 0xD800 || *point > 0xDFFF)
        return 6;
    bool pair = *point < 0xDC00 && s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u' &&
                text_hex_value(str_slice(s, 8, 12), &low) && low >= 0xDC00 && low <= 0xDFFF;
    *point = pair ? 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
    return pair ? 12 : 6;
}

/* Decodes the first unit of s, which begins with a backslash, into at most four bytes. */
static size_t decode_escape(struct str s, char out[4], size_t *written)
{
    static const char meaning[128] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                      ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    uint32_t point;
    unsigned char c = s.n > 1 ? (unsigned char)s.p[1] : 0;
    if (c < 128 && meaning[c]) {
        out[0] = meaning[c];
        *written = 1;
        return 2;
    }
    size_t used = c == 'u' ? unicode_escape(s, &point) : 0;
    if (used) {
        *written = point ? text_put_point(out, point) : 0;
        return used;
    }
    out[0] = '\\';
    *written = 1;
    return 1;
}

/* Decodes the first unit of s that needs decoding, or one clean sequence. */
static size_t decode(struct str s, char out[4], size_t *written)
{
    if (s.p[0] == '\\')
        return decode_escape(s, out, written);
    bool valid;
    size_t n = text_sequence(s, &valid);
    *written = !s.p[0] ? 0 : valid ? n : 3;
    memcpy(out, valid ? s.p : "\xEF\xBF\xBD", *written);
    return n;
}

struct str jr_text(const struct jr *r, struct arena *a)
{
    if (!r->escaped)
        return r->raw;
    char *out = arena_take(a, r->raw.n + 2 * r->broken + 4);
    size_t n = 0, written;
    for (size_t at = 0; at < r->raw.n;) {
        size_t run = scan_plain_ascii(r->raw.p + at, r->raw.n - at);
        memcpy(out + n, r->raw.p + at, run);
        n += run;
        at += run;
        if (at == r->raw.n)
            break;
        at += decode(str_from(r->raw, at), out + n, &written);
        n += written;
    }
    return (struct str){out, n};
}

bool jr_is(const struct jr *r, struct str text)
{
    if (!r->escaped)
        return str_eq(r->raw, text);
    char unit[4];
    size_t written;
    for (size_t at = 0; at < r->raw.n;) {
        at += decode(str_from(r->raw, at), unit, &written);
        if (!str_starts(text, (struct str){unit, written}))
            return false;
        text = str_slice(text, written, text.n);
    }
    return text.n == 0;
}

bool jr_skip(struct jr *r, enum jr_kind kind)
{
    if (kind != JR_OBJECT && kind != JR_ARRAY)
        return kind != JR_ERROR;
    unsigned outside = r->depth - 1;
    while (r->depth > outside)
        if (jr_next(r) == JR_ERROR)
            return false;
    return true;
}

size_t jr_offset(const struct jr *r)
{
    return (size_t)(r->at - r->start);
}

const char *jr_error(const struct jr *r)
{
    return r->error;
}
