#define PCRE2_CODE_UNIT_WIDTH 8
#include "worker/scrub/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"

/* Steps are counted anew from each start, and starts come in windows between which the clock is
 * looked at: one window costs some milliseconds at worst. */
enum { STEPS_MAX = 5000, WINDOW = 4096, CODE_SIZE_MAX = 262144, CLOCK_EVERY = 65536 };

struct pattern {
    pcre2_code *text, *bytes; /* bytes: NULL when it needs Unicode */
};

/* ---- Compiling. */

/* Length of the escape or the character that s begins with; classes are skipped as a whole. */
static size_t token_length(struct str s)
{
    if (s.p[0] == '\\')
        return s.n > 1 ? 2 : 1;
    if (s.p[0] != '[')
        return 1;
    size_t i = s.n > 1 && s.p[1] == '^' ? 2 : 1;
    i += i < s.n && s.p[i] == ']';
    while (i < s.n && s.p[i] != ']')
        i += s.p[i] == '\\' ? 2 : 1;
    return i < s.n ? i + 1 : s.n;
}

/* After "(?": a name, no name, or flags; the others look around, recurse or call out. */
static bool is_linear_group(struct str s)
{
    if (str_starts(s, S("P<")))
        return true;
    if (str_starts(s, S("<")))
        return s.n > 1 && text_is_word_byte(s.p[1]);
    size_t flags = text_run(s, 0, "imsxU-");
    return flags < s.n && (s.p[flags] == ':' || (flags && s.p[flags] == ')'));
}

static bool is_linear(struct str source)
{
    while (source.n) {
        if (str_starts(source, S("(*")))
            return false;
        if (str_starts(source, S("(?")) && !is_linear_group(str_from(source, 2)))
            return false;
        if (str_starts(source, S("\\")) && source.n > 1 && strchr("gkCKGQE", source.p[1]))
            return false;
        source = str_from(source, token_length(source));
    }
    return true;
}

static bool is_bounded(const pcre2_code *code)
{
    uint32_t back_references = 0;
    size_t size = 0;
    pcre2_pattern_info(code, PCRE2_INFO_BACKREFMAX, &back_references);
    pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
    return !back_references && size <= CODE_SIZE_MAX;
}

static pcre2_code *compile(struct str source, uint32_t options)
{
    int error;
    PCRE2_SIZE at;
    options |= PCRE2_DOLLAR_ENDONLY | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)source.p, source.n, options, &error, &at, NULL);
    if (code && !is_bounded(code)) {
        pcre2_code_free(code);
        return NULL;
    }
    if (code)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

struct pattern *pattern_new(struct str source, unsigned flags)
{
    uint32_t caseless = flags & PATTERN_CASELESS ? PCRE2_CASELESS : 0;
    bool accepted = flags & PATTERN_TRUSTED || is_linear(source);
    if (!source.n || source.n > PATTERN_TEXT_MAX || !text_is_utf8(source) || !accepted)
        return NULL;
    pcre2_code *text = compile(source, caseless | PCRE2_UTF | PCRE2_UCP);
    if (!text)
        return NULL;
    struct pattern *p = malloc(sizeof(*p));
    if (!p)
        abort();
    *p = (struct pattern){text, compile(source, caseless | PCRE2_DOTALL)};
    return p;
}

void pattern_free(void *pattern)
{
    struct pattern *p = pattern;
    pcre2_code_free(p->text);
    pcre2_code_free(p->bytes);
    free(p);
}

/* ---- Searching. */

static void matcher_begin(struct matcher *m)
{
    m->match = pcre2_match_data_create(PATTERN_GROUPS_MAX, NULL);
    m->context = pcre2_match_context_create(NULL);
    if (!m->match || !m->context)
        abort();
    pcre2_set_match_limit(m->context, STEPS_MAX);
    pcre2_set_depth_limit(m->context, STEPS_MAX);
    m->deadline = clock_monotonic() + (m->budget_us ? m->budget_us : PATTERN_TIME_MAX_US);
    m->until_clock = CLOCK_EVERY;
}

void matcher_free(void *matcher)
{
    struct matcher *m = matcher;
    pcre2_match_data_free(m->match);
    pcre2_match_context_free(m->context);
}

static bool spend(struct matcher *m, size_t bytes)
{
    if (bytes < m->until_clock) {
        m->until_clock -= bytes;
        return true;
    }
    m->until_clock = CLOCK_EVERY;
    m->exhausted = clock_monotonic() > m->deadline;
    return !m->exhausted;
}

static void copy_groups(const struct matcher *m, int count, struct span *groups)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(m->match);
    size_t known = count > 0 ? (size_t)count : PATTERN_GROUPS_MAX;
    for (size_t i = 0; i < PATTERN_GROUPS_MAX; i++) {
        bool set = i < known && offsets[2 * i] != PCRE2_UNSET;
        groups[i].start = set ? offsets[2 * i] : SIZE_MAX;
        groups[i].end = set ? offsets[2 * i + 1] : SIZE_MAX;
    }
}

/* The last start of the window that begins at `from`, on the border of a character. */
static size_t window_end(struct subject subject, size_t from)
{
    size_t end = from + WINDOW;
    if (end >= subject.bytes.n)
        return subject.bytes.n;
    while (subject.is_text && ((unsigned char)subject.bytes.p[end] & 0xC0) == 0x80)
        end--;
    return end;
}

enum found pattern_find(const struct pattern *p, struct matcher *m, struct subject subject,
                        size_t from, struct span *groups)
{
    const pcre2_code *code = subject.is_text ? p->text : p->bytes;
    struct str s = subject.bytes;
    if (!code)
        return FOUND_NOTHING;
    if (!m->match)
        matcher_begin(m);
    for (size_t end; !m->exhausted; from = end) {
        end = window_end(subject, from);
        pcre2_set_offset_limit(m->context, end);
        int found =
            pcre2_match(code, (PCRE2_SPTR)s.p, s.n, from, PCRE2_NO_UTF_CHECK, m->match, m->context);
        if (found >= 0) {
            copy_groups(m, found, groups);
            spend(m, groups[0].start - from);
            return FOUND_MATCH;
        }
        if (found != PCRE2_ERROR_NOMATCH)
            return FOUND_GIVEN_UP;
        if (!spend(m, end - from) || end == s.n)
            return m->exhausted ? FOUND_GIVEN_UP : FOUND_NOTHING;
    }
    return FOUND_GIVEN_UP;
}
