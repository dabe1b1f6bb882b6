#include "worker/digest/csp_report.h"

#include "base/text.h"
#include "worker/digest/report.h"

#define FIELD(sent, name, kind)                                                                    \
    {                                                                                              \
        {sent, sizeof(sent) - 1}, {name, sizeof(name) - 1}, REPORT_##kind                          \
    }

/* Spelled with dashes by report-uri, in camel case by the Reporting API. */
static const struct report_field fields[] = {
    FIELD("effective-directive", "effective_directive", TEXT),
    FIELD("effectiveDirective", "effective_directive", TEXT),
    FIELD("blocked-uri", "blocked_uri", TEXT),
    FIELD("blockedURL", "blocked_uri", TEXT),
    FIELD("blocked_uri", "blocked_uri", TEXT),
    FIELD("document-uri", "document_uri", TEXT),
    FIELD("documentURL", "document_uri", TEXT),
    FIELD("original-policy", "original_policy", TEXT),
    FIELD("originalPolicy", "original_policy", TEXT),
    FIELD("referrer", "referrer", TEXT),
    FIELD("status-code", "status_code", NUMBER),
    FIELD("statusCode", "status_code", NUMBER),
    FIELD("violated-directive", "violated_directive", TEXT),
    FIELD("violatedDirective", "violated_directive", TEXT),
    FIELD("source-file", "source_file", TEXT),
    FIELD("sourceFile", "source_file", TEXT),
    FIELD("line-number", "line_number", NUMBER),
    FIELD("lineNumber", "line_number", NUMBER),
    FIELD("column-number", "column_number", NUMBER),
    FIELD("columnNumber", "column_number", NUMBER),
    FIELD("script-sample", "script_sample", TEXT),
    FIELD("scriptSample", "script_sample", TEXT),
    FIELD("sample", "script_sample", TEXT),
    FIELD("disposition", "disposition", TEXT),
};

/* Every directive there is, and what is said when it blocks something of the page itself, and
 * something from elsewhere: "%" stands for where from.  Without words its own name is said. */
static const struct directive {
    const char *name, *local, *remote;
} directives[] = {
    {"base-uri", NULL, NULL},
    {"child-src", "Blocked inline 'child'", "Blocked 'child' from '%'"},
    {"connect-src", "Blocked inline 'connect'", "Blocked 'connect' from '%'"},
    {"default-src", NULL, NULL},
    {"font-src", "Blocked inline 'font'", "Blocked 'font' from '%'"},
    {"form-action", "Blocked inline 'form-action'", "Blocked 'form' action to '%'"},
    {"frame-ancestors", NULL, NULL},
    {"frame-src", NULL, NULL},
    {"img-src", "Blocked inline 'image'", "Blocked 'image' from '%'"},
    {"manifest-src", "Blocked inline 'manifest'", "Blocked 'manifest' from '%'"},
    {"media-src", "Blocked inline 'media'", "Blocked 'media' from '%'"},
    {"object-src", "Blocked inline 'object'", "Blocked 'object' from '%'"},
    {"plugin-types", NULL, NULL},
    {"prefetch-src", NULL, NULL},
    {"referrer", NULL, NULL},
    {"script-src", "Blocked unsafe (eval() or inline) 'script'", "Blocked 'script' from '%'"},
    {"script-src-attr", "Blocked unsafe 'script' element",
     "Blocked inline script attribute from '%'"},
    {"script-src-elem", "Blocked inline script attribute", "Blocked 'script' from '%'"},
    {"style-src", "Blocked inline 'style'", "Blocked 'style' from '%'"},
    {"style-src-elem", "Blocked 'style' or 'link' element", "Blocked 'style' from '%'"},
    {"style-src-attr", "Blocked style attribute", "Blocked style attribute from '%'"},
    {"upgrade-insecure-requests", NULL, NULL},
    {"worker-src", NULL, NULL},
    {"sandbox", NULL, NULL},
    {"navigate-to", NULL, NULL},
    {"report-uri", NULL, NULL},
    {"report-to", NULL, NULL},
    {"block-all-mixed-content", NULL, NULL},
    {"require-sri-for", NULL, NULL},
    {"require-trusted-types-for", NULL, NULL},
    {"trusted-types", NULL, NULL},
};

static struct str first_word(struct str text)
{
    text = str_trim(text);
    return str_slice(text, 0, str_index(text, ' '));
}

static const struct directive *directive_named(struct str name)
{
    for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
        if (str_eq(name, str_of(directives[i].name)))
            return &directives[i];
    return NULL;
}

static const struct directive *directive_of(const struct jt *csp)
{
    const struct directive *d =
        directive_named(first_word(jt_get_str(csp, S("effective_directive"))));
    return d ? d : directive_named(first_word(jt_get_str(csp, S("violated_directive"))));
}

/* ---- addresses */

static bool is_local(struct str uri)
{
    return !uri.n || str_eq(uri, S("self")) || str_eq(uri, S("'self'"));
}

