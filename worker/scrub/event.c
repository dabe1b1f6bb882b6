#include "base/text.h"
#include "worker/scrub/application.h"
#include "worker/scrub/fields.h"
#include "worker/scrub/graphql.h"
#include "worker/scrub/redact.h"
#include "worker/scrub/scrubber.h"

/* Deeper values are removed unseen; events are not read deeper than this. */
enum { DEPTH_MAX = 160, NAME_STEPS_MAX = 32 };

struct walk {
    const struct scrubber *scrubber;
    struct arena *arena;
    struct matcher matcher;
};

/* A value on the way.  `at` is NULL where no remarks are kept. */
struct node {
    struct jt *value;
    struct scrub_field field;
    struct scrub_path path;
    struct remark_place *at;
};

static void become_null(struct jt *v)
{
    v->kind = JT_NULL;
    v->text = (struct str){0};
    v->first = v->last = NULL;
    v->count = 0;
}

static void remove_value(struct walk *w, struct node *n, struct str rule)
{
    become_null(n->value);
    remark_removed(w->arena, n->at, rule);
}

/* ---- Rules on one value. */

static bool any_possible(const struct application *app, const struct redacting *r, struct str key)
{
    for (size_t i = 0; i < app->rules.count; i++)
        if (redact_possible(r, app->rules.rules[i], key))
            return true;
    return false;
}

/* The rule that wants the text removed, or NULL. */
static const struct rule *apply_to_text(const struct application *app, const struct node *n,
                                        struct redacting *r)
{
    for (size_t i = 0; i < app->rules.count; i++)
        if (redact_text(r, app->rules.rules[i], n->path.key, n->at) == VALUE_REMOVED)
            return app->rules.rules[i];
    return NULL;
}

