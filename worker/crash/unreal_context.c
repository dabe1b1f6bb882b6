#include "worker/crash/unreal_context.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/xml.h"
#include "worker/crash/crash_event.h"
#include "worker/digest/pairs.h"
#include "worker/digest/scalar.h"

enum { EVENT_DEPTH = 64, PROPERTIES_MAX = 1000, TEXT_MAX = 2048, CONTEXT_BYTES_MAX = 4 << 20 };
enum { LOG_LINES = 40, LOG_BYTES = 64 << 10, TIME_LENGTH = 25 };

static bool is_true(struct str text)
{
    return str_case_eq(text, S("true")) || str_eq(text, S("1"));
}

static struct xml open_context(struct arena *a, struct str bytes)
{
    struct xml x;
    xml_begin(&x, a, str_slice(bytes, 0, CONTEXT_BYTES_MAX));
    return x;
}

/* ---- the game's own event */

void unreal_context_event(struct arena *a, struct str bytes, struct jt *event)
{
    struct xml_leaf leaf;
    const char *error;
    struct xml x = open_context(a, bytes);
    while (xml_next(&x, &leaf)) {
        if (!str_eq(leaf.parent, S("GameData")) || !str_eq(leaf.name, S("__sentry")))
            continue;
        struct jt *own = jt_read(a, leaf.text, EVENT_DEPTH, &error);
        struct jt *next =
            own && own->kind == JT_OBJECT && own->count < PROPERTIES_MAX ? own->first : NULL;
        for (struct jt *v = next; v; v = next) {
            next = v->next;
            if (!jt_get(event, v->key))
                jt_append(event, v);
        }
        return;
    }
}

/* ---- properties with a place of their own */

enum property_kind { PROPERTY_TEXT, PROPERTY_NUMBER };

static const struct {
    struct str section, name, context, property;
    enum property_kind kind;
} places[] = {
#define PLACE(section, name, context, property, kind)                                              \
    {                                                                                              \
        {section, sizeof(section) - 1}, {name, sizeof(name) - 1}, {context, sizeof(context) - 1},  \
            {property, sizeof(property) - 1}, PROPERTY_##kind                                      \
    }
    PLACE("RuntimeProperties", "Misc.OSVersionMajor", "os", "name", TEXT),
    PLACE("RuntimeProperties", "Misc.OSVersionMinor", "os", "version", TEXT),
    PLACE("RuntimeProperties", "Misc.CPUBrand", "device", "cpu_description", TEXT),
    PLACE("RuntimeProperties", "MemoryStats.TotalPhysical", "device", "memory_size", NUMBER),
    PLACE("EngineData", "RHI.AdapterName", "gpu", "name", TEXT),
    PLACE("EngineData", "RHI.DeviceId", "gpu", "id", TEXT),
    PLACE("EngineData", "RHI.GPUVendor", "gpu", "vendor_name", TEXT),
    PLACE("EngineData", "RHI.VendorId", "gpu", "vendor_id", TEXT),
    PLACE("EngineData", "RHI.FeatureLevel", "gpu", "graphics_shader_level", TEXT),
    PLACE("EngineData", "RHI.UserDriverVersion", "gpu", "version", TEXT),
    PLACE("EngineData", "RHI.RHIName", "gpu", "api_type", TEXT),
    PLACE("RuntimeProperties", "Misc.PrimaryGPUBrand", "gpu", "name", TEXT),
};

static void put_number(struct arena *a, struct jt *object, struct str key, struct str text)
{
    int64_t number;
    if (!jt_get(object, key) && text_int64(text, &number) && number > 0)
        jt_set(object, key, jt_new_int(a, number));
}

static void put_place(struct arena *a, struct jt *event, const struct xml_leaf *leaf)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (!str_eq(leaf->parent, places[i].section) || !str_eq(leaf->name, places[i].name))
            continue;
        struct jt *context =
            crash_object(a, crash_object(a, event, S("contexts")), places[i].context);
        crash_put(a, context, S("type"), places[i].context);
        if (places[i].kind == PROPERTY_NUMBER)
            put_number(a, context, places[i].property, leaf->text);
        else
            crash_put(a, context, places[i].property, leaf->text);
    }
}

static void put_message(struct arena *a, struct jt *event, struct str text)
{
    if (!jt_get(event, S("logentry")) && !jt_get(event, S("message")))
        crash_put(a, crash_object(a, event, S("logentry")), S("formatted"), text);
}

/* An assertion is an error, what was only to be noted a warning. */
static void put_level(struct arena *a, struct jt *event, const struct xml_leaf *leaf)
{
    if (str_eq(leaf->name, S("IsEnsure")) && is_true(leaf->text))
        jt_set(event, S("level"), jt_new_str(a, S("warning")));
    else if (str_eq(leaf->name, S("IsAssert")) && is_true(leaf->text))
        jt_set(event, S("level"), jt_new_str(a, S("error")));
}

static void put_property(struct arena *a, struct jt *event, const struct xml_leaf *leaf)
{
    if (str_eq(leaf->name, S("ErrorMessage")))
        put_message(a, event, str_trim(leaf->text));
    else if (str_eq(leaf->name, S("UserName")))
        crash_put(a, crash_object(a, event, S("user")), S("username"), leaf->text);
    else if (str_eq(leaf->name, S("LoginId")))
        crash_put(a, crash_object(a, event, S("user")), S("id"), leaf->text);
    else
        put_level(a, event, leaf);
}

