#include "worker/digest/function.h"

#include "base/text.h"

/*
 * Stand-ins for what looks like brackets or blanks and is none, while brackets are taken apart.
 * Names that hold these bytes themselves are left alone.
 */
#define LESS "\x01"    /* < of an operator */
#define CALL "\x02"    /* () of operator() */
#define ARROW "\x03"   /* -> */
#define UNNAMED "\x04" /* `anonymous namespace' */

static const struct {
    struct str text, stand_in;
} protected[] = {
    {{"operator<<", 10}, {"operator" LESS LESS, 10}},
    {{"operator<", 9}, {"operator" LESS, 9}},
    {{"operator()", 10}, {"operator" CALL, 9}},
    {{"operator->", 10}, {"operator" ARROW, 9}},
    {{" -> ", 4}, {" " ARROW " ", 3}},
    {{"`anonymous namespace'", 21}, {UNNAMED, 1}},
};

enum platform_family platform_family(struct str platform)
{
    static const struct {
        struct str platform;
        enum platform_family family;
    } families[] = {
        {{"native", 6}, FAMILY_NATIVE},   {{"cocoa", 5}, FAMILY_NATIVE},
        {{"objc", 4}, FAMILY_NATIVE},     {{"swift", 5}, FAMILY_NATIVE},
        {{"c", 1}, FAMILY_NATIVE},        {{"javascript", 10}, FAMILY_JAVASCRIPT},
        {{"node", 4}, FAMILY_JAVASCRIPT},
    };
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (str_eq(platform, families[i].platform))
            return families[i].family;
    return FAMILY_OTHER;
}

/* Text in the making.  No step makes more than three bytes of one. */
struct draft {
    struct arena *arena;
    char *p;
    size_t n;
    unsigned depth; /* of brackets that open a name inside brackets that do */
};

enum { DEPTH_MAX = 8 };

static struct draft draft_for(struct arena *a, struct str of)
{
    return (struct draft){.arena = a, .p = arena_take(a, of.n * 3 + 16)};
}

static void put(struct draft *d, struct str s)
{
    if (s.n)
        memcpy(d->p + d->n, s.p, s.n);
    d->n += s.n;
}

static void put_byte(struct draft *d, char c)
{
    d->p[d->n++] = c;
}

static struct str done(const struct draft *d)
{
    return (struct str){d->p, d->n};
}

#define DIGITS "0123456789"
#define HEX_DIGITS "0123456789abcdef"

static bool word_ends(struct str s, size_t at)
{
    return at >= s.n || !text_is_word_byte(s.p[at]);
}

/* {lambda(…)#3} */
static size_t braced_lambda(struct str s)
{
    if (!str_starts(s, S("{lambda(")))
        return 0;
    for (size_t at = 8; at < s.n && s.p[at] != '\n'; at++) {
        if (!str_starts(str_from(s, at), S(")#")))
            continue;
        size_t digits = text_run(s, at + 2, DIGITS), end = at + 2 + digits;
        if (digits && end < s.n && s.p[end] == '}')
            return end + 1;
    }
    return 0;
}

/* Length of a compiler's name for a lambda at `at`, or 0: {lambda(…)#3}, lambda_<32 hex>, $_3. */
static size_t lambda_at(struct str s, size_t at)
{
    struct str rest = str_from(s, at);
    size_t n = braced_lambda(rest);
    if (n)
        return n;
    bool word_starts = at == 0 || !text_is_word_byte(s.p[at - 1]);
    if (word_starts && str_starts(rest, S("lambda_")) && text_run(rest, 7, HEX_DIGITS) == 32 &&
        word_ends(rest, 39))
        return 39;
    n = str_starts(rest, S("$_")) ? text_run(rest, 2, DIGITS) : 0;
    return n && word_ends(rest, 2 + n) ? 2 + n : 0;
}

/* ?A0x1234abcd:: of Microsoft's compiler, without the colons. */
static size_t unnamed_at(struct str rest)
{
    bool found = str_starts(rest, S("?A0x")) && text_run(rest, 4, HEX_DIGITS) >= 8 &&
                 str_starts(str_from(rest, 12), S("::"));
    return found ? 12 : 0;
}

static size_t protected_at(struct draft *d, struct str rest)
{
    for (size_t i = 0; i < sizeof(protected) / sizeof(protected[0]); i++) {
        if (!str_starts(rest, protected[i].text))
            continue;
        put(d, protected[i].stand_in);
        return protected[i].text.n;
    }
    return 0;
}

