#include "api/scrubbing.h"

#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { SHOWN_NAME = 60 };

static void release_scrubber(void *scrubber)
{
    scrubber_free(scrubber);
}

static const char *wrong_config(struct request *rq, const char *why)
{
    return arena_printf(rq->arena, "Not a valid configuration: %s", why);
}

/* ---- the advanced configuration alone */

/* Is this rule one whose regular expression cannot be read? */
static bool is_broken(struct request *rq, const struct jt *rule)
{
    struct buf text;
    struct jw j;
    const char *error;
    buf_init(&text, 2 * (size_t)SCRUBBING_RULES_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_open_k(&j, "rules", '{');
    jw_name(&j, rule->key);
    jt_write(&j, rule);
    jw_close(&j, '}');
    jw_close(&j, '}');
    struct scrubber *s = scrubber_of_config(arena_str(rq->arena, buf_str(&text)), &error);
    bool broken = s && scrubber_broken_rules(s);
    buf_free(&text);
    scrubber_free(s);
    return broken;
}

static const char *name_broken_rule(struct request *rq, struct str rules)
{
    const char *error;
    const struct jt *list = jt_get(jt_read(rq->arena, rules, BIND_DEPTH, &error), S("rules"));
    for (const struct jt *rule = list ? list->first : NULL; rule; rule = rule->next) {
        struct str shown = text_ellipsis(rq->arena, rule->key, SHOWN_NAME);
        if (is_broken(rq, rule))
            return arena_printf(rq->arena, "The regular expression of rule \"%.*s\" is not valid.",
                                STR_ARG(shown));
    }
    return "A regular expression is not valid.";
}

const struct scrubber *scrubbing_compile(struct request *rq, struct str rules)
{
    const char *error = NULL;
    struct scrubber *s = scrubber_of_config(rules, &error);
    if (!s) {
        reply_field_error(rq, "relayPiiConfig", wrong_config(rq, error));
        return NULL;
    }
    arena_defer(rq->arena, release_scrubber, s);
    if (!scrubber_broken_rules(s))
        return s;
    reply_field_error(rq, "relayPiiConfig", name_broken_rule(rq, rules));
    return NULL;
}

/* ---- all settings that meet at an event */

struct both {
    struct scrub_options organization, project;
};

static struct scrub_options read_options(struct request *rq, struct str json,
                                         struct scrub_options otherwise)
{
    const char *error;
    const struct jt *tree = json.p ? jt_read(rq->arena, json, BIND_DEPTH, &error) : NULL;
    return scrub_options_read(rq->arena, tree, otherwise);
}

/* As they are stored; of an organization alone, with a project that has changed nothing. */
static bool read_stored(struct request *rq, struct both *out)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_scrubbing_options, rq->tenant.organization_id,
                              param_id(rq->tenant.project_id));
    if (!rows_next(r))
        return false;
    out->organization = read_options(rq, rows_str(r, 0), scrub_options_of_organization);
    out->project = read_options(rq, rows_str(r, 1), scrub_options_of_project);
    return true;
}

static bool is_sent(const struct scrubbing *s)
{
    return s->scrub_data_sent || s->scrub_defaults_sent || s->scrub_addresses_sent ||
           s->sensitive_fields_sent || s->safe_fields_sent || s->rules_sent;
}

static bool fits_together(struct request *rq, struct str sent)
{
    const char *error = NULL;
    struct both both;
    if (!read_stored(rq, &both))
        return true; /* the change itself meets the same failure */
    struct scrub_options *changed = rq->tenant.project_id ? &both.project : &both.organization;
    *changed = read_options(rq, sent, *changed);
    struct scrubber *s = scrubber_new(&both.organization, &both.project, &error);
    scrubber_free(s);
    if (!s)
        reply_field_error(rq, "nonFieldErrors",
                          arena_printf(rq->arena,
                                       "The settings of project and organization do not fit"
                                       " together: %s",
                                       error));
    return s != NULL;
}

static bool are_few(struct request *rq, const struct field_texts *fields)
{
    size_t size = 0;
    for (size_t i = 0; i < fields->count; i++)
        size += fields->items[i].n;
    if (size > SENSITIVE_FIELDS_MAX)
        reply_field_error(rq, "sensitiveFields", "List of sensitive fields is too long.");
    return size <= SENSITIVE_FIELDS_MAX;
}

bool scrubbing_check(struct request *rq, const struct scrubbing *s, struct str sent)
{
    if (!is_sent(s))
        return true;
    if (!are_few(rq, &s->sensitive_fields))
        return false;
    if (s->rules.n && !scrubbing_compile(rq, s->rules))
        return false;
    return fits_together(rq, arena_str(rq->arena, sent));
}
