#define PCRE2_CODE_UNIT_WIDTH 8
#include "worker/digest/message.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"

enum { LINES_KEPT = 2, POINTS_MAX = 8192, MATCH_LIMIT = 20000, KIND_MAX = 32 };

/* Dates. */
#define DAY "(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)"
#define LONG_DAY "(?:Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday)"
#define MONTH "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
#define ZONE "(?:UT|GMT|[ECMP](?:ST|DT)|[A-IK-Z])"
#define ZONE_OR_OFFSET "(?:[-+]\\d{2}[0-5]\\d|" ZONE ")"
#define CLOCK "\\d{2}:\\d{2}:\\d{2}"
#define RFC_822                                                                                    \
    DAY ",\\s\\d{1,2}\\s" MONTH "\\s\\d{2,4}\\s\\d{1,2}:\\d{1,2}(?::\\d{1,2})?\\s" ZONE_OR_OFFSET
#define MONTH_FIRST "(?:" DAY "\\s)?" MONTH "\\s[0-3]\\d,\\s\\d{2,4}"
#define RFC_850 "(?:" DAY "|" LONG_DAY "),\\s\\d{2}-" MONTH "-\\d{2}\\s" CLOCK "\\s" ZONE
#define RFC_3339 "\\d{4}-\\d{2}-\\d{2}T" CLOCK "(?:\\.\\d+)?Z?(?:[+-]?\\d{2}:\\d{2})?"
#define JAVASCRIPT                                                                                 \
    DAY "\\s" MONTH "\\s\\d{2}\\s\\d{4}\\s" CLOCK "\\sGMT[+-]\\d{4}(?:\\s\\([^)]+\\))?"
#define DAY_AND_MINUTE "\\d{4}-?[01]\\d-?[0-3]\\d[\\sT][0-2]\\d:?[0-5]\\d"
#define ISO DAY_AND_MINUTE "(?::?[0-5]\\d(?:\\.\\d+)?)?(?:[+-][0-2]\\d:?[0-5]\\d|Z)?"
#define HALF_DAY "(?<!\\d)(?:[1-9]|1[0-2]):[0-5]\\d(?::[0-5]\\d)?(?![\\d:])(?:\\s?[aApP][Mm])?"
#define FULL_DAY "(?<!\\d)(?:0?\\d|1\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?(?![\\d:])"
#define C_TIME "\\b(?:" DAY "\\s+)?" MONTH "\\s+\\d{1,2}\\s+" CLOCK "\\s+\\d{4}"
#define MAIL                                                                                       \
    "\\b(?:" DAY ",\\s+)?(?:0[1-9]|[1-2]?\\d|3[01])\\s+" MONTH "\\s+(?:19\\d{2}|[2-9]\\d{3})\\s+"  \
    "(?:2[0-3]|[0-1]\\d):[0-5]\\d(?::(?:60|[0-5]\\d))?\\s+" ZONE_OR_OFFSET
#define DATE                                                                                       \
    "(?:" RFC_822 ")|(?:" MONTH_FIRST ")|(?:" RFC_850 ")|(?:" RFC_3339 ")|(?:" JAVASCRIPT          \
    ")|(?:" ISO ")|(?:" HALF_DAY ")|(?:" FULL_DAY ")|(?:\\d{4}-[01]\\d-[0-3]\\d)|(?:[0-2]\\d:"     \
    "[0-5]\\d:[0-5]\\d)|(?:" C_TIME ")|(?:" MAIL ")|(?:datetime.datetime\\(.*?\\))"

/* Addresses. */
#define TLD                                                                                        \
    "com|net|org|jp|de|uk|fr|br|it|ru|es|me|gov|pl|ca|au|cn|co|in|nl|edu|info|eu|ch|id|at|kr|cz|"  \
    "mx|be|tv|se|tr|tw|al|ua|ir|vn|cl|sk|ly|cc|to|no|fi|us|pt|dk|ar|hu|tk|gr|il|news|ro|my|biz|"   \
    "ie|za|nz|sg|ee|th|io|xyz|pe|bg|hk|rs|lt|link|ph|club|si|site|mobi|by|cat|wiki|la|ga|xxx|cf|"  \
    "hr|ng|jobs|online|kz|ug|gq|ae|is|lv|pro|fm|tips|ms|sa|app"
#define UPPER_TLD                                                                                  \
    "COM|NET|ORG|JP|DE|UK|FR|BR|IT|RU|ES|ME|GOV|PL|CA|AU|CN|CO|IN|NL|EDU|INFO|EU|CH|ID|AT|KR|CZ|"  \
    "MX|BE|TV|SE|TR|TW|AL|UA|IR|VN|CL|SK|LY|CC|TO|NO|FI|US|PT|DK|AR|HU|TK|GR|IL|NEWS|RO|MY|BIZ|"   \
    "IE|ZA|NZ|SG|EE|TH|IO|XYZ|PE|BG|HK|RS|LT|LINK|PH|CLUB|SI|SITE|MOBI|BY|CAT|WIKI|LA|GA|X{3}|CF|" \
    "HR|NG|JOBS|ONLINE|KZ|UG|GQ|AE|IS|LV|PRO|FM|TIPS|MS|SA|APP"
