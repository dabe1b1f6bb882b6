#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <wctype.h>

#include "base/scan.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* Number of continuation bytes after `lead`, and the range the first of them must lie in: the
 * table of well-formed sequences, Unicode 15 §3.9. */
static size_t continuation(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

size_t text_sequence(struct str s, bool *valid)
{
    unsigned char low, high;
    unsigned char lead = (unsigned char)s.p[0];
    size_t wanted = continuation(lead, &low, &high), n = 1;
    *valid = lead < 0x80;
    if (!wanted)
        return 1;
    while (n < s.n && n <= wanted) {
        unsigned char c = (unsigned char)s.p[n];
        if (c < low || c > high)
            break;
        low = 0x80;
        high = 0xBF;
        n++;
    }
    *valid = n == wanted + 1;
    return n;
}

/* Length of the leading part that is valid UTF-8 without NUL. */
static size_t clean_prefix(struct str s)
{
    size_t at = 0;
    while (at < s.n) {
        at += scan_ascii(s.p + at, s.n - at);
        if (at == s.n || !s.p[at])
            break;
        bool valid;
        size_t n = text_sequence(str_from(s, at), &valid);
        if (!valid)
            break;
        at += n;
    }
    return at;
}

bool text_is_utf8(struct str s)
{
    return clean_prefix(s) == s.n;
}

struct str text_utf8(struct arena *a, struct str s)
{
    size_t at = clean_prefix(s);
    if (at == s.n)
        return s;
    char *out = arena_take(a, at + (s.n - at) * 3);
    size_t n = 0;
    for (size_t from = 0;;) {
        memcpy(out + n, s.p + from, at - from);
        n += at - from;
        if (at == s.n)
            return (struct str){out, n};
        bool valid;
        from = at + text_sequence(str_from(s, at), &valid);
        if (s.p[at]) {
            memcpy(out + n, replacement, 3);
            n += 3;
        }
        at = from + clean_prefix(str_from(s, from));
    }
}

size_t text_put_point(char out[4], uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    for (size_t i = more; i; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)(lead[more] | point);
    return more + 1;
}

static bool starts_point(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

enum { UTF16_HIGH = 0xd800, UTF16_LOW = 0xdc00, UTF16_END = 0xe000, UTF16_BASE = 0x10000 };
enum { LONE_SURROGATE = 0xfffd };

static uint32_t unit_at(struct str bytes, size_t index)
{
    return (uint32_t)(unsigned char)bytes.p[2 * index] |
           (uint32_t)(unsigned char)bytes.p[2 * index + 1] << 8;
}

struct str text_of_utf16(struct arena *a, struct str bytes)
{
    size_t units = bytes.n / 2, n = 0;
    char *out = arena_take(a, units * 4 + 1);
    for (size_t i = 0; i < units; i++) {
        uint32_t point = unit_at(bytes, i);
        uint32_t low = i + 1 < units ? unit_at(bytes, i + 1) : 0;
        bool is_pair =
            point >= UTF16_HIGH && point < UTF16_LOW && low >= UTF16_LOW && low < UTF16_END;
        if (is_pair) {
            point = UTF16_BASE + ((point - UTF16_HIGH) << 10) + (low - UTF16_LOW);
            i++;
        } else if (point >= UTF16_HIGH && point < UTF16_END) {
            point = LONE_SURROGATE;
        }
        if (!point)
            break;
        n += text_put_point(out + n, point);
    }
    return (struct str){out, n};
}

size_t text_points(struct str s)
{
    size_t points = 0;
    for (size_t i = 0; i < s.n; i++)
        points += starts_point(s.p[i]);
    return points;
}

size_t text_prefix(struct str s, size_t points)
{
    if (s.n <= points)
        return s.n;
    for (size_t i = 0; i < s.n; i++) {
        if (!starts_point(s.p[i]))
            continue;
        if (points-- == 0)
            return i;
    }
    return s.n;
}

/* The first `keep` bytes, and dots. */
static struct str with_dots(struct arena *a, struct str s, size_t keep, size_t dots)
{
    char *out = arena_take(a, keep + dots);
    memcpy(out, s.p, keep);
    memcpy(out + keep, "...", dots);
    return (struct str){out, keep + dots};
}

struct str text_ellipsis(struct arena *a, struct str s, size_t points)
{
    if (text_prefix(s, points) == s.n)
        return s;
    size_t dots = points < 3 ? points : 3;
    return with_dots(a, s, text_prefix(s, points - dots), dots);
}

struct str text_ellipsis_bytes(struct arena *a, struct str s, size_t bytes)
{
    if (s.n <= bytes)
        return s;
    size_t dots = bytes < 3 ? bytes : 3, keep = bytes - dots;
    while (keep && !starts_point(s.p[keep]))
        keep--;
    return with_dots(a, s, keep, dots);
}

bool text_uint64(struct str s, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (s.n)
        *out = value;
    return s.n > 0;
}

bool text_int64(struct str s, int64_t *out)
{
    bool negative = str_starts(s, S("-"));
    uint64_t value;
    if (s.n == 0 || !text_uint64(str_from(s, negative), &value) ||
        value > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* What most numbers are: at most 2^53 of a power of ten below one.  Both are exact as doubles, so
 * their quotient is rounded once, as strtod would.  False: ask strtod. */
static bool short_decimal(struct str s, double *out)
{
    static const double powers[] = {1,   1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
    enum { DIGITS_MAX = 16 };
    uint64_t value = 0;
    size_t begin = s.n && s.p[0] == '-', at = begin, point = 0;
    for (; at < s.n && at - begin <= DIGITS_MAX; at++) {
        unsigned digit = (unsigned char)s.p[at] - (unsigned)'0';
        if (digit <= 9)
            value = value * 10 + digit;
        else if (s.p[at] == '.' && !point && at > begin)
            point = at + 1;
        else
            return false;
    }
    if (at < s.n || at == begin || point == s.n || value > (uint64_t)1 << 53)
        return false;
    double number = (double)value / powers[point ? s.n - point : 0];
    *out = begin ? -number : number;
    return true;
}

bool text_double(struct str s, double *out)
{
    char z[512], *end;
    if (short_decimal(s, out))
        return true;
    /* strtod takes more than decimal numbers: hex, blanks, "nan", "inf". */
    for (size_t i = 0; i < s.n; i++)
        if (!memchr("0123456789+-.eE", s.p[i], 15))
            return false;
    if (s.n == 0 || s.n >= sizeof(z))
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    double value = strtod(z, &end);
    if (end != z + s.n)
        return false;
    *out = value;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_hex_value(struct str s, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < s.n; i++) {
        int digit = hex_digit(s.p[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *out = value;
    return s.n > 0 && s.n <= 8;
}

bool text_unhex(struct str s, uint8_t *out)
{
    if (s.n % 2)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (hex_digit(s.p[i]) < 0)
            return false;
    for (size_t i = 0; i < s.n; i += 2)
        out[i / 2] = (uint8_t)(hex_digit(s.p[i]) << 4 | hex_digit(s.p[i + 1]));
    return true;
}

struct str text_hex(struct arena *a, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *out = arena_take(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[from[i] >> 4];
        out[2 * i + 1] = digits[from[i] & 15];
    }
    out[n * 2] = '\0';
    return (struct str){out, n * 2};
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

struct str text_unbase64(struct arena *a, struct str s)
{
    for (int padding = 0; padding < 2 && s.n && s.p[s.n - 1] == '='; padding++)
        s.n--;
    if (s.n % 4 == 1 || !s.p)
        return (struct str){0};
    char *out = arena_take(a, s.n / 4 * 3 + 3);
    size_t n = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < s.n; i++) {
        int digit = base64_digit(s.p[i]);
        if (digit < 0)
            return (struct str){0};
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4)
            out[n++] = (char)(bits >> (6 - 2 * (i % 4)));
    }
    return (struct str){out, n};
}

static struct str base64(struct arena *a, struct str bytes, const char *alphabet, bool pad)
{
    char *out = arena_take(a, (bytes.n + 2) / 3 * 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t have = bytes.n - i < 3 ? bytes.n - i : 3;
        unsigned char in[3] = {0};
        memcpy(in, bytes.p + i, have);
        uint32_t bits = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
        for (size_t k = 0; k <= have; k++)
            out[n++] = alphabet[bits >> (18 - 6 * k) & 63];
        for (size_t k = have; pad && k < 3; k++)
            out[n++] = '=';
    }
    out[n] = '\0';
    return (struct str){out, n};
}

#define ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

struct str text_base64(struct arena *a, struct str bytes)
{
    return base64(a, bytes, ALPHANUMERIC "+/", true);
}

struct str text_base64url(struct arena *a, struct str bytes)
{
    return base64(a, bytes, ALPHANUMERIC "-_", false);
}

struct str text_percent_decode(struct arena *a, struct str s, bool plus_is_space)
{
    if (str_index(s, '%') == s.n && (!plus_is_space || str_index(s, '+') == s.n))
        return s;
    char *out = arena_take(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        uint32_t value;
        if (s.p[i] == '%' && i + 2 < s.n && text_hex_value(str_slice(s, i + 1, i + 3), &value)) {
            out[n++] = (char)value;
            i += 2;
        } else {
            out[n++] = s.p[i] == '+' && plus_is_space ? ' ' : s.p[i];
        }
    }
    return (struct str){out, n};
}

struct str text_percent_encode(struct arena *a, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_take(a, s.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c && strchr(ALPHANUMERIC "-._~", c)) {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 15];
    }
    return (struct str){out, n};
}

struct str text_lower(struct arena *a, struct str s)
{
    char *out = arena_take(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i];
    return (struct str){s.p ? out : NULL, s.n};
}

static locale_t all_scripts;
static pthread_once_t locale_made = PTHREAD_ONCE_INIT;

static void make_locale(void)
{
    all_scripts = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!all_scripts)
        abort();
}

/* The code point of a valid sequence. */
static uint32_t point_of(struct str sequence)
{
    static const unsigned char lead_bits[] = {0x7F, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = (unsigned char)sequence.p[0] & lead_bits[sequence.n];
    for (size_t i = 1; i < sequence.n; i++)
        point = point << 6 | ((unsigned char)sequence.p[i] & 0x3F);
    return point;
}

struct str text_fold(struct arena *a, struct str s)
{
    if (scan_ascii(s.p, s.n) == s.n)
        return text_lower(a, s);
    pthread_once(&locale_made, make_locale);
    char *out = arena_take(a, s.n * 2);
    size_t n = 0;
    bool valid;
    for (size_t at = 0, length; at < s.n; at += length) {
        length = text_sequence(str_from(s, at), &valid);
        uint32_t point = point_of(str_slice(s, at, at + length));
        /* No lower-case letter takes more than three bytes for two. */
        n += text_put_point(out + n, (uint32_t)towlower_l((wint_t)point, all_scripts));
    }
    return (struct str){out, n};
}

size_t text_run(struct str s, size_t at, const char *bytes)
{
    size_t from = at;
    while (at < s.n && s.p[at] && strchr(bytes, s.p[at]))
        at++;
    return at - from;
}

bool text_is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static char *append(char *to, struct str s)
{
    if (s.n)
        memcpy(to, s.p, s.n);
    return to + s.n;
}

struct str text_join(struct arena *a, struct str one, struct str between, struct str two)
{
    size_t n = one.n + between.n + two.n;
    char *out = arena_take(a, n + 1);
    append(append(append(out, one), between), two);
    return (struct str){out, n};
}

struct str text_after_last(struct str s, const char *bytes)
{
    size_t at = s.n;
    while (at && !(s.p[at - 1] && strchr(bytes, s.p[at - 1])))
        at--;
    return s.n ? str_from(s, at) : s;
}

enum { SLUG_MAX = 50 };

static bool is_slug_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

struct str text_slug(struct arena *a, struct str s)
{
    struct str from = text_lower(a, s);
    char *out = arena_take(a, SLUG_MAX + 1);
    size_t n = 0;
    for (size_t i = 0; i < from.n && n < SLUG_MAX; i++) {
        char c = is_slug_byte(from.p[i]) ? from.p[i] : '-';
        if (c != '-' || (n && out[n - 1] != '-'))
            out[n++] = c;
    }
    while (n && out[n - 1] == '-')
        n--;
    if (n && all_digits((struct str){out, n})) {
        n = n < SLUG_MAX - 1 ? n : SLUG_MAX - 2;
        memmove(out + 2, out, n);
        memcpy(out, "p-", 2);
        n += 2;
    }
    return (struct str){out, n};
}

bool text_is_slug(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_slug_byte(s.p[i]))
            return false;
    return s.n > 0 && s.n <= SLUG_MAX && !all_digits(s);
}

struct str text_ip(struct arena *a, struct str s)
{
    unsigned char address[16];
    char *out = arena_take(a, INET6_ADDRSTRLEN);
    const char *z = s.n < INET6_ADDRSTRLEN ? arena_strdup(a, s) : "";
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        if (memchr(s.p ? s.p : "", '\0', s.n) == NULL && inet_pton(family, z, address) == 1 &&
            inet_ntop(family, address, out, INET6_ADDRSTRLEN))
            return str_of(out);
    }
    return (struct str){0};
}