static void finish_text(struct walk *w, struct node *n, const struct redacting *r)
{
    if (!r->changed)
        return;
    remark_redacted(w->arena, n->at, &r->stretches, text_points(n->value->text));
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

static void scrub_text(struct walk *w, struct node *n)
{
    const struct scrubber *s = w->scrubber;
    uint64_t key_bit = selector_key_bit(n->path.key);
    struct redacting r = {0};
    if (is_no_secret(n->value->text))
        return;
    for (size_t i = 0; i < s->count; i++) {
        const struct application *app = s->applications[i];
        if (!application_possible(app, &n->path, key_bit))
            continue;
        if (!r.arena)
            r = redact_begin(w->arena, &w->matcher, n->value->text);
        if (!any_possible(app, &r, n->path.key) || !selector_matches(app->selector, &n->path))
            continue;
        const struct rule *remover = apply_to_text(app, n, &r);
        if (!remover)
            continue;
        finish_text(w, n, &r);
        remove_value(w, n, remover->origin);
        return;
    }
    finish_text(w, n, &r);
}

/* Paths are scrubbed up to their last part, without which a stack trace is worth nothing. */
static void scrub_file_path(struct walk *w, struct node *n)
{
    struct str whole = n->value->text, name = text_after_last(whole, "/\\");
    if (name.n == whole.n)
        return;
    n->value->text = str_slice(whole, 0, whole.n - name.n - 1);
    struct str folder = n->value->text;
    scrub_text(w, n);
    if (n->value->kind == JT_STRING && str_eq(n->value->text, folder)) {
        n->value->text = whole;
    } else if (n->value->kind == JT_STRING) {
        struct str end = str_slice(whole, folder.n, whole.n);
        n->value->text =
            str_of(arena_printf(w->arena, "%.*s%.*s", STR_ARG(n->value->text), STR_ARG(end)));
    } else {
        n->value->kind = JT_STRING;
        n->value->text = name;
    }
}

/* Numbers, lists and objects can only be removed. */
static void scrub_opaque(struct walk *w, struct node *n)
{
    const struct scrubber *s = w->scrubber;
    uint64_t key_bit = selector_key_bit(n->path.key);
    for (size_t i = 0; i < s->count; i++) {
        const struct application *app = s->applications[i];
        if (!application_possible(app, &n->path, key_bit) ||
            !selector_matches(app->selector, &n->path))
            continue;
        for (size_t j = 0; j < app->rules.count; j++) {
            if (!redact_removes(&w->matcher, app->rules.rules[j], n->path.key))
                continue;
            remove_value(w, n, app->rules.rules[j]->origin);
            return;
        }
    }
}

/* ---- The walk. */

static void visit(struct walk *w, struct node *n);

static uint32_t types_of(const struct scrub_field *field, const struct jt *v)
{
    static const uint32_t by_kind[] = {
        [JT_NULL] = 0,
        [JT_FALSE] = TYPE_BIT(TYPE_BOOLEAN),
        [JT_TRUE] = TYPE_BIT(TYPE_BOOLEAN),
        [JT_NUMBER] = TYPE_BIT(TYPE_NUMBER),
        [JT_STRING] = TYPE_BIT(TYPE_STRING),
        [JT_ARRAY] = TYPE_BIT(TYPE_ARRAY),
        [JT_OBJECT] = TYPE_BIT(TYPE_OBJECT),
    };
    if (field->form == FORM_STRUCT)
        return field->shape->types;
    if (field->form == FORM_VALUES)
        return 0;
    if (field->form == FORM_PAIRS)
        return TYPE_BIT(TYPE_ARRAY) | TYPE_BIT(TYPE_OBJECT);
    uint32_t message = field->form == FORM_MESSAGE ? TYPE_BIT(TYPE_MESSAGE) : 0;
    return by_kind[v->kind] | message;
}

/* Nothing in it is ever scrubbed. */
static bool is_inert(const struct scrub_field *field)
{
    return field->pii == PII_NONE &&
           (field->form == FORM_ANY || field->form == FORM_MESSAGE || field->form == FORM_PATH);
}

static struct scrub_path step(const struct scrub_path *parent, const struct scrub_field *field,
                              const struct jt *v)
{
    return (struct scrub_path){.parent = parent,
                               .types = types_of(field, v),
                               .pii = field->pii,
                               .depth = parent->depth + 1};
}

static void visit_key(struct walk *w, const struct node *parent, struct jt *v)
{
    struct node n = {.value = v, .field = scrub_field_of(&parent->field, v->key, v)};
    struct remark_place place;
    if (is_inert(&n.field))
        return;
    n.path = step(&parent->path, &n.field, v);
    n.path.key = v->key;
    if (parent->at) {
        place = remark_of_key(w->arena, parent->at, v->key);
        n.at = &place;
    }
    visit(w, &n);
}

static void visit_index(struct walk *w, const struct node *parent, struct jt *v, size_t index)
{
    struct node n = {.value = v, .field = scrub_element_of(&parent->field)};
    struct remark_place place;
    n.path = step(&parent->path, &n.field, v);
    n.path.index = index;
    if (parent->at) {
        place = remark_of_index(w->arena, parent->at, index);
        n.at = &place;
    }
    visit(w, &n);
}

static bool is_pair(const struct jt *v)
{
    return v->kind == JT_ARRAY && v->count == 2 && v->first->kind == JT_STRING;
}

static bool is_pair_list(const struct jt *list)
{
    for (const struct jt *v = list->first; v; v = v->next)
        if (!is_pair(v))
            return false;
    return list->first != NULL;
}

/* The value of a pair is seen as a member of the list, named by the pair's key. */
static void visit_pair_value(struct walk *w, const struct node *list, struct node *pair)
{
    struct jt *key = pair->value->first;
    struct node n = {.value = key->next, .field = pair->field};
    struct remark_place place;
    n.path = step(&list->path, &n.field, n.value);
    n.path.key = key->text;
    if (pair->at) {
        place = remark_of_index(w->arena, pair->at, 1);
        n.at = &place;
    }
    visit(w, &n);
}

static void visit_pair(struct walk *w, const struct node *list, struct jt *v, size_t index)
{
    struct node pair = {.value = v, .field = scrub_element_of(&list->field)};
    struct remark_place place;
    pair.path = step(&list->path, &pair.field, v);
    pair.path.index = index;
    if (list->at) {
        place = remark_of_index(w->arena, list->at, index);
        pair.at = &place;
    }
    visit_pair_value(w, list, &pair);
    /* In a free-form list the first text need not be a name. */
    if (list->field.form != FORM_PAIRS)
        visit_index(w, &pair, v->first, 0);
}

static void visit_list(struct walk *w, const struct node *n)
{
    size_t index = 0;
    bool pairs =
        n->field.form == FORM_PAIRS || (n->field.form == FORM_ANY && is_pair_list(n->value));
    for (struct jt *v = n->value->first; v; v = v->next, index++) {
        if (pairs && is_pair(v))
            visit_pair(w, n, v, index);
        else
            visit_index(w, n, v, index);
    }
}

static void visit_scalar(struct walk *w, struct node *n)
{
    if (n->value->kind == JT_NUMBER)
        scrub_opaque(w, n);
    else if (n->value->kind == JT_STRING && n->field.form == FORM_PATH)
        scrub_file_path(w, n);
    else if (n->value->kind == JT_STRING)
        scrub_text(w, n);
}

static void visit(struct walk *w, struct node *n)
{
    if (n->path.depth > DEPTH_MAX)
        become_null(n->value);
    if (n->value->kind != JT_ARRAY && n->value->kind != JT_OBJECT) {
        if (n->path.pii != PII_NONE)
            visit_scalar(w, n);
        return;
    }
    if (n->path.pii != PII_NONE)
        scrub_opaque(w, n);
    if (n->value->kind == JT_ARRAY)
        visit_list(w, n);
    for (struct jt *v = n->value->kind == JT_OBJECT ? n->value->first : NULL; v; v = v->next)
        visit_key(w, n, v);
}

/* ---- Originals that remarks and errors keep. */

static struct scrub_field field_by_name(const struct scrub_field *field, struct str name)
{
    return field->form == FORM_LIST ? scrub_element_of(field) : scrub_field_of(field, name, NULL);
}

/* A value of this field, wherever it is kept; it becomes null when it must go. */
static void scrub_kept(struct walk *w, struct jt *value, const struct scrub_field *field,
                       const struct scrub_path *path)
{
    struct node n = {.value = value, .field = {.pii = field->pii}, .path = *path};
    n.path.types = types_of(&n.field, value);
    if (field->pii != PII_NONE)
        visit(w, &n);
}

static void scrub_original(struct walk *w, struct jt *notes, const struct scrub_field *field,
                           const struct scrub_path *path)
{
    struct jt *value = jt_get(notes, S("val"));
    if (!value)
        return;
    /* The names of pairs are not known here. */
    if (field->form == FORM_PAIRS || path->depth > DEPTH_MAX)
        become_null(value);
    scrub_kept(w, value, field, path);
    if (value->kind == JT_NULL)
        jt_remove(notes, value);
}

static void scrub_originals(struct walk *w, const struct jt *meta, const struct scrub_field *field,
                            const struct scrub_path *path)
{
    for (struct jt *v = meta->first; v; v = v->next) {
        struct scrub_field inner = field_by_name(field, v->key);
        /* Whatever is kept below pairs is theirs. */
        if (field->form == FORM_PAIRS)
            inner = *field;
        if (!v->key.n || is_inert(&inner) || path->depth > DEPTH_MAX)
            continue;
        struct scrub_path at = step(path, &inner, v);
        at.key = v->key;
        scrub_original(w, jt_get(v, S("")), &inner, &at);
        scrub_originals(w, v, &inner, &at);
    }
}

/* An entry of event.errors names its value as "request.env.TOKEN". */
static void scrub_error(struct walk *w, struct jt *error, const struct node *event)
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
        steps[count + 1] = step(&steps[count], &field, value);
        steps[++count].key = name;
    }
    scrub_kept(w, value, &field, &steps[count]);
}

