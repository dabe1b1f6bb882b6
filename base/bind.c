#include "base/bind.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"

enum { KEY_MAX = 64, MESSAGE_MAX_CHOICE = 60 };

/* One field being bound: where it comes from, where it goes, what is wrong with it. */
struct binding {
    struct request *rq;
    const struct field *field;
    void *slot;
    const char *wrong; /* message; NULL while all is well */
};

static bool refuse(struct binding *b, const char *message)
{
    b->wrong = message;
    return false;
}

static bool check_points(struct binding *b, struct str text)
{
    const struct field *f = b->field;
    int64_t points = (int64_t)text_points(text);
    if (points < f->min && points == 0)
        return refuse(b, "This field may not be blank.");
    if (points < f->min)
        return refuse(b, arena_printf(b->rq->arena, "Must have at least %lld characters.",
                                      (long long)f->min));
    if (f->max && points > f->max)
        return refuse(
            b, arena_printf(b->rq->arena, "Must have at most %lld characters.", (long long)f->max));
    return true;
}

static bool put_text(struct binding *b, struct str text)
{
    if (b->field->flags & FIELD_TRIM)
        text = str_trim(text);
    if (!check_points(b, text))
        return false;
    *(struct str *)b->slot = text;
    return true;
}

static bool put_choice(struct binding *b, struct str text)
{
    for (const char *const *c = b->field->choices; *c; c++) {
        if (str_eq(text, str_of(*c))) {
            *(struct str *)b->slot = text;
            return true;
        }
    }
    struct str shown = text_ellipsis(b->rq->arena, text, MESSAGE_MAX_CHOICE);
    return refuse(
        b, arena_printf(b->rq->arena, "\"%.*s\" is not one of the choices.", STR_ARG(shown)));
}

static bool put_slug(struct binding *b, struct str text)
{
    if (!text_is_slug(text))
        return refuse(b, "Must consist of a-z, 0-9, - and _, at most 50 of them, and not of "
                         "digits alone.");
    *(struct str *)b->slot = text;
    return true;
}

static bool put_int(struct binding *b, int64_t v)
{
    const struct field *f = b->field;
    bool bounded = f->min || f->max;
    if (bounded && (v < f->min || v > f->max))
        return refuse(b, arena_printf(b->rq->arena, "Must lie between %lld and %lld.",
                                      (long long)f->min, (long long)f->max));
    *(int64_t *)b->slot = v;
    return true;
}

static bool put_int_text(struct binding *b, struct str text)
{
    int64_t v;
    return text_int64(text, &v) ? put_int(b, v) : refuse(b, "Must be a whole number.");
}

static bool put_bool_text(struct binding *b, struct str text)
{
    bool yes = str_case_eq(text, S("true")) || str_eq(text, S("1"));
    if (!yes && !str_case_eq(text, S("false")) && !str_eq(text, S("0")))
        return refuse(b, "Must be true or false.");
    *(bool *)b->slot = yes;
    return true;
}

static void append_text(struct arena *a, struct field_texts *texts, size_t *room, struct str item)
{
    if (texts->count == *room) {
        *room = *room ? *room * 2 : 8;
        struct str *larger = arena_take(a, *room * sizeof(*larger));
        if (texts->count)
            memcpy(larger, texts->items, texts->count * sizeof(*larger));
        texts->items = larger;
    }
    texts->items[texts->count++] = item;
}

static bool put_lines(struct binding *b, struct str text)
{
    size_t room = 0;
    struct field_texts texts = {0};
    for (struct str rest = text; rest.p;) {
        struct str line = str_trim(str_split(&rest, '\n'));
        if (line.n == 0)
            continue;
        if (!check_points(b, line))
            return false;
        append_text(b->rq->arena, &texts, &room, line);
    }
    *(struct field_texts *)b->slot = texts;
    return true;
}

