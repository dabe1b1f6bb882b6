#include "storage/otlp_message.h"

#include <math.h>

#include "base/text.h"

/* ---- the messages: opentelemetry-proto 1.x, as far as anything here reads them */

#define MESSAGE(name, number, fields)                                                              \
    {                                                                                              \
        name, number, OTLP_MESSAGE, fields, false                                                  \
    }
#define LIST(name, number, fields)                                                                 \
    {                                                                                              \
        name, number, OTLP_MESSAGE, fields, true                                                   \
    }

static const struct otlp_field any_value[8];

static const struct otlp_field key_value[] = {
    {"key", 1, OTLP_TEXT},
    MESSAGE("value", 2, any_value),
    {0},
};

static const struct otlp_field array_value[] = {LIST("values", 1, any_value), {0}};
static const struct otlp_field kvlist_value[] = {LIST("values", 1, key_value), {0}};

static const struct otlp_field any_value[8] = {
    {"stringValue", 1, OTLP_TEXT},         {"boolValue", 2, OTLP_BOOL},
    {"intValue", 3, OTLP_INTEGER},         {"doubleValue", 4, OTLP_DOUBLE},
    MESSAGE("arrayValue", 5, array_value), MESSAGE("kvlistValue", 6, kvlist_value),
    {"bytesValue", 7, OTLP_BINARY},        {0},
};

static const struct otlp_field resource[] = {LIST("attributes", 1, key_value), {0}};

static const struct otlp_field scope[] = {
    {"name", 1, OTLP_TEXT},
    {"version", 2, OTLP_TEXT},
    LIST("attributes", 3, key_value),
    {0},
};

static const struct otlp_field span_link[] = {
    {"traceId", 1, OTLP_ID},
    {"spanId", 2, OTLP_ID},
    LIST("attributes", 4, key_value),
    {"flags", 6, OTLP_FLAGS},
    {0},
};

static const struct otlp_field span_status[] = {
    {"message", 2, OTLP_TEXT},
    {"code", 3, OTLP_INTEGER},
    {0},
};

static const struct otlp_field span[] = {
    {"traceId", 1, OTLP_ID},           {"spanId", 2, OTLP_ID},
    {"parentSpanId", 4, OTLP_ID},      {"name", 5, OTLP_TEXT},
    {"kind", 6, OTLP_INTEGER},         {"startTimeUnixNano", 7, OTLP_TIME},
    {"endTimeUnixNano", 8, OTLP_TIME}, LIST("attributes", 9, key_value),
    LIST("links", 13, span_link),      MESSAGE("status", 15, span_status),
    {"flags", 16, OTLP_FLAGS},         {0},
};

static const struct otlp_field log_record[] = {
    {"timeUnixNano", 1, OTLP_TIME},
    {"severityNumber", 2, OTLP_INTEGER},
    {"severityText", 3, OTLP_TEXT},
    MESSAGE("body", 5, any_value),
    LIST("attributes", 6, key_value),
    {"traceId", 9, OTLP_ID},
    {"spanId", 10, OTLP_ID},
    {"observedTimeUnixNano", 11, OTLP_TIME},
    {0},
};

static const struct otlp_field scope_spans[] = {
    MESSAGE("scope", 1, scope),
    LIST("spans", 2, span),
    {0},
};

static const struct otlp_field scope_logs[] = {
    MESSAGE("scope", 1, scope),
    LIST("logRecords", 2, log_record),
    {0},
};

static const struct otlp_field resource_spans[] = {
    MESSAGE("resource", 1, resource),
    LIST("scopeSpans", 2, scope_spans),
    {0},
};

static const struct otlp_field resource_logs[] = {
    MESSAGE("resource", 1, resource),
    LIST("scopeLogs", 2, scope_logs),
    {0},
};

const struct otlp_field otlp_traces[] = {LIST("resourceSpans", 1, resource_spans), {0}};
const struct otlp_field otlp_logs[] = {LIST("resourceLogs", 1, resource_logs), {0}};

static const enum protobuf_wire wires[] = {
    [OTLP_MESSAGE] = PROTOBUF_BYTES,  [OTLP_TEXT] = PROTOBUF_BYTES,
    [OTLP_ID] = PROTOBUF_BYTES,       [OTLP_BINARY] = PROTOBUF_BYTES,
    [OTLP_BOOL] = PROTOBUF_VARINT,    [OTLP_INTEGER] = PROTOBUF_VARINT,
    [OTLP_TIME] = PROTOBUF_FIXED64,   [OTLP_FLAGS] = PROTOBUF_FIXED32,
    [OTLP_DOUBLE] = PROTOBUF_FIXED64,
};

/* ---- walking */

static bool fail(struct otlp_reader *r, const char *why)
{
    if (!r->error)
        r->error = why ? why : "unexpected token";
    return false;
}

/* A value of an object or array, between two offsets of the reader: without the comma or colon
 * before it. */
static struct str value_between(struct str json, size_t from, size_t to)
{
    from += text_run(json, from, " \t\r\n,:");
    return str_slice(json, from, to);
}

static struct str json_member(struct otlp_reader *r, struct str object, const char *name)
{
    struct jr j;
    struct str found = {0};
    enum jr_kind kind = JR_ERROR;
    jr_begin(&j, object, JR_DEPTH_MAX);
    if (jr_next(&j) != JR_OBJECT) {
        fail(r, j.error ? jr_error(&j) : "expected an object");
        return found;
    }
    while ((kind = jr_next(&j)) == JR_KEY) {
        bool is_it = jr_is(&j, str_of(name));
        size_t from = jr_offset(&j);
        if (jr_skip(&j, jr_next(&j)) && is_it)
            found = value_between(object, from, jr_offset(&j));
    }
    if (kind != JR_OBJECT_END || jr_next(&j) != JR_END)
        fail(r, jr_error(&j));
    return found;
}

