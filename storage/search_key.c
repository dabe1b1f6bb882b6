#include "storage/search_key.h"

#include <ctype.h>

static const struct {
    const char *name;
    enum search_class kind;
} classes[] = {
    {"is", CLASS_IS},
    {"has", CLASS_HAS},
    {"project_id", CLASS_NUMBER},
    {"project.id", CLASS_NUMBER},
    {"issue.id", CLASS_NUMBER},
    {"times_seen", CLASS_NUMBER},
    {"timesSeen", CLASS_NUMBER},
    {"user_count", CLASS_NUMBER},
    {"userCount", CLASS_NUMBER},
    {"stack.colno", CLASS_NUMBER},
    {"stack.lineno", CLASS_NUMBER},
    {"stack.stack_level", CLASS_NUMBER},
    {"transaction.duration", CLASS_DURATION},
    {"span.duration", CLASS_DURATION},
    {"span.self_time", CLASS_DURATION},
    {"age", CLASS_DATE},
    {"date", CLASS_DATE},
    {"first_seen", CLASS_DATE},
    {"firstSeen", CLASS_DATE},
    {"last_seen", CLASS_DATE},
    {"lastSeen", CLASS_DATE},
    {"active_at", CLASS_DATE},
    {"timestamp", CLASS_DATE},
    {"timestamp.to_hour", CLASS_DATE},
    {"timestamp.to_day", CLASS_DATE},
    {"event.timestamp", CLASS_DATE},
    {"error.handled", CLASS_BOOLEAN},
    {"is_transaction", CLASS_BOOLEAN},
    {"error.unhandled", CLASS_BOOLEAN},
    {"error.main_thread", CLASS_BOOLEAN},
    {"stack.in_app", CLASS_BOOLEAN},
    {"symbolicated_in_app", CLASS_BOOLEAN},
    {"app.in_foreground", CLASS_BOOLEAN},
    {"release.version", CLASS_TEXT_COMPARED},
    {"release.build", CLASS_TEXT_COMPARED},
};

/* The measurements that count time; the others are plain numbers. */
static const char *const timed_measurements[] = {
    "fp",
    "fcp",
    "lcp",
    "fid",
    "inp",
    "ttfb",
    "ttfb.requesttime",
    "app_start_cold",
    "app_start_warm",
    "time_to_initial_display",
    "time_to_full_display",
};

static bool listed(struct str name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(name, str_of(list[i])))
            return true;
    }
    return false;
}
#define LISTED(name, list) listed((name), (list), sizeof(list) / sizeof((list)[0]))

static enum search_class class_of(struct str name)
{
    const struct str measurement = S("measurements.");
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (str_eq(name, str_of(classes[i].name)))
            return classes[i].kind;
    }
    if (str_starts(name, measurement)) {
        struct str which = str_slice(name, measurement.n, name.n);
        return LISTED(which, timed_measurements) ? CLASS_DURATION : CLASS_NUMBER;
    }
    return str_starts(name, S("spans.")) ? CLASS_DURATION : CLASS_TEXT;
}

/* What an aggregate gives: that of its first column for those that pick or add values. */
static enum search_class class_of_aggregate(struct str function, struct str arguments)
{
    static const char *const of_column[] = {
        "min", "max", "avg", "sum", "any", "percentile", "p50", "p75", "p90", "p95", "p99", "p100",
    };
    if (LISTED(function, of_column)) {
        struct str column = str_trim(str_split(&arguments, ','));
        return class_of(column) == CLASS_DURATION ? CLASS_DURATION : CLASS_NUMBER;
    }
    if (str_eq(function, S("last_seen")))
        return CLASS_DATE;
    return str_eq(function, S("percentage")) ? CLASS_PERCENTAGE : CLASS_NUMBER;
}

static bool is_key_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-';
}

static size_t key_run(struct str s)
{
    size_t n = 0;
    while (n < s.n && is_key_byte(s.p[n]))
        n++;
    return n;
}

size_t search_key_name(struct str s, struct str *name)
{
    if (s.n == 0 || s.p[0] != '"') {
        *name = str_slice(s, 0, key_run(s));
        return name->n;
    }
    size_t n = 1;
    while (n < s.n && (is_key_byte(s.p[n]) || s.p[n] == ':'))
        n++;
    *name = str_slice(s, 1, n);
    return n > 1 && n < s.n && s.p[n] == '"' ? n + 1 : 0;
}

/* tags[k], tags[k,string], tags[k[*],array], tags[k,array][*]; flags[…] alike. */
static size_t explicit_tag(struct str s, struct str *name)
{
    bool tags = str_starts(s, S("tags["));
    if (!tags && !str_starts(s, S("flags[")))
        return 0;
    size_t at = str_index(s, '[') + 1;
    *name = str_slice(s, at, at + key_run(str_slice(s, at, s.n)));
    at += name->n;
    const struct str endings[] = {
        S("]"),          S(",string]"),   S(",number]"), S(",boolean]"),
        S("[*],array]"), S(",array][*]"), S(",array]"),
    };
    for (size_t i = 0; name->n && i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t end = at + endings[i].n;
        if (str_starts(str_slice(s, at, s.n), endings[i]) && end < s.n && s.p[end] == ':')
            return end;
    }
    return 0;
}

/* Index behind the parenthesis that closes the one at s[0]; 0 when it stays open. */
static size_t closing(struct str s)
{
    bool quoted = false;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            quoted = !quoted;
        else if (!quoted && s.p[i] == '(')
            return 0;
        else if (!quoted && s.p[i] == ')')
            return i + 1;
    }
    return 0;
}

static bool aggregate(struct str s, size_t name, struct search_key *out)
{
    size_t arguments = closing(str_slice(s, name, s.n)), end = name + arguments;
    if (!arguments || end >= s.n || s.p[end] != ':')
        return false;
    struct str inside = str_slice(s, name + 1, end - 1);
    *out = (struct search_key){.name = str_slice(s, 0, end),
                               .kind = class_of_aggregate(str_slice(s, 0, name), inside),
                               .is_aggregate = true,
                               .length = end + 1};
    return true;
}

bool search_key(struct str s, struct search_key *out)
{
    struct str name;
    size_t n = explicit_tag(s, &name);
    bool is_tag = n > 0;
    if (!is_tag)
        n = search_key_name(s, &name);
    if (n == 0)
        return false;
    if (n < s.n && s.p[n] == '(')
        return aggregate(s, n, out);
    if (n >= s.n || s.p[n] != ':')
        return false;
    *out = (struct search_key){.name = name, .is_tag = is_tag, .length = n + 1};
    out->kind = is_tag || s.p[0] == '"' ? CLASS_TEXT : class_of(name);
    return true;
}
