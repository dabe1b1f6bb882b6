#include "worker/digest/check_in.h"

#include "base/text.h"
#include "worker/digest/release.h"

enum { SLUG_MAX = 50, ENVIRONMENT_MAX = 64 };
#define DURATION_MOST ((double)INT32_MAX) /* milliseconds */

/* By monitor, and for each as they came. */
static int by_monitor(const void *a, const void *b)
{
    const struct batch_row *x = *(struct batch_row *const *)a, *y = *(struct batch_row *const *)b;
    const struct check_in *c = x->data, *d = y->data;
    int64_t project = x->record->head.project_id, other = y->record->head.project_id;
    int names = str_compare(c->slug, d->slug);
    if (project != other)
        return project < other ? -1 : 1;
    return names ? names : (c->order > d->order) - (c->order < d->order);
}

const struct row_kind check_in_rows = {.store = check_in_store, .order = by_monitor};

/* ---- fields; false: not a check-in */

static bool is_absent(const struct jt *v)
{
    return !v || v->kind == JT_NULL;
}

static bool read_uuid(const struct jt *v, struct uuid *out)
{
    *out = (struct uuid){{0}};
    return is_absent(v) || (jt_str(v).p && uuid_parse(jt_str(v), out));
}

/* What only the server may say is unknown. */
static bool read_status(const struct jt *v, enum check_in_status *out)
{
    static const struct {
        struct str name;
        enum check_in_status status;
    } names[] = {{{"ok", 2}, CHECK_IN_OK},
                 {{"error", 5}, CHECK_IN_ERROR},
                 {{"in_progress", 11}, CHECK_IN_IN_PROGRESS}};
    *out = CHECK_IN_UNKNOWN;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(jt_str(v), names[i].name))
            *out = names[i].status;
    }
    return jt_str(v).p != NULL;
}

static bool read_slug(struct reading *r, const struct jt *v, struct str *out)
{
    struct str slug = str_trim(jt_str(v));
    slug = text_slug(r->scratch, str_slice(slug, 0, text_prefix(slug, SLUG_MAX)));
    *out = reading_keep(r, slug);
    return slug.n > 0;
}

/* Relay's reading of monitor_config is strict; whether its values may be is for the monitor. */
static bool read_config(struct reading *r, const struct jt *json, struct check_in *c)
{
    struct monitor_config *config = arena_new_of(r->batch->arena, struct monitor_config);
    const char *why;
    if (is_absent(json))
        return true;
    enum monitor_config_fault fault = monitor_config_read(r->batch->arena, json, config, &why);
    config->schedule.unit = reading_keep(r, config->schedule.unit);
    config->schedule.timezone = reading_keep(r, config->schedule.timezone);
    c->config = fault == MONITOR_CONFIG_FINE ? config : NULL;
    return fault != MONITOR_CONFIG_MALFORMED;
}

static bool read_fields(struct reading *r, const struct jt *json, struct check_in *c)
{
    const struct jt *trace = jt_get(jt_get(json, S("contexts")), S("trace"));
    struct str trace_id = jt_get_str(trace, S("trace_id"));
    c->has_trace = trace_id.n && uuid_parse(trace_id, &c->trace);
    return read_slug(r, jt_get(json, S("monitor_slug")), &c->slug) &&
           read_uuid(jt_get(json, S("check_in_id")), &c->id) &&
           read_status(jt_get(json, S("status")), &c->status) &&
           read_config(r, jt_get(json, S("monitor_config")), c);
}

/* Seconds. */
static bool read_duration(const struct jt *v, struct check_in *c)
{
    double seconds;
    if (is_absent(v))
        return true;
    if (!jt_double(v, &seconds) || !(seconds >= 0 && seconds * 1000 <= DURATION_MOST))
        return false;
    c->has_duration = true;
    c->duration = (int64_t)(seconds * 1000);
    return true;
}

static const char *refusal(struct reading *r, const struct jt *json, struct check_in *c,
                           struct str *environment)
{
    const struct jt *name = jt_get(json, S("environment"));
    if (!read_fields(r, json, c) || (!is_absent(name) && !jt_str(name).p))
        return "invalid_check_in";
    *environment = jt_str(name).n ? jt_str(name) : S("production");
    if (text_points(*environment) > ENVIRONMENT_MAX)
        return "invalid_check_in";
    if (!release_is_environment(*environment))
        return "invalid_monitor_environment";
    return read_duration(jt_get(json, S("duration")), c) ? NULL : "invalid_duration";
}

void check_in_digest(struct reading *r)
{
    struct check_in c = {.order = r->batch->rows[ROW_CHECK_IN].count};
    struct str environment;
    const struct jt *json = reading_object(r, S("invalid_json"));
    const char *why = json ? refusal(r, json, &c, &environment) : NULL;
    if (why)
        reading_refuse(r, OUTCOME_INVALID, str_of(why));
    if (!json || why)
        return;
    reading_row(r, ROW_CHECK_IN, &c, sizeof(c))->environment = reading_keep(r, environment);
}