/* ---- The event. */

static bool is_address(struct walk *w, const struct jt *user)
{
    struct str ip = jt_get_str(user, S("ip_address"));
    return !ip.p || text_ip(w->arena, ip).p || str_eq(ip, S("{{auto}}"));
}

static bool has_text(const struct jt *object, struct str key)
{
    return jt_get_str(object, key).p != NULL;
}

/* A hashed address still counts users: it becomes their id when they have no other. */
static void keep_pseudonym(struct walk *w, struct jt *user)
{
    struct jt *ip = jt_get(user, S("ip_address"));
    if (is_address(w, user) || has_text(user, S("id")) || has_text(user, S("username")) ||
        has_text(user, S("email")))
        return;
    jt_set(user, S("id"), jt_new_str(w->arena, ip->text));
    become_null(ip);
}

static void release_matcher(struct walk *w)
{
    if (w->matcher.match)
        matcher_free(&w->matcher);
}

void scrub_event(const struct scrubber *s, struct arena *a, struct jt *event, struct jt **meta)
{
    struct walk w = {.scrubber = s, .arena = a};
    struct node n = {.value = event,
                     .field = {.form = FORM_STRUCT, .shape = &scrub_shape_event},
                     .path = {.types = TYPE_BIT(TYPE_EVENT)}};
    struct remark_place root = remark_root(a, *meta);
    struct jt *user = jt_get(event, S("user")), *errors = jt_get(event, S("errors"));
    bool address = is_address(&w, user);
    if (s->graphql)
        graphql_scrub(a, event);
    if (root.node)
        scrub_originals(&w, root.node, &n.field, &n.path);
    n.at = &root;
    visit(&w, &n);
    for (struct jt *v = errors ? errors->first : NULL; v; v = v->next)
        scrub_error(&w, v, &n);
    if (address && user)
        keep_pseudonym(&w, user);
    *meta = root.node ? root.node : *meta;
    release_matcher(&w);
}