/* A mailbox starts where its characters start, or where the last match ended: without the
 * look-behind a long word would be read again from each of its letters. */
#define MAILBOX "a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-"
#define EMAIL "(?:(?<![" MAILBOX "])|\\G)[" MAILBOX "]+@[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)*"
#define URL "\\b(?:wss?|https?|ftp)://[^\\s/$.?#].[^\\s]*"
/* No host has more than twenty labels, but hostile texts have thousands, tried from each. */
#define HOSTNAME "\\b(?:[a-zA-Z0-9\\-]{1,63}\\.){1,20}?(?:" UPPER_TLD "|" TLD ")\\b"
#define H4 "[0-9a-fA-F]{1,4}"
#define OCTET "(?:25[0-5]|(?:2[0-4]|1?[0-9])?[0-9])"
#define IPV4 "(?:" OCTET "\\.){3}" OCTET
#define IPV6                                                                                       \
    "(?:" H4 ":){7}" H4 "|(?:" H4 ":){1,7}:|(?:" H4 ":){1,6}:" H4 "|(?:" H4 ":){1,5}(?::" H4       \
    "){1,2}|(?:" H4 ":){1,4}(?::" H4 "){1,3}|(?:" H4 ":){1,3}(?::" H4 "){1,4}|(?:" H4              \
    ":){1,2}(?::" H4 "){1,5}|" H4 ":(?:(?::" H4 "){1,6})|:(?:(?::" H4 "){1,7}|:)|"                 \
    "fe80:(?::[0-9a-fA-F]{0,4}){0,4}%[0-9a-zA-Z]+|::(?:ffff(?::0{1,4})?:)?" IPV4 "|(?:" H4         \
    ":){1,4}:" IPV4 "\\b"
#define IP "(?<![0-9a-zA-Z_])(?:" IPV6 ")(?:/\\d{1,3})?(?![0-9a-zA-Z:]|\\.\\d)|(?:\\b" IPV4 "\\b)"

/* Ids and numbers. */
#define TRACEPARENT "\\b00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\\b|\\b1-[0-9a-f]{8}-[0-9a-f]{24}\\b"
#define HEX_DIGIT "[0-9a-fA-F]"
#define UUID                                                                                       \
    "\\b" HEX_DIGIT "{8}-" HEX_DIGIT "{4}-" HEX_DIGIT "{4}-" HEX_DIGIT "{4}-" HEX_DIGIT "{12}\\b"
#define SIGNED "(?:\\b|(?<!\\w)-)"
/* Short runs must mix digits and letters to be told from words and numbers. */
#define HEX                                                                                        \
    "\\b0[xX]" HEX_DIGIT "+\\b|" SIGNED                                                            \
    "(?:(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{4,6}|(?=[A-F]*[0-9])(?=[0-9]*[A-F])[0-9A-F]{4,6}|"  \
    "[0-9a-f]{8,128}|[0-9A-F]{8,128})\\b"