/* ---- all properties */

/* Lists of everything that was loaded or ran: they would crowd out the rest. */
static bool is_list(struct str name)
{
    static const struct str names[] = {
        {"Modules", 7}, {"Threads", 7}, {"CallStack", 9}, {"PCallStack", 10}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

static void note(struct arena *a, struct jt *context, const struct xml_leaf *leaf)
{
    if (!leaf->text.n || is_list(leaf->name) || context->count >= PROPERTIES_MAX)
        return;
    struct jt *v = jt_new_str(a, text_ellipsis(a, leaf->text, TEXT_MAX));
    v->key = leaf->name;
    jt_append(context, v);
}

static void add_context(struct arena *a, struct jt *event, struct str name, struct jt *context)
{
    struct jt *contexts = crash_object(a, event, S("contexts"));
    if (!context->count || jt_get(contexts, name))
        return;
    jt_set(context, S("type"), jt_new_str(a, name));
    jt_set(contexts, name, context);
}

void unreal_context_complete(struct arena *a, struct str bytes, struct jt *event)
{
    struct xml_leaf leaf;
    struct xml x = open_context(a, bytes);
    struct jt *properties = jt_new(a, JT_OBJECT), *game = jt_new(a, JT_OBJECT);
    for (int i = 0; i < PROPERTIES_MAX && xml_next(&x, &leaf); i++) {
        bool is_own = str_eq(leaf.name, S("__sentry"));
        put_place(a, event, &leaf);
        if (str_eq(leaf.parent, S("RuntimeProperties"))) {
            put_property(a, event, &leaf);
            note(a, properties, &leaf);
        } else if (str_eq(leaf.parent, S("GameData")) && !is_own) {
            note(a, game, &leaf);
        }
    }
    add_context(a, event, S("unreal"), properties);
    add_context(a, event, S("game"), game);
}

/* ---- the user */

static void add_tag(struct arena *a, struct jt *event, struct str key, struct str value)
{
    struct jt *pairs = pairs_of(a, jt_get(event, S("tags")));
    if (!pairs)
        pairs = jt_new(a, JT_ARRAY);
    if (value.n && !pairs_get(pairs, key))
        pairs_add(a, pairs, key, jt_new_str(a, value));
    jt_set(event, S("tags"), pairs);
}

void unreal_user_complete(struct arena *a, struct str user, struct jt *event)
{
    struct str rest = user;
    crash_put(a, crash_object(a, event, S("user")), S("id"), str_split(&rest, '|'));
    add_tag(a, event, S("epic_account_id"), str_split(&rest, '|'));
    add_tag(a, event, S("machine_id"), str_split(&rest, '|'));
}

/* ---- the log */

/* [2018.11.20-11.47.15:295][  0]LogLoad: message -> its time; false when the line has none. */
static bool take_time(struct str *line, int64_t *us)
{
    char iso[] = "2018-11-20T11:47:15.295Z";
    static const unsigned char from[] = {1,  2, 3,  4,  0, 6,  7,  0, 9,  10, 0, 12,
                                         13, 0, 15, 16, 0, 18, 19, 0, 21, 22, 23};
    if (!str_starts(*line, S("[")) || line->n < TIME_LENGTH || line->p[TIME_LENGTH - 1] != ']')
        return false;
    for (size_t i = 0; i < sizeof(from); i++)
        if (from[i])
            iso[i] = line->p[from[i]];
    if (!clock_parse(str_of(iso), us))
        return false;
    struct str rest = str_from(*line, TIME_LENGTH);
    *line = str_starts(rest, S("[")) ? str_slice(rest, str_index(rest, ']') + 1, rest.n) : rest;
    return true;
}

static struct jt *breadcrumb_of(struct arena *a, struct str line)
{
    int64_t us;
    struct jt *crumb = jt_new(a, JT_OBJECT);
    if (take_time(&line, &us)) {
        struct jt *time = jt_new(a, JT_NUMBER);
        time->text = scalar_time_text(a, us);
        jt_set(crumb, S("timestamp"), time);
    }
    size_t colon = str_find(line, S(": "));
    if (str_starts(line, S("Log")) && colon < line.n) {
        crash_put(a, crumb, S("category"), str_slice(line, 0, colon));
        line = str_from(line, colon + 2);
    }
    crash_put(a, crumb, S("message"), str_trim(line));
    return crumb;
}

/* Where the last lines begin. */
static struct str last_lines(struct str text)
{
    size_t lines = 0, at = text.n;
    for (; at && lines < LOG_LINES; at--)
        lines += text.p[at - 1] == '\n';
    return lines == LOG_LINES ? str_from(text, at + 1) : text;
}

void unreal_log_complete(struct arena *a, struct str bytes, struct jt *event)
{
    struct jt *list = jt_new(a, JT_ARRAY);
    struct str tail = str_slice(bytes, bytes.n > LOG_BYTES ? bytes.n - LOG_BYTES : 0, bytes.n);
    struct str rest = last_lines(str_trim(text_utf8(a, tail)));
    if (jt_get(event, S("breadcrumbs")))
        return;
    while (rest.p) {
        struct str line = str_trim(str_split(&rest, '\n'));
        if (line.n)
            jt_append(list, breadcrumb_of(a, line));
    }
    if (list->count)
        jt_set(crash_object(a, event, S("breadcrumbs")), S("values"), list);
}