/* What JSON strings and query parameters have in common. */
static bool put_from_text(struct binding *b, struct str text)
{
    switch (b->field->kind) {
    case FIELD_TEXT:
        return put_text(b, text);
    case FIELD_CHOICE:
        return put_choice(b, text);
    case FIELD_SLUG:
        return put_slug(b, text);
    case FIELD_INT:
        return put_int_text(b, text);
    case FIELD_BOOL:
        return put_bool_text(b, text);
    case FIELD_TEXTS:
        return put_lines(b, text);
    case FIELD_JSON:
        break;
    }
    return refuse(b, "Not a valid value.");
}

/* Clients send ids as numbers where text is meant, and the other way round. */
static bool text_of_json(struct arena *a, const json_t *v, struct str *text)
{
    if (json_is_string(v)) {
        *text = (struct str){json_string_value(v), json_string_length(v)};
        return true;
    }
    if (json_is_integer(v)) {
        *text = str_of(arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v)));
        return true;
    }
    return false;
}

static bool put_array(struct binding *b, const json_t *array)
{
    size_t room = json_array_size(array);
    struct field_texts texts = {arena_take(b->rq->arena, (room + 1) * sizeof(struct str)), 0};
    for (size_t i = 0; i < json_array_size(array); i++) {
        struct str item;
        if (!text_of_json(b->rq->arena, json_array_get(array, i), &item))
            return refuse(b, "Must be a list of texts.");
        if (!check_points(b, item))
            return false;
        append_text(b->rq->arena, &texts, &room, item);
    }
    *(struct field_texts *)b->slot = texts;
    return true;
}

static void free_text(void *z)
{
    free(z);
}

static bool put_json(struct binding *b, const json_t *v)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
    char *text = json_dumps(v, flags);
    if (!text)
        return refuse(b, "Not a valid value.");
    arena_defer(b->rq->arena, free_text, text);
    struct str json = str_of(text);
    if (b->field->max && (int64_t)json.n > b->field->max)
        return refuse(b, "Too large.");
    *(struct str *)b->slot = json;
    return true;
}

static bool put_from_json(struct binding *b, const json_t *v)
{
    static const char *const expected[] = {
        [FIELD_TEXT] = "Must be text.",          [FIELD_CHOICE] = "Must be text.",
        [FIELD_BOOL] = "Must be true or false.", [FIELD_INT] = "Must be a whole number.",
        [FIELD_SLUG] = "Must be text.",          [FIELD_TEXTS] = "Must be a list of texts.",
    };
    struct str text;
    if (b->field->kind == FIELD_JSON)
        return put_json(b, v);
    if (b->field->kind == FIELD_BOOL && json_is_boolean(v)) {
        *(bool *)b->slot = json_is_true(v);
        return true;
    }
    if (b->field->kind == FIELD_TEXTS && json_is_array(v))
        return put_array(b, v);
    if (text_of_json(b->rq->arena, v, &text))
        return put_from_text(b, text);
    return refuse(b, expected[b->field->kind]);
}

static const size_t kind_sizes[] = {
    [FIELD_TEXT] = sizeof(struct str), [FIELD_CHOICE] = sizeof(struct str),
    [FIELD_BOOL] = sizeof(bool),       [FIELD_INT] = sizeof(int64_t),
    [FIELD_SLUG] = sizeof(struct str), [FIELD_TEXTS] = sizeof(struct field_texts),
    [FIELD_JSON] = sizeof(struct str),
};

static bool put_null(struct binding *b)
{
    if (!(b->field->flags & FIELD_NULLABLE))
        return refuse(b, "This field may not be null.");
    memset(b->slot, 0, kind_sizes[b->field->kind]);
    return true;
}

static void mark_present(const struct field *f, void *into)
{
    if (f->present)
        *(bool *)((char *)into + f->present - 1) = true;
}

/* fieldName -> field_name; true when they differ. */
static bool snake_case(const char *name, char out[KEY_MAX])
{
    size_t n = 0;
    bool differs = false;
    for (const char *p = name; *p && n + 2 < KEY_MAX; p++) {
        if (isupper((unsigned char)*p)) {
            out[n++] = '_';
            differs = true;
        }
        out[n++] = (char)tolower((unsigned char)*p);
    }
    out[n] = '\0';
    return differs;
}

static const json_t *find_member(const json_t *body, const char *name)
{
    char other[KEY_MAX];
    const json_t *v = json_object_get(body, name);
    return v || !snake_case(name, other) ? v : json_object_get(body, other);
}