static struct str protect(struct arena *a, struct str s)
{
    struct draft d = draft_for(a, s);
    for (size_t at = 0, n; at < s.n; at += n) {
        n = protected_at(&d, str_from(s, at));
        if (!n) {
            put_byte(&d, s.p[at]);
            n = 1;
        }
    }
    return done(&d);
}

static struct str name_lambdas(struct arena *a, struct str s)
{
    struct draft d = draft_for(a, s);
    for (size_t at = 0; at < s.n;) {
        size_t lambda = lambda_at(s, at), unnamed = lambda ? 0 : unnamed_at(str_from(s, at));
        if (lambda)
            put(&d, S("lambda"));
        else if (unnamed)
            put(&d, S(UNNAMED));
        else
            put_byte(&d, s.p[at]);
        at += lambda + unnamed ? lambda + unnamed : 1;
    }
    return done(&d);
}

/* What to put in the place of an outermost pair of brackets that began at `start`. */
typedef void replace_brackets(struct draft *d, struct str inner, size_t start);

/* Closing brackets that were never opened swallow what follows, up to the next opening one. */
static void replace_outermost(struct draft *d, struct str s, const char *pair,
                              replace_brackets *replace)
{
    size_t start = 0;
    int depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == pair[0]) {
            start = depth++ ? start : i;
        } else if (s.p[i] == pair[1]) {
            if (--depth == 0)
                replace(d, str_slice(s, start + 1, i), start);
        } else if (depth == 0) {
            put_byte(d, s.p[i]);
        }
    }
}

static struct str replaced(struct arena *a, struct str s, const char *pair,
                           replace_brackets *replace)
{
    if (str_index(s, pair[0]) == s.n)
        return s;
    struct draft d = draft_for(a, s);
    replace_outermost(&d, s, pair, replace);
    return done(&d);
}

static void drop_clone(struct draft *d, struct str inner, size_t start)
{
    (void)start;
    if (str_starts(inner, S("clone .")))
        return;
    put_byte(d, '[');
    put(d, inner);
    put_byte(d, ']');
}

static void drop_parameters(struct draft *d, struct str inner, size_t start)
{
    struct str name = str_trim(inner);
    (void)start;
    if (!str_eq(name, S("anonymous namespace")) && !str_eq(name, S("operator")))
        return;
    put_byte(d, '(');
    put(d, name);
    put_byte(d, ')');
}

/* Rust writes <Type as Trait>: the type stays, the trait goes.  Brackets that open a name may hold
 * the like again, but no name of a compiler does so more than a few times. */
static void reduce_generics(struct draft *d, struct str inner, size_t start)
{
    if (str_eq(inner, S("lambda"))) {
        put(d, S("<lambda>"));
        return;
    }
    if (start > 0 || d->depth == DEPTH_MAX) {
        put(d, S("<T>"));
        return;
    }
    if (inner.n > 5 && inner.p[0] >= 'A' && inner.p[0] <= 'Z' &&
        str_starts(str_from(inner, 1), S(" as ")))
        inner = str_from(inner, 5);
    struct draft deeper = draft_for(d->arena, inner);
    deeper.depth = d->depth + 1;
    replace_outermost(&deeper, inner, "<>", reduce_generics);
    inner = done(&deeper);
    put(d, str_slice(inner, 0, str_find(inner, S(" as "))));
}

static struct str trim_end(struct str s)
{
    while (s.n && strchr(" \t\r\n\f\v", s.p[s.n - 1]) && s.p[s.n - 1])
        s.n--;
    return s;
}

/* "void f() const &" */
static struct str drop_qualifiers(struct str s)
{
    for (;;) {
        bool reference = str_ends(s, S("&"));
        bool constant = str_ends(s, S("const")) && (s.n == 5 || !text_is_word_byte(s.p[s.n - 6]));
        if (!reference && !constant)
            return s;
        s.n -= reference ? 1 : 5;
        s = trim_end(s);
    }
}

