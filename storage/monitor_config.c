#include "storage/monitor_config.h"

#include "base/text.h"

enum { MARGIN_MOST = 40320, RUNTIME_MOST = 40320, THRESHOLD_MOST = 720, ZONE_MAX = 64 };
enum { SHORT_UNITS_MOST = 100000, UNITS_MOST = 1000 };

static bool is_absent(const struct jt *v)
{
    return !v || v->kind == JT_NULL;
}

/* A number that may be absent: then, and below `least`, it is `otherwise`. */
struct number {
    const char *key;
    int64_t most, otherwise;
    int64_t *to;
};

static enum monitor_config_fault read_number(const struct jt *json, const struct number *n)
{
    const struct jt *v = jt_get(json, str_of(n->key));
    *n->to = n->otherwise;
    if (is_absent(v))
        return MONITOR_CONFIG_FINE;
    if (!jt_int64(v, n->to))
        return MONITOR_CONFIG_MALFORMED;
    return *n->to >= 0 && *n->to <= n->most ? MONITOR_CONFIG_FINE : MONITOR_CONFIG_INVALID;
}

static enum monitor_config_fault read_numbers(const struct jt *json, struct monitor_config *out,
                                              const char **why)
{
    const struct number numbers[] = {
        {"checkin_margin", MARGIN_MOST, 0, &out->margin},
        {"max_runtime", RUNTIME_MOST, 0, &out->runtime},
        {"failure_issue_threshold", THRESHOLD_MOST, 1, &out->failure_threshold},
        {"recovery_threshold", THRESHOLD_MOST, 1, &out->recovery_threshold},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        enum monitor_config_fault fault = read_number(json, &numbers[i]);
        *why = numbers[i].key;
        if (fault != MONITOR_CONFIG_FINE)
            return fault;
    }
    out->margin += !is_absent(jt_get(json, S("checkin_margin"))) && out->margin == 0;
    out->failure_threshold += out->failure_threshold == 0;
    out->recovery_threshold += out->recovery_threshold == 0;
    return MONITOR_CONFIG_FINE;
}

static bool is_zone(struct str s)
{
    static const char bytes[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
    return s.n <= ZONE_MAX && text_run(s, 0, bytes) == s.n;
}

static enum monitor_config_fault read_zone(const struct jt *json, struct schedule *s)
{
    const struct jt *zone = jt_get(json, S("timezone"));
    if (!is_absent(zone) && !jt_str(zone).p)
        return MONITOR_CONFIG_MALFORMED;
    s->timezone = jt_str(zone).n ? jt_str(zone) : S("UTC");
    return is_zone(s->timezone) ? MONITOR_CONFIG_FINE : MONITOR_CONFIG_INVALID;
}

/* ---- schedules, in both spellings */

struct spelling {
    struct str type, unit;
    const struct jt *value; /* a crontab or a count */
};

static struct spelling spelling_of(const struct jt *json)
{
    const struct jt *schedule = jt_get(json, S("schedule"));
    struct spelling s = {.type = jt_get_str(json, S("schedule_type")), .value = schedule};
    if (schedule && schedule->kind == JT_OBJECT)
        return (struct spelling){jt_get_str(schedule, S("type")), jt_get_str(schedule, S("unit")),
                                 jt_get(schedule, S("value"))};
    if (!str_eq(s.type, S("interval")))
        return s;
    s.value = jt_at(schedule, 0);
    s.unit = jt_str(jt_at(schedule, 1));
    return s;
}

static enum monitor_config_fault read_interval(const struct spelling *spelling, struct schedule *s)
{
    s->unit = spelling->unit;
    if (!jt_int64(spelling->value, &s->count) || s->count < 0 || !schedule_is_unit(s->unit))
        return MONITOR_CONFIG_MALFORMED;
    bool is_short = str_eq(s->unit, S("minute")) || str_eq(s->unit, S("hour"));
    return s->count && s->count <= (is_short ? SHORT_UNITS_MOST : UNITS_MOST)
               ? MONITOR_CONFIG_FINE
               : MONITOR_CONFIG_INVALID;
}

static enum monitor_config_fault read_schedule(struct arena *a, const struct jt *json,
                                               struct schedule *s)
{
    struct spelling spelling = spelling_of(json);
    if (str_eq(spelling.type, S("interval")))
        return read_interval(&spelling, s);
    if (spelling.type.n && !str_eq(spelling.type, S("crontab")))
        return MONITOR_CONFIG_MALFORMED;
    if (!jt_str(spelling.value).p)
        return MONITOR_CONFIG_MALFORMED;
    s->by_crontab = true;
    return crontab_parse(a, jt_str(spelling.value), &s->crontab) ? MONITOR_CONFIG_FINE
                                                                 : MONITOR_CONFIG_INVALID;
}

enum monitor_config_fault monitor_config_read(struct arena *a, const struct jt *json,
                                              struct monitor_config *out, const char **why)
{
    *out = (struct monitor_config){0};
    enum monitor_config_fault schedule = read_schedule(a, json, &out->schedule);
    enum monitor_config_fault zone = read_zone(json, &out->schedule);
    enum monitor_config_fault numbers = read_numbers(json, out, why);
    enum monitor_config_fault worst = numbers;
    if (schedule > worst) {
        worst = schedule;
        *why = "schedule";
    }
    if (zone > worst) {
        worst = zone;
        *why = "timezone";
    }
    return worst;
}

void monitor_config_put(struct jw *j, const struct monitor_config *c)
{
    if (c->schedule.by_crontab) {
        jw_str_k(j, "crontab", c->schedule.crontab.text);
    } else {
        jw_int_k(j, "interval_count", c->schedule.count);
        jw_str_k(j, "interval_unit", c->schedule.unit);
    }
    jw_str_k(j, "timezone", c->schedule.timezone);
    if (c->margin)
        jw_int_k(j, "checkin_margin", c->margin);
    if (c->runtime)
        jw_int_k(j, "max_runtime", c->runtime);
    jw_int_k(j, "failure_threshold", c->failure_threshold);
    jw_int_k(j, "recovery_threshold", c->recovery_threshold);
}
