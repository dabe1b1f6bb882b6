#include "worker/filter/csp_source.h"

#include "base/text.h"

static const char *const defaults[] = {
    "about",
    "ms-browser-extension",
    "chrome://*",
    "chrome-extension://*",
    "chromeinvokeimmediate://*",
    "chromenull://*",
    "data:text/html,chromewebdata",
    "safari-extension://*",
    "safari-web-extension://*",
    "mxaddon-pkg://*",
    "jar://*",
    "webviewprogressproxy://*",
    "ms-browser-extension://*",
    "tmtbff://*",
    "mbinit://*",
    "symres://*",
    "resource://*",
    "moz-extension://*",
    "*.metrext.com",
    "static.image2play.com",
    "*.tlscdn.com",
    "73a5b0806e464be8bd4e694c744624f0.com",
    "020dfefc4ac745dab7594f2f771c1ded.com",
    "*.superfish.com",
    "addons.mozilla.org",
    "v.zilionfast.in",
    "widgets.amung.us",
    "xls.searchfun.in",
    "istatic.datafastguru.info",
    "localhost",
    "resultshub-a.akamaihd.net",
    "pulseadnetwork.com",
    "gateway.zscalertwo.net",
    "www.passpack.com",
    "middlerush-a.akamaihd.net",
    "www.websmartcenter.com",
    "a.linkluster.com",
    "saveyoutime.ru",
    "cdncache-a.akamaihd.net",
    "x.rafomedia.com",
    "savingsslider-a.akamaihd.net",
    "injections.adguard.com",
    "icontent.us",
    "amiok.org",
    "connectionstrenth.com",
    "siteheart.net",
    "netanalitics.space",
    "printapplink.com",
    "godlinkapp.com",
    "devappstor.com",
    "hoholikik.club",
    "smartlink.cool",
    "promfflinkdev.com",
};

static struct str unless_any(struct str part)
{
    return str_eq(part, S("*")) ? (struct str){0} : part;
}

/* Pattern or address, in lower case: "chrome-extension://x", "data:text", "about". */
static struct csp_source read_source(struct str text)
{
    struct csp_source s = {0};
    struct str mark = S("://");
    size_t at = str_find(text, mark);
    if (!text.p)
        return s;
    if (at < text.n) {
        s.scheme = unless_any(str_slice(text, 0, at));
        text = str_from(text, at + mark.n);
    }
    text = str_slice(text, 0, str_index(text, '/'));
    at = str_index(text, text.n && text.p[0] == '[' ? ']' : ':');
    if (at < text.n && text.p[at] == ']')
        at += str_index(str_from(text, at), ':');
    s.host = unless_any(str_slice(text, 0, at));
    s.port = unless_any(at < text.n ? str_from(text, at + 1) : (struct str){0});
    return s;
}

const struct csp_source *csp_source_add(struct arena *a, struct str pattern,
                                        const struct csp_source *next)
{
    pattern = str_trim(pattern);
    if (!pattern.n)
        return next;
    struct csp_source *s = arena_take(a, sizeof(*s));
    *s = read_source(text_lower(a, pattern));
    s->next = next;
    return s;
}

const struct csp_source *csp_source_defaults(struct arena *a, const struct csp_source *next)
{
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
        next = csp_source_add(a, str_of(defaults[i]), next);
    return next;
}

static bool fits(struct str wanted, struct str part)
{
    return !wanted.p || str_eq(wanted, part);
}

static bool host_fits(struct str wanted, struct str host)
{
    if (str_starts(wanted, S("*.")))
        return str_ends(host, str_from(wanted, 1)) || str_eq(host, str_from(wanted, 2));
    return fits(wanted, host);
}

static bool address_matches(struct arena *a, const struct csp_source *list, struct str address)
{
    struct csp_source part = read_source(text_lower(a, address));
    for (; address.n && list; list = list->next)
        if (fits(list->scheme, part.scheme) && host_fits(list->host, part.host) &&
            fits(list->port, part.port))
            return true;
    return false;
}

bool csp_source_matches(struct arena *a, const struct csp_source *list, const struct jt *report)
{
    static const struct str fields[] = {
        {"blocked_uri", 11}, {"source_file", 11}, {"document_uri", 12}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (address_matches(a, list, jt_get_str(report, fields[i])))
            return true;
    return false;
}