static const struct {
    const char *kind, *pattern;
} kinds[] = {
    {"email", EMAIL},
    {"url", URL},
    {"hostname", HOSTNAME},
    {"ip", IP},
    {"traceparent", TRACEPARENT},
    {"uuid", UUID},
    {"sha1", "\\b" HEX_DIGIT "{40}\\b"},
    {"md5", "\\b" HEX_DIGIT "{32}\\b"},
    {"date", DATE},
    {"duration", "\\b(?:\\d+ms)|(?:\\d+(?:\\.\\d+)?s)\\b"},
    {"swift_txn_id", "\\btx[0-9a-f]{21}-[0-9a-f]{10}\\S*"},
    {"hex", HEX},
    {"git_sha", "\\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7}\\b"},
    {"float", "-\\d+\\.\\d+\\b|\\b\\d+\\.\\d+\\b"},
    {"int", SIGNED "\\d{1,7}\\b"},
    {"quoted_str", "(?<==)(?:'[^']+'|\"[^\"]+\")"},
    {"bool", "(?<==)(?:True|true|False|false)"},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* A text without "@" skips the search for mailboxes. */
static pcre2_code *all_kinds, *all_but_email, *single[KINDS];
static pcre2_match_context *bounds;
static pthread_once_t compiled = PTHREAD_ONCE_INIT;

/* The mark after each alternative names the kind that matched. */
static pcre2_code *compile(size_t first, size_t end)
{
    struct buf pattern;
    int error;
    PCRE2_SIZE at;
    buf_init(&pattern, 65536);
    for (size_t i = first; i < end; i++)
        buf_printf(&pattern, "%s(?:%s)(*MARK:%zu)", i > first ? "|" : "", kinds[i].pattern, i);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len,
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK, &error, &at, NULL);
    buf_free(&pattern);
    if (!code)
        abort();
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

static void compile_all(void)
{
    all_kinds = compile(0, KINDS);
    all_but_email = compile(1, KINDS);
    for (size_t i = 0; i < KINDS; i++)
        single[i] = compile(i, i + 1);
    bounds = pcre2_match_context_create(NULL);
    if (!bounds)
        abort();
    pcre2_set_match_limit(bounds, MATCH_LIMIT);
    pcre2_set_depth_limit(bounds, MATCH_LIMIT);
}

/* The pattern takes more for an address than is one. */
static bool is_ip(struct arena *a, struct str s)
{
    uint64_t bits = 0;
    size_t slash = str_index(s, '/');
    if (slash < s.n && !text_uint64(str_from(s, slash + 1), &bits))
        return false;
    struct str address = str_slice(s, 0, str_index(str_slice(s, 0, slash), '%'));
    bool v6 = str_index(address, ':') < address.n;
    return text_ip(a, address).p && bits <= (v6 ? 128 : 32);
}

struct pass {
    struct arena *arena;
    pcre2_match_data *match;
    struct buf out;
    bool declined; /* some match was no address after all */
};

static void put_match(struct pass *p, struct str found)
{
    uint64_t kind = 0;
    text_uint64(str_of((const char *)pcre2_get_mark(p->match)), &kind);
    const char *name = kinds[kind].kind;
    if (str_eq(str_of(name), S("ip")) && !is_ip(p->arena, found)) {
        p->declined = true;
        buf_put_str(&p->out, found);
        return;
    }
    buf_putc(&p->out, '<');
    buf_puts(&p->out, name);
    buf_putc(&p->out, '>');
}

/* Copies `text` to p->out with every match replaced; what follows an exhausted bound stays. */
static void replace(struct pass *p, const pcre2_code *code, struct str text)
{
    size_t at = 0;
    buf_clear(&p->out);
    while (at < text.n) {
        int found =
            pcre2_match(code, (PCRE2_SPTR)text.p, text.n, at, PCRE2_NO_UTF_CHECK, p->match, bounds);
        if (found < 0)
            break;
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
        buf_put_str(&p->out, str_slice(text, at, span[0]));
        put_match(p, str_slice(text, span[0], span[1]));
        at = span[1];
    }
    buf_put_str(&p->out, str_slice(text, at, text.n));
}

static bool is_blank(struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (!memchr(" \t\v\f\x1c\x1d\x1e\x1f", line.p[i], 8))
            return false;
    return true;
}

/* Length of the line break at the start of s, or 0. */
static size_t line_break(struct str s)
{
    static const struct str breaks[] = {{"\r\n", 2},         {"\n", 1},          {"\r", 1},
                                        {"\v", 1},           {"\f", 1},          {"\x1c", 1},
                                        {"\x1d", 1},         {"\x1e", 1},        {"\xC2\x85", 2},
                                        {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}};
    unsigned char c = (unsigned char)s.p[0];
    if (c >= 0x20 && c < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
        if (str_starts(s, breaks[i]))
            return breaks[i].n;
    return 0;
}

static struct str take_line(struct str *rest)
{
    size_t n = 0, gap = 0;
    while (n < rest->n && !gap) {
        gap = line_break(str_from(*rest, n));
        n += !gap;
    }
    struct str line = str_slice(*rest, 0, n);
    *rest = str_from(*rest, n + gap);
    return line;
}

static struct str first_lines(struct arena *a, struct str text)
{
    char *out = arena_take(a, text.n + 4);
    size_t n = 0;
    struct str rest = text;
    for (int lines = 0; lines < LINES_KEPT && rest.n;) {
        struct str line = take_line(&rest);
        if (is_blank(line))
            continue;
        if (lines++)
            out[n++] = '\n';
        memcpy(out + n, line.p, line.n);
        n += line.n;
    }
    struct str kept = {out, n};
    if (str_eq(kept, text))
        return text;
    memcpy(out + n, "...", 3);
    return (struct str){out, n + 3};
}

struct str message_parameterize(struct arena *a, struct str text)
{
    text = first_lines(a, text.p ? text : S(""));
    if (text_prefix(text, POINTS_MAX) < text.n)
        return text;
    pthread_once(&compiled, compile_all);
    struct pass p = {.arena = a, .match = pcre2_match_data_create(1, NULL)};
    if (!p.match)
        abort();
    /* The longest replacement is for a single digit. */
    buf_init(&p.out, text.n * KIND_MAX + KIND_MAX);
    replace(&p, str_index(text, '@') < text.n ? all_kinds : all_but_email, text);
    for (size_t i = 0; p.declined && i < KINDS; i++) {
        text = i ? arena_str(a, buf_str(&p.out)) : text;
        replace(&p, single[i], text);
    }
    text = arena_str(a, buf_str(&p.out));
    buf_free(&p.out);
    pcre2_match_data_free(p.match);
    return text;
}
