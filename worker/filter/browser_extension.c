#include "worker/filter/browser_extension.h"

#include "base/text.h"
#include "worker/digest/prefilter.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

/* In lower case; they count wherever they stand in an exception's value. */
static const struct str phrases[] = {
    TEXT("top.globals"),
    TEXT("originalcreatenotification"),
    TEXT("canvas.contentdocument"),
    TEXT("myapp_removeallhighlights"),
    TEXT("http://tt.epicplay.com"),
    TEXT("can't find variable: zitereader"),
    TEXT("jigsaw is not defined"),
    TEXT("combosearch is not defined"),
    TEXT("http://loading.retry.widdit.com/"),
    TEXT("atomicfindclose"),
    TEXT("fb_xd_fragment"),
    TEXT("bmi_safeaddonload"),
    TEXT("ebcallbackmessagereceived"),
    TEXT("_gcrweb"),
    TEXT("conduitpage"),
    TEXT("null is not an object (evaluating 'elt.parentnode')"),
    TEXT("plugin.setsuspendstate is not a function"),
    TEXT("extension context invalidated"),
    TEXT("webkit-masked-url:"),
    TEXT("can't access dead object"),
    TEXT("cannot redefine property: solana"),
    TEXT("cannot redefine property: ethereum"),
    TEXT("cannot redefine property: googletag"),
    TEXT("undefined is not an object (evaluating 'a.l')"),
    TEXT("permission denied to access property"),
};

/* In lower case; they count wherever they stand in a script's address, the schemes at its start. */
static const struct {
    struct str text;
    bool at_start;
} sources[] = {
    {TEXT("graph.facebook.com"), false},
    {TEXT("connect.facebook.net"), false},
    {TEXT("eatdifferent.com.woopra-ns.com"), false},
    {TEXT("static.woopra.com/js/woopra.js"), false},
    {TEXT("chrome://"), true},
    {TEXT("chrome-extension://"), true},
    {TEXT("moz-extension://"), true},
    {TEXT("safari-extension://"), true},
    {TEXT("safari-web-extension://"), true},
    {TEXT("webkit-masked-url"), false},
    {TEXT("127.0.0.1:4001/isrunning"), false},
    {TEXT("webappstoolbarba.texthelp.com/"), false},
    {TEXT("metrics.itunes.apple.com.edgesuite.net/"), false},
    {TEXT("kaspersky-labs.com"), false},
};

static bool is_phrase(struct str value)
{
    struct prefilter set;
    prefilter_read(&set, value);
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
        if (prefilter_may_have(&set, phrases[i]) && str_has(value, phrases[i]))
            return true;
    return false;
}

static bool is_source(struct str address)
{
    struct prefilter set;
    prefilter_read(&set, address);
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        struct str text = sources[i].text;
        if (!prefilter_may_have(&set, text))
            continue;
        if (sources[i].at_start ? str_starts(address, text) : str_has(address, text))
            return true;
    }
    return false;
}

static bool is_nameless(struct str address)
{
    return str_eq(address, S("<anonymous>")) || str_eq(address, S("[native code]"));
}

/* The address of the innermost frame that has a real one; a frame without any hides it. */
static struct str source_of(const struct jt *exception)
{
    const struct jt *frames = jt_get(jt_get(exception, S("stacktrace")), S("frames"));
    struct str source = {0};
    for (const struct jt *f = frames ? frames->first : NULL; f; f = f->next) {
        struct str address = jt_get_str(f, S("abs_path"));
        if (!is_nameless(address))
            source = address;
    }
    return source;
}

bool browser_extension_raised(struct arena *a, const struct jt *event)
{
    const struct jt *exception = jt_at(jt_get(jt_get(event, S("exception")), S("values")), 0);
    struct str value = text_lower(a, jt_get_str(exception, S("value")));
    return is_phrase(value) || is_source(text_lower(a, source_of(exception)));
}
