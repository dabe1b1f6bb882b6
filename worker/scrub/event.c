#include "base/text.h"
#include "worker/scrub/application.h"
#include "worker/scrub/graphql.h"
#include "worker/scrub/redact.h"
#include "worker/scrub/scrubber.h"
#include "worker/scrub/walk.h"

enum { NAME_STEPS_MAX = 32 };

struct scrubbing {
    const struct scrubber *scrubber;
    struct arena *arena;
    struct matcher matcher;
    struct walk walk;
};

static void become_null(struct jt *v)
{
    v->kind = JT_NULL;
    v->text = (struct str){0};
    v->first = v->last = NULL;
    v->count = 0;
}

static void remove_value(struct scrubbing *s, struct walk_node *n, struct str rule)
{
    become_null(n->value);
    remark_removed(s->arena, n->at, rule);
}

/* ---- Rules on one value. */

/* The place of the first rule that could do something; the list's end when none could. */
static size_t first_possible(const struct application *app, struct redacting *r)
{
    size_t i = 0;
    while (i < app->rules.count && !redact_possible(r, app->rules.rules[i]))
        i++;
    return i;
}

/* The rule that wants the text removed, or NULL.  What was impossible stays so: rules only take
 * text away. */
static const struct rule *apply_to_text(const struct application *app, const struct walk_node *n,
                                        struct redacting *r)
{
    size_t first = first_possible(app, r);
    if (first == app->rules.count || !selector_matches(app->selector, &n->path))
        return NULL;
    for (size_t i = first; i < app->rules.count; i++) {
        const struct rule *rule = app->rules.rules[i];
        bool possible = i == first || redact_possible(r, rule);
        if (possible && redact_text(r, rule, n->at) == VALUE_REMOVED)
            return rule;
    }
    return NULL;
}

static void finish_text(struct scrubbing *s, struct walk_node *n, const struct redacting *r)
{
    if (!r->changed)
        return;
    remark_redacted(s->arena, n->at, &r->stretches, text_points(n->value->text));
    n->value->text = r->text;
}

static bool is_no_secret(struct str text)
{
    static const struct str words[] = {
        {"", 0}, {"true", 4}, {"false", 5}, {"null", 4}, {"undefined", 9}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(text, words[i]))
            return true;
    return false;
}

static void scrub_text(struct scrubbing *s, struct walk_node *n, size_t first)
{
    const struct scrubber *all = s->scrubber;
    uint64_t key_bit = selector_key_bit(n->path.key);
    if (is_no_secret(n->value->text))
        return;
    struct redacting r = redact_begin(s->arena, &s->matcher, n->path.key, n->value->text);
    const struct rule *remover = NULL;
    for (size_t i = first; i < all->count && !remover; i++)
        if (application_possible(all->applications[i], &n->path, key_bit))
            remover = apply_to_text(all->applications[i], n, &r);
    finish_text(s, n, &r);
    if (remover)
        remove_value(s, n, remover->origin);
}

/* Paths are scrubbed up to their last part, without which a stack trace is worth nothing. */
static void scrub_file_path(struct scrubbing *s, struct walk_node *n, size_t first)
{
    struct str whole = n->value->text, name = text_after_last(whole, "/\\");
    if (name.n == whole.n)
        return;
    n->value->text = str_slice(whole, 0, whole.n - name.n - 1);
    struct str folder = n->value->text;
    scrub_text(s, n, first);
    if (n->value->kind == JT_STRING && str_eq(n->value->text, folder)) {
        n->value->text = whole;
    } else if (n->value->kind == JT_STRING) {
        struct str end = str_slice(whole, folder.n, whole.n);
        n->value->text =
            str_of(arena_printf(s->arena, "%.*s%.*s", STR_ARG(n->value->text), STR_ARG(end)));
    } else {
        n->value->kind = JT_STRING;
        n->value->text = name;
    }
}

/* The rule that removes a value which is no text, or NULL. */
static const struct rule *remover_of(const struct application *app, struct redacting *r)
{
    for (size_t i = 0; i < app->by_key.count; i++)
        if (redact_removes(r, app->by_key.rules[i]))
            return app->by_key.rules[i];
    return NULL;
}

/* Numbers, lists and objects can only be removed. */
static void scrub_opaque(struct scrubbing *s, struct walk_node *n, size_t first)
{
    const struct scrubber *all = s->scrubber;
    uint64_t key_bit = selector_key_bit(n->path.key);
    struct redacting r = redact_begin(s->arena, &s->matcher, n->path.key, (struct str){0});
    for (size_t i = first; i < all->count; i++) {
        const struct application *app = all->applications[i];
        const struct rule *remover = NULL;
        if (application_possible(app, &n->path, key_bit))
            remover = remover_of(app, &r);
        if (!remover || !selector_matches(app->selector, &n->path))
            continue;
        remove_value(s, n, remover->origin);
        return;
    }
}

static void scrub_value(void *scrubbing, struct walk_node *n)
{
    struct scrubbing *s = scrubbing;
    const struct scrubber *all = s->scrubber;
    uint64_t key_bit = selector_key_bit(n->path.key);
    size_t first = 0;
    while (first < all->count && !application_possible(all->applications[first], &n->path, key_bit))
        first++;
    if (first == all->count)
        return;
    if (n->value->kind != JT_STRING)
        scrub_opaque(s, n, first);
    else if (n->field.form == FORM_PATH)
        scrub_file_path(s, n, first);
    else
        scrub_text(s, n, first);
}

/* ---- Originals that remarks and errors keep. */

