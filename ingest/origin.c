#include "ingest/origin.h"

#include "base/text.h"

/* In the order in which Relay believes them. */
static const char *const forwarding[] = {
    "HTTP_CF_CONNECTING_IP",
    "HTTP_X_VERCEL_FORWARDED_FOR",
    "HTTP_X_SENTRY_FORWARDED_FOR",
};

struct str origin_address(const struct request *rq)
{
    if (!request_peer_is_trusted(rq))
        return rq->client_ip;
    for (size_t i = 0; i < sizeof(forwarding) / sizeof(*forwarding); i++) {
        struct str list = request_header(rq, forwarding[i]);
        if (list.p)
            return text_ip(rq->arena, str_trim(str_split(&list, ',')));
    }
    return rq->client_ip;
}

static bool is_http(struct str url)
{
    return str_starts(url, S("http://")) || str_starts(url, S("https://"));
}

struct str origin_of(const struct request *rq)
{
    struct str origin = request_header(rq, "HTTP_ORIGIN");
    if (!is_http(origin))
        origin = request_header(rq, "HTTP_REFERER");
    return is_http(origin) ? text_utf8(rq->arena, origin) : (struct str){0};
}

/* Pieces of a URL or of a pattern; absent pieces of a pattern match anything. */
struct place {
    struct str scheme, host, port;
};

static struct place place_of(struct str text)
{
    struct place p = {0};
    size_t mark = str_find(text, S("://"));
    if (mark < text.n) {
        p.scheme = str_slice(text, 0, mark);
        text = str_slice(text, mark + 3, text.n);
    }
    size_t end = 0;
    while (end < text.n && !strchr("/?#", text.p[end]))
        end++;
    text = str_slice(text, 0, end);
    size_t user = str_index(text, '@');
    if (user < text.n)
        text = str_slice(text, user + 1, text.n);
    size_t bracket = text.n && *text.p == '[' ? str_index(text, ']') : 0;
    size_t colon = bracket + str_index(str_slice(text, bracket, text.n), ':');
    p.host = str_slice(text, 0, colon);
    if (colon < text.n)
        p.port = str_slice(text, colon + 1, text.n);
    return p;
}

static bool host_matches(struct str host, struct str pattern)
{
    if (str_eq(pattern, S("*")))
        return true;
    if (!str_starts(pattern, S("*.")))
        return str_case_eq(host, pattern);
    struct str domain = str_slice(pattern, 2, pattern.n);
    if (str_case_eq(host, domain))
        return true;
    size_t at = host.n > domain.n ? host.n - domain.n : 0;
    return at > 0 && host.p[at - 1] == '.' && str_case_eq(str_slice(host, at, host.n), domain);
}

static struct str port_of(const struct place *p)
{
    if (p->port.n)
        return p->port;
    return str_case_eq(p->scheme, S("https")) ? S("443") : S("80");
}

static bool place_matches(const struct place *p, struct str text)
{
    struct place pattern = place_of(text);
    return (!pattern.scheme.p || str_case_eq(pattern.scheme, p->scheme)) &&
           host_matches(p->host, pattern.host) &&
           (!pattern.port.p || str_eq(pattern.port, port_of(p)));
}

bool origin_allowed(struct str origin, struct str domains)
{
    struct place p = place_of(origin);
    while (domains.p) {
        struct str pattern = str_trim(str_split(&domains, '\n'));
        if (str_eq(pattern, S("*")) || (pattern.n && place_matches(&p, pattern)))
            return true;
    }
    return false;
}