static bool bind_member(struct binding *b, const json_t *body, void *into)
{
    const struct field *f = b->field;
    const json_t *v = find_member(body, f->name);
    if (!v)
        return f->flags & FIELD_REQUIRED ? refuse(b, "This field is required.") : true;
    mark_present(f, into);
    return json_is_null(v) ? put_null(b) : put_from_json(b, v);
}

static bool answer_wrong(struct binding *b)
{
    reply_field_error(b->rq, b->field->name, b->wrong);
    return false;
}

/* The JSON library descends by recursion, on a thread's stack. */
static bool depth_is_bounded(struct str json)
{
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            if (++depth > BIND_DEPTH)
                return false;
        } else if (c == ']' || c == '}') {
            depth -= depth > 0;
        }
    }
    return true;
}

static bool content_is_json(const struct request *rq)
{
    struct str type = request_header(rq, "CONTENT_TYPE");
    type = str_trim(str_slice(type, 0, str_index(type, ';')));
    return type.n == 0 || str_case_eq(type, S("application/json")) || str_ends(type, S("+json"));
}

static void release_json(void *v)
{
    json_decref(v);
}

static bool refuse_body(struct request *rq, int status, const char *detail)
{
    reply_error(rq, status, detail);
    return false;
}

static bool parse_body(struct request *rq, struct str body, json_t **root)
{
    json_error_t error;
    if (!depth_is_bounded(body))
        return refuse_body(rq, 400, "JSON parse error: nested too deep.");
    *root = json_loadb(body.p, body.n, 0, &error);
    if (!*root)
        return refuse_body(rq, 400,
                           arena_printf(rq->arena, "JSON parse error in line %d, column %d.",
                                        error.line, error.column));
    arena_defer(rq->arena, release_json, *root);
    if (json_is_object(*root))
        return true;
    reply_field_error(rq, "nonFieldErrors", "The body must be a JSON object.");
    return false;
}

static bool read_object(struct request *rq, json_t **root)
{
    struct str body;
    if (!request_body(rq, BIND_BODY_MAX, &body))
        return false;
    if (str_trim(body).n == 0)
        return parse_body(rq, S("{}"), root);
    if (!content_is_json(rq))
        return refuse_body(rq, 415, "The body must be application/json.");
    return parse_body(rq, body, root);
}

void bind_start(void)
{
    json_object_seed(0);
}

bool bind_body(struct request *rq, const struct field *fields, void *into)
{
    json_t *body;
    if (!read_object(rq, &body))
        return false;
    for (const struct field *f = fields; f->name; f++) {
        struct binding b = {rq, f, (char *)into + f->at, NULL};
        if (!bind_member(&b, body, into))
            return answer_wrong(&b);
    }
    return true;
}

static bool query_texts(struct binding *b, const char *name)
{
    size_t at = 0, room = 0;
    struct str value;
    struct field_texts texts = {0};
    while (request_query_next(b->rq, str_of(name), &at, &value)) {
        if (!check_points(b, value))
            return false;
        append_text(b->rq->arena, &texts, &room, value);
    }
    *(struct field_texts *)b->slot = texts;
    return true;
}

static bool bind_parameter(struct binding *b, void *into)
{
    char other[KEY_MAX];
    const struct field *f = b->field;
    const char *name = f->name;
    struct str value = request_query(b->rq, str_of(name));
    if (!value.p && snake_case(name, other)) {
        name = other;
        value = request_query(b->rq, str_of(name));
    }
    if (!value.p)
        return f->flags & FIELD_REQUIRED ? refuse(b, "This parameter is required.") : true;
    mark_present(f, into);
    return f->kind == FIELD_TEXTS ? query_texts(b, name) : put_from_text(b, value);
}

bool bind_query(struct request *rq, const struct field *fields, void *into)
{
    for (const struct field *f = fields; f->name; f++) {
        struct binding b = {rq, f, (char *)into + f->at, NULL};
        if (!bind_parameter(&b, into))
            return answer_wrong(&b);
    }
    return true;
}