/* Schemes whose addresses name a host. */
static bool has_host(struct str scheme)
{
    static const char *const schemes[] = {"ftp",   "http", "https", "file", "ws",
                                          "wss",   "sftp", "git",   "svn",  "rtsp",
                                          "rsync", "nfs",  "imap",  "nntp", "telnet"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (str_eq(scheme, str_of(schemes[i])))
            return true;
    return false;
}

/* HOST[:PORT] behind the scheme's colon; empty when there is none. */
static struct str authority_of(struct str rest)
{
    if (!str_starts(rest, S("//")))
        return S("");
    rest = str_from(rest, 2);
    size_t end = 0;
    while (end < rest.n && !strchr("/?#", rest.p[end]))
        end++;
    struct str authority = str_slice(rest, 0, end);
    size_t user = str_index(authority, '@');
    return user < authority.n ? str_from(authority, user + 1) : authority;
}

/* An address as far as it matters: host and port, or the scheme of what has no host. */
static struct str place_of(struct arena *a, struct str uri)
{
    if (is_local(uri))
        return S("'self'");
    size_t colon = str_index(uri, ':');
    struct str scheme = str_slice(uri, 0, colon);
    struct str authority = colon < uri.n ? authority_of(str_from(uri, colon + 1)) : S("");
    if (authority.n && (str_eq(scheme, S("http")) || str_eq(scheme, S("https"))))
        return authority;
    return text_join(a, scheme, has_host(scheme) ? S("://") : S(":"), authority);
}

/* ---- words */

static struct str with_place(struct arena *a, struct str words, struct str place)
{
    size_t at = str_index(words, '%');
    struct str before = str_slice(words, 0, at), behind = str_slice(words, at + 1, words.n);
    return text_join(a, before, place, behind);
}

static struct str local_message(struct arena *a, const struct directive *d, struct str violated)
{
    bool is_script = str_eq(str_of(d->name), S("script-src"));
    if (is_script && str_has(violated, S("'unsafe-inline'")))
        return S("Blocked unsafe inline 'script'");
    if (is_script && str_has(violated, S("'unsafe-eval'")))
        return S("Blocked unsafe eval() 'script'");
    return d->local ? str_of(d->local) : str_of(arena_printf(a, "Blocked inline '%s'", d->name));
}

static struct str message_of(struct arena *a, const struct directive *d, const struct jt *csp)
{
    struct str blocked = jt_get_str(csp, S("blocked_uri"));
    if (is_local(blocked))
        return local_message(a, d, jt_get_str(csp, S("violated_directive")));
    const char *words = d->remote ? d->remote : arena_printf(a, "Blocked '%s' from '%%'", d->name);
    return with_place(a, str_of(words), place_of(a, blocked));
}

/* The violated directive, in which the page's own host reads 'self'. */
static struct str culprit_of(struct arena *a, const struct directive *d, const struct jt *csp)
{
    enum { CULPRIT_WORDS_MAX = 100 };
    struct str rest = jt_get_str(csp, S("violated_directive"));
    struct str own = place_of(a, jt_get_str(csp, S("document_uri")));
    struct str culprit = first_word(rest);
    if (!culprit.n)
        return str_of(d->name);
    str_split(&rest, ' ');
    for (int i = 0; rest.p && i < CULPRIT_WORDS_MAX; i++) {
        struct str word = str_split(&rest, ' ');
        if (!word.n)
            continue;
        bool is_own = str_eq(word, own) || str_eq(place_of(a, word), own);
        bool is_self = str_eq(word, S("self"));
        culprit = text_join(a, culprit, S(" "), is_own && !is_self ? S("'self'") : word);
    }
    return culprit;
}

/* What follows the path of a payment service's address may be a card's number. */
static struct str without_secrets(struct str uri)
{
    if (str_starts(uri, S("https://api.stripe.com/")))
        uri = str_slice(uri, 0, str_index(uri, '?'));
    return str_starts(uri, S("https://api.stripe.com/")) ? str_slice(uri, 0, str_index(uri, '#'))
                                                         : uri;
}

static struct jt *tags_of(struct arena *a, const struct jt *csp)
{
    struct jt *tags = jt_new(a, JT_OBJECT);
    report_text(a, tags, S("effective-directive"), jt_get_str(csp, S("effective_directive")));
    report_text(a, tags, S("blocked-uri"), without_secrets(jt_get_str(csp, S("blocked_uri"))));
    return tags;
}

bool csp_report_fill(struct arena *a, const struct event_source *source, const struct jt *report,
                     struct jt *event)
{
    struct jt *csp = report_fields(a, report, fields, sizeof(fields) / sizeof(fields[0]));
    const struct directive *d = directive_of(csp);
    if (!d)
        return false;
    jt_set(csp, S("effective_directive"), jt_new_str(a, str_of(d->name)));
    if (!jt_get(csp, S("blocked_uri")))
        jt_set(csp, S("blocked_uri"), jt_new_str(a, S("self")));
    report_message(a, event, message_of(a, d, csp));
    report_text(a, event, S("culprit"), culprit_of(a, d, csp));
    jt_set(event, S("tags"), tags_of(a, csp));
    jt_set(event, S("request"),
           report_request(a, source, jt_get_str(csp, S("document_uri")),
                          jt_get_str(csp, S("referrer"))));
    jt_set(event, S("csp"), csp);
    return true;
}
