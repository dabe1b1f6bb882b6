#include "worker/scrub/scrubber.h"

#include <stdlib.h>

#include "worker/scrub/application.h"

enum { CONFIG_DEPTH = 16, CONFIG_MAX = 1 << 20, APPLICATIONS_MAX = 500 };

static const size_t memory_max = (size_t)256 << 20;

struct compiling {
    struct scrubber *scrubber;
    size_t from; /* applications before this one belong to another configuration */
    const char *error;
};

static struct scrubber *scrubber_start(void)
{
    struct arena *a = arena_new(memory_max);
    struct scrubber *s = arena_new_of(a, struct scrubber);
    s->arena = a;
    s->applications = arena_alloc(a, APPLICATIONS_MAX * sizeof(struct application *));
    return s;
}

void scrubber_free(struct scrubber *s)
{
    if (s)
        arena_free(s->arena);
}

size_t scrubber_broken_rules(const struct scrubber *s)
{
    return s->broken;
}

bool scrubber_is_idle(const struct scrubber *s)
{
    return !s->count && !s->graphql;
}

/* The application with this selector, at its place in the order; NULL when there are too many. */
static struct application *application_for(struct compiling *c, const struct selector *selector)
{
    struct scrubber *s = c->scrubber;
    size_t at = s->count;
    for (int order; at > c->from; at--) {
        order = selector_compare(s->applications[at - 1]->selector, selector);
        if (order == 0)
            return s->applications[at - 1];
        if (order < 0)
            break;
    }
    if (s->count == APPLICATIONS_MAX)
        return NULL;
    struct application **place = &s->applications[at];
    memmove(place + 1, place, (s->count++ - at) * sizeof(struct application *));
    *place = arena_new_of(s->arena, struct application);
    (*place)->selector = selector;
    (*place)->last_keys = selector_last_keys(selector);
    (*place)->reaches_maybe = selector_reaches_maybe(selector);
    return *place;
}

static bool looks_at_keys(const struct rule *rule)
{
    bool looks = rule->type == RULE_ANYTHING;
    for (size_t i = 0; i < rule->count; i++)
        looks |= rule->probes[i].aim != AIM_VALUE;
    return looks && rule->redaction.method != METHOD_UNKNOWN;
}

static void find_key_rules(struct application *app)
{
    app->by_key.count = 0;
    for (size_t i = 0; i < app->rules.count; i++)
        if (looks_at_keys(app->rules.rules[i]))
            app->by_key.rules[app->by_key.count++] = app->rules.rules[i];
}

static bool add_application(struct compiling *c, const struct rule_book *book,
                            const struct jt *application)
{
    struct scrubber *s = c->scrubber;
    struct str text = arena_str(s->arena, application->key);
    const struct selector *selector = selector_parse(s->arena, text, &c->error);
    struct application *app = selector ? application_for(c, selector) : NULL;
    if (!selector)
        return false;
    c->error = "too many rules";
    if (!app)
        return false;
    for (const struct jt *id = application->first; id; id = id->next)
        if (!rule_collect(book, arena_str(s->arena, jt_str(id)), &app->rules))
            return false;
    find_key_rules(app);
    c->error = NULL;
    return true;
}

/* An absent configuration, or one without applications, is one that does nothing. */
static bool add_config(struct compiling *c, const struct rule_source *source)
{
    struct scrubber *s = c->scrubber;
    const struct jt *applications = jt_get(source->config, S("applications"));
    size_t broken = s->broken;
    if (!source->config)
        return true;
    const struct rule_book *book = rule_book_new(s->arena, source, &s->broken);
    c->error = "sensitive fields make no pattern";
    if (source->literal_pairs && s->broken > broken)
        return false;
    c->error = "applications are no object";
    if (applications && applications->kind != JT_OBJECT && applications->kind != JT_NULL)
        return false;
    c->error = NULL;
    for (const struct jt *v = applications ? applications->first : NULL; v; v = v->next)
        if (!add_application(c, book, v))
            return false;
    return true;
}

static bool read_config(struct compiling *c, struct str json, struct jt **config)
{
    *config = NULL;
    json = str_trim(json);
    if (!json.n)
        return true;
    c->error = "the configuration is too large";
    if (json.n > CONFIG_MAX)
        return false;
    /* Rules borrow text from the tree, and the tree from its JSON. */
    json = arena_str(c->scrubber->arena, json);
    *config = jt_read(c->scrubber->arena, json, CONFIG_DEPTH, &c->error);
    if (*config && (*config)->kind != JT_OBJECT && (*config)->kind != JT_NULL) {
        c->error = "the configuration is no object";
        return false;
    }
    return *config != NULL;
}

static bool add_json(struct compiling *c, struct str json, struct str prefix)
{
    struct rule_source source = {.prefix = prefix};
    struct jt *config;
    if (!read_config(c, json, &config))
        return false;
    source.config = config;
    return add_config(c, &source);
}

static bool add_options(struct compiling *c, const struct scrub_options *options)
{
    struct rule_source source = {.literal_pairs = true};
    c->from = c->scrubber->advanced = c->scrubber->count;
    c->scrubber->graphql = options->scrub_data;
    source.config = scrub_options_config(c->scrubber->arena, options);
    return add_config(c, &source);
}

static struct scrubber *finished(struct compiling *c, bool valid, const char **error)
{
    *error = valid ? NULL : c->error;
    if (valid)
        return c->scrubber;
    scrubber_free(c->scrubber);
    return NULL;
}

struct scrubber *scrubber_new(const struct scrub_options *organization,
                              const struct scrub_options *project, const char **error)
{
    struct compiling c = {.scrubber = scrubber_start()};
    struct scrub_options merged = scrub_options_merge(c.scrubber->arena, organization, project);
    bool valid = add_json(&c, organization->rules, S("organization:")) &&
                 add_json(&c, project->rules, S("project:")) && add_options(&c, &merged);
    return finished(&c, valid, error);
}

struct scrubber *scrubber_of_config(struct str config, const char **error)
{
    struct compiling c = {.scrubber = scrubber_start()};
    bool valid = add_json(&c, config, S(""));
    c.scrubber->advanced = c.scrubber->count;
    return finished(&c, valid, error);
}
