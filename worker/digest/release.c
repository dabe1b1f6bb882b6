#include "worker/digest/release.h"

#include "base/text.h"

enum { RELEASE_MAX = 200, ENVIRONMENT_MAX = 64, DIST_MAX = 64 };

static const struct str release_reserved[] = {{".", 1}, {"..", 2}, {"latest", 6}};
static const struct str environment_reserved[] = {{".", 1}, {"..", 2}, {"none", 4}};

static bool is_reserved(struct str name, const struct str reserved[3])
{
    for (int i = 0; i < 3; i++)
        if (str_case_eq(name, reserved[i]))
            return true;
    return false;
}

static bool has_forbidden(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if (c < 0x20 || c == 0x7F || c == '/' || c == '\\')
            return true;
    }
    return false;
}

bool release_is_environment(struct str name)
{
    return name.n && text_points(name) <= ENVIRONMENT_MAX && !has_forbidden(name) &&
           !is_reserved(name, environment_reserved);
}

static const char *release_fault(struct str name)
{
    if (text_points(name) > RELEASE_MAX)
        return "value_too_long";
    bool bad = !name.n || has_forbidden(name) || is_reserved(name, release_reserved);
    return bad ? "invalid_data" : NULL;
}

bool release_is_version(struct str name)
{
    return !release_fault(name);
}

static const char *environment_fault(struct str name)
{
    if (text_points(name) > ENVIRONMENT_MAX)
        return "value_too_long";
    return release_is_environment(name) ? NULL : "invalid_data";
}

static bool is_dist_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

static const char *dist_fault(struct str name)
{
    if (name.n > DIST_MAX)
        return "value_too_long";
    for (size_t i = 0; i < name.n; i++)
        if (!is_dist_byte(name.p[i]))
            return "invalid_data";
    return NULL;
}

/* The trimmed name, or absent after taking it out of the event. */
static struct str normalize_name(struct normalizer *n, struct str key,
                                 const char *(*fault)(struct str name), bool empty_is_unset)
{
    struct jt *field = jt_get(n->event, key);
    if (!field)
        return (struct str){0};
    field->text = str_trim(field->text);
    bool unset = empty_is_unset && !field->text.n;
    const char *kind = unset ? NULL : fault(field->text);
    if (!unset && !kind)
        return field->text;
    meta_enter(&n->meta, key);
    if (kind)
        meta_error(&n->meta, kind, field, (struct str){0});
    meta_leave(&n->meta);
    normalize_drop(n, field);
    return (struct str){0};
}

void release_normalize(struct normalizer *n)
{
    struct event *out = n->out;
    out->release = normalize_name(n, S("release"), release_fault, false);
    out->environment = normalize_name(n, S("environment"), environment_fault, true);
    struct str dist = normalize_name(n, S("dist"), dist_fault, true);
    out->dist = out->release.p ? dist : (struct str){0};
}
