#include "worker/digest/transaction_name.h"

#include "base/text.h"

static struct str source_of(const struct normalizer *n)
{
    return jt_get_str(jt_get(n->event, S("transaction_info")), S("source"));
}

static void set_source(struct normalizer *n, struct str source)
{
    struct jt *info = jt_get(n->event, S("transaction_info"));
    if (!info) {
        info = jt_new(n->arena, JT_OBJECT);
        jt_set(n->event, S("transaction_info"), info);
    }
    jt_set(info, S("source"), jt_new_str(n->arena, source));
}

/* SDKs that send URLs as they are and do not say so. */
static bool sends_urls(const struct normalizer *n)
{
    static const struct str names[] = {
        {"sentry.javascript.angular", 25}, {"sentry.javascript.browser", 25},
        {"sentry.javascript.ember", 23},   {"sentry.javascript.gatsby", 24},
        {"sentry.javascript.nextjs", 24},  {"sentry.javascript.react", 23},
        {"sentry.javascript.remix", 23},   {"sentry.javascript.vue", 21},
        {"sentry.php.laravel", 18},        {"sentry.php.symfony", 18},
    };
    struct str sdk = jt_get_str(jt_get(n->event, S("sdk")), S("name"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_eq(sdk, names[i]))
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two digits in a row, escapes of URLs left aside. */
static bool has_number(struct str piece)
{
    size_t run = 0;
    for (size_t i = 0; i < piece.n && run < 2; i++) {
        run = is_digit(piece.p[i]) ? run + 1 : 0;
        if (piece.p[i] == '%' && i + 2 < piece.n) {
            i += 2;
            run = 0;
        }
    }
    return run >= 2;
}

/* A hash or a UUID, which may be without two digits in a row. */
static bool has_hash(struct str piece)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    for (size_t i = 0; i < piece.n;) {
        size_t run = text_run(piece, i, digits);
        bool uuid = run == 8 && piece.n - i >= 36 && piece.p[i + 8] == '-' &&
                    text_run(piece, i + 9, digits) == 4;
        if (run == 32 || run == 40 || uuid)
            return true;
        i += run ? run : 1;
    }
    return false;
}

/* 0xabc */
static bool has_hex_number(struct str piece)
{
    for (size_t i = 0; i + 2 < piece.n; i++)
        if (piece.p[i] == '0' && (piece.p[i + 1] | ' ') == 'x' &&
            text_run(piece, i + 2, "0123456789abcdefABCDEF"))
            return true;
    return false;
}

/* Each piece between slashes that is made of ids becomes a star. */
static struct str without_ids(struct arena *a, struct str name)
{
    char *out = arena_take(a, name.n + 1);
    size_t n = 0;
    struct str rest = name;
    for (bool first = true; rest.p; first = false) {
        struct str piece = str_split(&rest, '/');
        bool id = has_number(piece) || has_hash(piece) || has_hex_number(piece);
        if (!first)
            out[n++] = '/';
        memcpy(out + n, id ? "*" : piece.p, id ? 1 : piece.n);
        n += id ? 1 : piece.n;
    }
    return (struct str){out, n};
}

static void clean(struct normalizer *n, struct str name)
{
    struct str cleaned = without_ids(n->arena, name);
    set_source(n, S("sanitized"));
    if (str_eq(cleaned, name) || str_eq(cleaned, S("*")))
        return;
    meta_enter(&n->meta, S("transaction"));
    meta_original(&n->meta, name);
    meta_leave(&n->meta);
    n->out->transaction = cleaned;
    jt_set(n->event, S("transaction"), jt_new_str(n->arena, cleaned));
}

static bool is_source(struct str name)
{
    static const struct str sources[] = {{"custom", 6},    {"url", 3},    {"route", 5},
                                         {"view", 4},      {"task", 4},   {"component", 9},
                                         {"sanitized", 9}, {"unknown", 7}};
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
        if (str_eq(name, sources[i]))
            return true;
    return false;
}

static void set_name(struct normalizer *n)
{
    if (!n->out->transaction.n)
        n->out->transaction = S("<unlabeled transaction>");
    jt_set(n->event, S("transaction"), jt_new_str(n->arena, n->out->transaction));
}

void transaction_name_normalize(struct normalizer *n)
{
    set_name(n);
    struct str source = source_of(n), name = n->out->transaction;
    bool slash = str_index(name, '/') < name.n;
    if (str_eq(source, S("url")) || str_eq(source, S("sanitized")) ||
        (!source.n && slash && sends_urls(n)))
        clean(n, name);
    else if (!is_source(source))
        set_source(n, S("unknown"));
}