static char closing(char c)
{
    return c == '(' ? ')' : c == '{' ? '}' : c == '[' ? ']' : c == '<' ? '>' : 0;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

enum { NESTING_MAX = 300 };

/* The next word of *rest; blanks inside brackets belong to it, and what a bracket that never closes
 * holds does not. */
static struct str next_word(struct str *rest)
{
    char open[NESTING_MAX];
    size_t depth = 0, end = 0, at = 0;
    while (rest->n && is_blank(rest->p[0]))
        *rest = str_from(*rest, 1);
    for (; at < rest->n && (depth || !is_blank(rest->p[at])); at++) {
        char c = rest->p[at], close = closing(c);
        if (close && depth < NESTING_MAX)
            open[depth++] = close;
        else if (depth && c == open[depth - 1])
            depth--;
        if (!depth)
            end = at + 1;
    }
    struct str word = str_slice(*rest, 0, end);
    *rest = str_from(*rest, at);
    return word;
}

/* The word that names the function: the last one, or the one before a return arrow. */
static struct str name_word(struct arena *a, struct str s)
{
    struct str last = {0}, before = {0};
    while (s.n) {
        struct str word = next_word(&s);
        if (str_eq(word, S(ARROW)))
            return last;
        if (word.n) {
            before = last;
            last = word;
        }
    }
    if (before.n && str_eq(last, S("<T>")))
        return str_of(arena_printf(a, "%.*s <T>", STR_ARG(before)));
    return last;
}

static struct str unprotect(struct arena *a, struct str s)
{
    struct draft d = {.arena = a, .p = arena_take(a, s.n * 21 + 16)};
    for (size_t i = 0; i < s.n; i++) {
        static const char *const texts[] = {NULL, "<", "()", "->", "`anonymous namespace'"};
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 1 && c <= 4)
            put(&d, str_of(texts[c]));
        else
            put_byte(&d, s.p[i]);
    }
    return done(&d);
}

/* ::h<16>, which rustc adds. */
static struct str drop_rust_hash(struct str s)
{
    if (s.n < 19)
        return s;
    struct str tail = str_from(s, s.n - 19);
    bool hash =
        str_starts(tail, S("::h")) && text_run(tail, 3, "abcdefghijklmnopqrstuvwxyz" DIGITS) == 16;
    return hash ? str_slice(s, 0, s.n - 19) : s;
}

/* memcpy@@GLIBC_2.14 */
static struct str drop_library_version(struct str s)
{
    size_t at = str_find(s, S("@GLIBC_"));
    if (at == s.n || text_run(s, at + 7, DIGITS ".") != s.n - at - 7 || at + 7 == s.n)
        return s;
    return str_slice(s, 0, at && s.p[at - 1] == '@' ? at - 1 : at);
}

/* @name@8 of Windows' fastcall and stdcall. */
static struct str drop_argument_size(struct str s)
{
    size_t at = s.n;
    while (at && strchr(DIGITS, s.p[at - 1]) && s.p[at - 1])
        at--;
    if (at == s.n || at == 0 || s.p[at - 1] != '@')
        return s;
    return str_slice(s, str_starts(s, S("@")) && at > 1 ? 1 : 0, at - 1);
}

static bool has_stand_ins(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 1 && s.p[i] <= 4)
            return true;
    return false;
}

static struct str trim_native(struct arena *a, struct str name, struct str platform)
{
    struct str s = str_trim(name);
    if (str_eq(name, S("<redacted>")) || str_eq(name, S("<unknown>")) || has_stand_ins(s))
        return name;
    if (str_starts(s, S("[")) || str_starts(s, S("+[")) || str_starts(s, S("-[")))
        return s;
    s = trim_end(replaced(a, s, "[]", drop_clone));
    s = name_lambdas(a, protect(a, drop_qualifiers(s)));
    s = replaced(a, s, "()", drop_parameters);
    s = replaced(a, s, "<>", reduce_generics);
    struct str word = name_word(a, s);
    bool swift = str_eq(platform, S("cocoa")) || str_eq(platform, S("swift"));
    if (!word.n)
        s = name;
    else if (swift && word.p[0] == '@')
        s = str_has(s, S("thunk for ")) ? S("thunk for closure") : S("closure");
    else
        s = unprotect(a, word);
    return drop_argument_size(drop_library_version(drop_rust_hash(s)));
}

struct str function_trim(struct arena *a, struct str name, struct str platform)
{
    struct str trimmed = name;
    if (str_eq(platform, S("csharp")))
        trimmed = str_slice(name, 0, str_find(name, S(" (")));
    else if (platform_family(platform) == FAMILY_NATIVE)
        trimmed = trim_native(a, name, platform);
    return str_eq(trimmed, name) ? name : trimmed;
}
