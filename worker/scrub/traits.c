#include "worker/scrub/traits.h"

static const uint8_t traits_by_byte[256] = {
    ['0'] = HAS_DIGIT,
    ['1'] = HAS_DIGIT,
    ['2'] = HAS_DIGIT,
    ['3'] = HAS_DIGIT,
    ['4'] = HAS_DIGIT,
    ['5'] = HAS_DIGIT,
    ['6'] = HAS_DIGIT,
    ['7'] = HAS_DIGIT,
    ['8'] = HAS_DIGIT,
    ['9'] = HAS_DIGIT,
    ['@'] = HAS_AT,
    ['/'] = HAS_SLASH,
    ['\\'] = HAS_SLASH,
    [':'] = HAS_COLON,
    ['-'] = HAS_DASH,
    ['.'] = HAS_DOT,
    [' '] = HAS_BLANK,
    ['\t'] = HAS_BLANK,
    ['\n'] = HAS_BLANK,
    ['\r'] = HAS_BLANK,
    /* Blanks outside ASCII begin with one of these. */
    [0xC2] = HAS_BLANK,
    [0xE1] = HAS_BLANK,
    [0xE2] = HAS_BLANK,
    [0xE3] = HAS_BLANK,
    ['\v'] = HAS_BLANK,
    ['\f'] = HAS_BLANK,
};

struct traits traits_of(struct str text)
{
    struct traits t = {.size = text.n};
    for (size_t i = 0; i < text.n; i++) {
        unsigned here = traits_by_byte[(unsigned char)text.p[i]];
        t.present |= here;
        t.digits += here & HAS_DIGIT;
    }
    return t;
}

/* Letters lose their case here; that other bytes meet too only costs a needless look. */
static unsigned folded(char c)
{
    return (unsigned char)c & 31u;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

void wordset_add(struct wordset *set, struct str word)
{
    for (size_t i = 0; word.p && i + 3 <= word.n; i++) {
        struct str three = str_slice(word, i, i + 3);
        if (!is_ascii(three))
            continue;
        unsigned at = folded(three.p[0]) << 10 | folded(three.p[1]) << 5 | folded(three.p[2]);
        set->bits[at / 8] |= (uint8_t)(1u << at % 8);
        return;
    }
    set->every = true;
}

bool wordset_hit(const struct wordset *set, struct str text)
{
    if (set->every)
        return true;
    if (!text.p || text.n < 3)
        return false;
    unsigned at = folded(text.p[0]) << 5 | folded(text.p[1]);
    for (const char *p = text.p + 2, *end = text.p + text.n; p < end; p++) {
        at = (at << 5 | folded(*p)) & 0x7fff;
        if (set->bits[at / 8] >> at % 8 & 1)
            return true;
    }
    return false;
}

static bool is_alphanumeric(char c)
{
    char lower = (char)(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

/* Looks at the last byte a run could have, then backwards: most bytes are never looked at. */
bool text_has_run(struct str text, size_t length)
{
    for (size_t end = length; end <= text.n;) {
        size_t run = 0;
        while (run < length && is_alphanumeric(text.p[end - 1 - run]))
            run++;
        if (run == length)
            return true;
        end += length - run;
    }
    return false;
}