static struct scrub_field field_by_name(const struct scrub_field *field, struct str name)
{
    return field->form == FORM_LIST ? scrub_element_of(field) : scrub_field_of(field, name, NULL);
}

/* A value of this field, wherever it is kept; it becomes null when it must go. */
static void scrub_kept(struct scrubbing *s, struct jt *value, const struct scrub_field *field,
                       const struct scrub_path *path)
{
    struct walk_node n = {.value = value, .field = {.pii = field->pii}, .path = *path};
    n.path.types = walk_step(path, &n.field, value).types;
    if (field->pii != PII_NONE)
        walk_visit(&s->walk, &n);
}

static void scrub_original(struct scrubbing *s, struct jt *notes, const struct scrub_field *field,
                           const struct scrub_path *path)
{
    struct jt *value = jt_get(notes, S("val"));
    if (!value)
        return;
    /* The names of pairs are not known here. */
    if (field->form == FORM_PAIRS || path->depth > WALK_DEPTH_MAX)
        become_null(value);
    scrub_kept(s, value, field, path);
    if (value->kind == JT_NULL)
        jt_remove(notes, value);
}

static void scrub_originals(struct scrubbing *s, const struct jt *meta,
                            const struct scrub_field *field, const struct scrub_path *path)
{
    for (struct jt *v = meta->first; v; v = v->next) {
        struct scrub_field inner = field_by_name(field, v->key);
        /* Whatever is kept below pairs is theirs. */
        if (field->form == FORM_PAIRS)
            inner = *field;
        if (!v->key.n || walk_is_inert(&inner) || path->depth > WALK_DEPTH_MAX)
            continue;
        struct scrub_path at = walk_step(path, &inner, v);
        at.key = v->key;
        scrub_original(s, jt_get(v, S("")), &inner, &at);
        scrub_originals(s, v, &inner, &at);
    }
}

/* An entry of event.errors names its value as "request.env.TOKEN". */
static void scrub_error(struct scrubbing *s, struct jt *error, const struct walk_node *event)
{
    struct scrub_path steps[NAME_STEPS_MAX + 1] = {event->path};
    struct scrub_field field = event->field;
    struct str rest = jt_get_str(error, S("name"));
    struct jt *value = jt_get(error, S("value"));
    size_t count = 0;
    if (!value)
        return;
    while (rest.p && count < NAME_STEPS_MAX) {
        struct str name = str_split(&rest, '.');
        field = field_by_name(&field, name);
        steps[count + 1] = walk_step(&steps[count], &field, value);
        steps[++count].key = name;
    }
    scrub_kept(s, value, &field, &steps[count]);
}

/* ---- The event. */

static bool is_address(struct scrubbing *s, const struct jt *user)
{
    struct str ip = jt_get_str(user, S("ip_address"));
    return !ip.p || text_ip(s->arena, ip).p || str_eq(ip, S("{{auto}}"));
}

static bool has_text(const struct jt *object, struct str key)
{
    return jt_get_str(object, key).p != NULL;
}

/* A hashed address still counts users: it becomes their id when they have no other. */
static void keep_pseudonym(struct scrubbing *s, struct jt *user)
{
    struct jt *ip = jt_get(user, S("ip_address"));
    if (is_address(s, user) || has_text(user, S("id")) || has_text(user, S("username")) ||
        has_text(user, S("email")))
        return;
    jt_set(user, S("id"), jt_new_str(s->arena, ip->text));
    become_null(ip);
}

/* The value, and what normalisation keeps of it. */
static void scrub_root(struct scrubbing *s, struct walk_node *n, struct scrub_notes *notes)
{
    struct remark_place *root = n->at;
    if (root->node)
        scrub_originals(s, root->node, &n->field, &n->path);
    walk_visit(&s->walk, n);
    for (struct jt *v = notes->errors ? notes->errors->first : NULL; v; v = v->next)
        scrub_error(s, v, n);
    if (root->node)
        notes->meta = root->node;
    if (s->matcher.match)
        matcher_free(&s->matcher);
}

void scrub_event(const struct scrubber *scrubber, struct arena *a, struct jt *event,
                 struct scrub_notes *notes)
{
    struct scrubbing s = {.scrubber = scrubber, .arena = a, .walk = {a, scrub_value, &s}};
    struct remark_place root = remark_root(a, notes->meta);
    struct walk_node n = walk_event(event, &root);
    struct jt *user = jt_get(event, S("user"));
    bool address = is_address(&s, user);
    if (scrubber->graphql)
        graphql_scrub(a, event);
    scrub_root(&s, &n, notes);
    if (address && user)
        keep_pseudonym(&s, user);
}

void scrub_trace_item(const struct scrubber *scrubber, struct arena *a, struct jt *item,
                      const struct scrub_shape *shape, struct scrub_notes *notes)
{
    struct scrubbing s = {.scrubber = scrubber, .arena = a, .walk = {a, scrub_value, &s}};
    struct remark_place root = remark_root(a, notes->meta);
    struct walk_node n = walk_root(item, shape, &root);
    scrub_root(&s, &n, notes);
}

void scrub_free_value(const struct scrubber *scrubber, struct arena *a, struct jt *value)
{
    struct scrubbing s = {.scrubber = scrubber, .arena = a, .walk = {a, scrub_value, &s}};
    const struct scrub_path root = {0};
    struct walk_node n = {.value = value, .field = {.pii = PII_YES}};
    n.path = walk_step(&root, &n.field, value);
    n.path.key = value->key;
    walk_visit(&s.walk, &n);
    if (s.matcher.match)
        matcher_free(&s.matcher);
}