static bool is_field(const struct protobuf_field *f, const struct otlp_field *field)
{
    return f->number == field->number && f->wire == wires[field->kind];
}

static struct str wire_member(struct otlp_reader *r, struct str message,
                              const struct otlp_field *field)
{
    struct protobuf wire;
    struct protobuf_field f;
    struct str found = {0};
    protobuf_begin(&wire, message);
    while (protobuf_next(&wire, &f))
        if (is_field(&f, field))
            found = f.bytes;
    if (wire.broken)
        fail(r, "broken protobuf");
    return found;
}

struct str otlp_member(struct otlp_reader *r, struct str message, const struct otlp_field *field)
{
    if (r->error)
        return (struct str){0};
    return r->format == OTLP_JSON ? json_member(r, message, field->name)
                                  : wire_member(r, message, field);
}

void otlp_list_begin(struct otlp_list *l, struct otlp_reader *r, struct str message,
                     const struct otlp_field *field)
{
    *l = (struct otlp_list){.reader = r, .field = field};
    if (r->format == OTLP_PROTOBUF) {
        protobuf_begin(&l->wire, message);
        return;
    }
    l->array = otlp_member(r, message, field);
    jr_begin(&l->json, l->array, JR_DEPTH_MAX);
    if (l->array.p && jr_next(&l->json) != JR_ARRAY)
        l->array = (struct str){0};
}

/* Sound already: finding the list has read it through. */
static bool next_of_array(struct otlp_list *l, struct str *element)
{
    if (!l->array.p)
        return false;
    size_t from = jr_offset(&l->json);
    enum jr_kind kind = jr_next(&l->json);
    if (kind == JR_ARRAY_END || kind == JR_ERROR || !jr_skip(&l->json, kind))
        return false;
    *element = value_between(l->array, from, jr_offset(&l->json));
    return true;
}

static bool next_of_wire(struct otlp_list *l, struct str *element)
{
    struct protobuf_field f;
    while (protobuf_next(&l->wire, &f))
        if (is_field(&f, l->field)) {
            *element = f.bytes;
            return true;
        }
    return l->wire.broken && fail(l->reader, "broken protobuf");
}

bool otlp_list_next(struct otlp_list *l, struct str *element)
{
    if (l->reader->error)
        return false;
    return l->reader->format == OTLP_JSON ? next_of_array(l, element) : next_of_wire(l, element);
}

/* ---- trees */

static struct jt *number_of(struct arena *a, double number)
{
    if (!isfinite(number))
        return jt_new(a, JT_NULL);
    struct jt *v = jt_new(a, JT_NUMBER);
    v->text = str_of(arena_printf(a, "%.17g", number));
    return v;
}

static struct jt *double_of(struct arena *a, uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof(number));
    return number_of(a, number);
}

static struct jt *scalar_of(struct arena *a, enum otlp_kind kind, const struct protobuf_field *f)
{
    switch (kind) {
    case OTLP_TEXT:
        return jt_new_str(a, text_utf8(a, f->bytes));
    case OTLP_ID:
        return jt_new_str(a, text_hex(a, f->bytes.p, f->bytes.n));
    case OTLP_BINARY:
        return jt_new_str(a, text_base64(a, f->bytes));
    case OTLP_BOOL:
        return jt_new_bool(a, f->value != 0);
    case OTLP_TIME:
        return jt_new_str(a, str_of(arena_printf(a, "%llu", (unsigned long long)f->value)));
    case OTLP_DOUBLE:
        return double_of(a, f->value);
    default:
        return jt_new_int(a, (int64_t)f->value);
    }
}

static const struct otlp_field *field_of(const struct otlp_field *fields,
                                         const struct protobuf_field *f)
{
    for (; fields->name; fields++)
        if (is_field(f, fields))
            return fields;
    return NULL;
}

static void put_member(struct arena *a, struct jt *object, const struct otlp_field *field,
                       struct jt *value)
{
    struct str name = str_of(field->name);
    struct jt *list = field->repeated ? jt_get(object, name) : NULL;
    if (field->repeated && !list)
        jt_set(object, name, list = jt_new(a, JT_ARRAY));
    if (list)
        jt_append(list, value);
    else
        jt_set(object, name, value);
}

static struct jt *wire_tree(struct otlp_reader *r, struct arena *a, const struct otlp_field *fields,
                            struct str message, int depth)
{
    struct protobuf wire;
    struct protobuf_field f;
    struct jt *object = jt_new(a, depth > 0 ? JT_OBJECT : JT_NULL);
    if (depth == 0)
        return object;
    protobuf_begin(&wire, message);
    while (protobuf_next(&wire, &f)) {
        const struct otlp_field *field = field_of(fields, &f);
        if (field)
            put_member(a, object, field,
                       field->kind == OTLP_MESSAGE
                           ? wire_tree(r, a, field->fields, f.bytes, depth - 1)
                           : scalar_of(a, field->kind, &f));
    }
    if (wire.broken)
        fail(r, "broken protobuf");
    return object;
}

struct jt *otlp_tree(struct otlp_reader *r, struct arena *a, const struct otlp_field *fields,
                     struct str message)
{
    const char *why = NULL;
    struct jt *tree;
    if (r->error)
        return NULL;
    if (!message.p)
        return jt_new(a, JT_OBJECT);
    if (r->format == OTLP_JSON)
        tree = jt_read(a, message, 2 * OTLP_DEPTH, &why);
    else
        tree = wire_tree(r, a, fields, message, OTLP_DEPTH);
    if (!tree)
        fail(r, why);
    return r->error ? NULL : tree;
}
