#include "storage/otlp.h"

#include "storage/eventlog.h"
#include "storage/otlp_record.h"

#define KIB ((size_t)1024)
#define RECORD_MAX (512 * KIB)
#define SHARED_MAX (64 * KIB)
#define OUTPUT_LEAST (4096 * KIB)
#define CHUNK_MAX (8192 * KIB)
#define SCRATCH_MAX ((size_t)256 << 20)
enum { OUTPUT_GROWTH = 4 };

struct otlp_signal {
    const struct otlp_field *root;
    void (*put)(struct otlp_writer *w, const struct jt *record);
    enum item_type type;
    const char *content_type;
    struct str too_large;
};

const struct otlp_signal otlp_signal_traces = {otlp_traces,
                                               otlp_put_span,
                                               ITEM_SPAN,
                                               "application/vnd.sentry.items.span.v2+json",
                                               {"too_large:span", 14}};
const struct otlp_signal otlp_signal_logs = {otlp_logs,
                                             otlp_put_log,
                                             ITEM_LOG,
                                             "application/vnd.sentry.items.log+json",
                                             {"too_large:log", 13}};

enum item_type otlp_item_type(const struct otlp_signal *signal)
{
    return signal->type;
}

struct str otlp_too_large(const struct otlp_signal *signal)
{
    return signal->too_large;
}

struct conversion {
    const struct otlp_signal *signal;
    struct otlp_reader reader;
    struct otlp_writer writer;
    struct arena *arena, *scratch; /* scratch: one record's */
    struct buf shared, chunk;
    size_t chunk_count; /* records in the container that is being written */
    size_t output, output_max;
    bool too_large;
    struct otlp_container **last;
    struct otlp_converted *out;
};

static bool goes_on(const struct conversion *c)
{
    return !c->reader.error && !c->too_large;
}

/* ---- containers */

/* Whoever exports is no visitor: its address and its User-Agent say nothing about the records. */
static void begin_chunk(struct conversion *c)
{
    buf_clear(&c->chunk);
    jw_begin(&c->writer.json, &c->chunk);
    jw_raw(&c->writer.json, S("{\"version\":2,\"ingest_settings\":{\"infer_ip\":\"never\","
                              "\"infer_user_agent\":\"never\"},\"items\":["));
    c->writer.json.comma = false;
}

static void end_chunk(struct conversion *c)
{
    if (c->chunk_count == 0)
        return;
    buf_puts(&c->chunk, "]}");
    struct otlp_container *container = arena_new_of(c->arena, struct otlp_container);
    container->count = c->chunk_count;
    container->payload = arena_str(c->arena, buf_str(&c->chunk));
    container->header = str_of(arena_printf(
        c->arena, "{\"type\":\"%.*s\",\"item_count\":%zu,\"content_type\":\"%s\"}",
        STR_ARG(item_type_name(c->signal->type)), c->chunk_count, c->signal->content_type));
    *c->last = container;
    c->last = &container->next;
    c->out->count++;
    c->chunk_count = 0;
    c->output += container->payload.n;
    c->too_large = c->output > c->output_max;
}

static bool chunk_is_full(const struct conversion *c)
{
    return c->chunk_count == OTLP_CONTAINER_ITEMS || c->chunk.len > LOG_ITEM_INLINE_MAX / 2;
}

/* ---- records */

static void write_record(struct conversion *c, const struct jt *record)
{
    if (c->chunk_count == 0)
        begin_chunk(c);
    size_t before = c->chunk.len;
    c->signal->put(&c->writer, record);
    if (buf_ok(&c->chunk)) {
        c->chunk_count++;
    } else {
        c->chunk.len = before;
        c->chunk.bad = false;
        c->writer.json.comma = c->chunk_count > 0;
        c->out->too_large++;
    }
    if (chunk_is_full(c))
        end_chunk(c);
}

static void add_record(struct conversion *c, const struct otlp_field *fields, struct str bytes)
{
    if (bytes.n > RECORD_MAX) {
        c->out->too_large++;
        return;
    }
    arena_reset(c->scratch);
    const struct jt *record = otlp_tree(&c->reader, c->scratch, fields, bytes);
    if (record)
        write_record(c, record);
}

/* ---- what records share: written when the first record wants it, the resource's part once for
 * all its scopes, or scopes that hold next to nothing would let it be read again and again */

typedef void put_shared(struct jw *j, struct arena *a, const struct jt *message);

/* Text that follows the first `from` bytes of what is shared so far. */
static void share(struct conversion *c, size_t from, struct str message,
                  const struct otlp_field *field, put_shared *put)
{
    struct jw j;
    c->too_large |= message.n > SHARED_MAX;
    if (!goes_on(c))
        return;
    arena_reset(c->scratch);
    const struct jt *tree = otlp_tree(&c->reader, c->scratch, field->fields, message);
    c->shared.len = from;
    jw_begin(&j, &c->shared);
    j.comma = from > 0;
    if (tree)
        put(&j, c->scratch, tree);
    c->too_large |= !buf_ok(&c->shared);
    c->writer.shared = buf_str(&c->shared);
}

/* One resource being walked. */
struct walk {
    const struct otlp_field *fields;
    struct str resource; /* as it came */
    bool is_shared;      /* the resource's part is written ... */
    size_t shared;       /* ... and so long */
};

static void share_scope(struct conversion *c, struct walk *w, struct str bytes)
{
    const struct otlp_field *scope = &w->fields[1].fields[0];
    if (!w->is_shared) {
        share(c, 0, w->resource, &w->fields[0], otlp_put_resource);
        w->shared = c->shared.len;
        w->is_shared = true;
    }
    share(c, w->shared, otlp_member(&c->reader, bytes, scope), scope, otlp_put_scope);
}

static void add_scope(struct conversion *c, struct walk *w, struct str bytes)
{
    const struct otlp_field *field = &w->fields[1].fields[1];
    struct otlp_list records;
    struct str record;
    otlp_list_begin(&records, &c->reader, bytes, field);
    for (bool is_first = true; goes_on(c) && otlp_list_next(&records, &record); is_first = false) {
        if (is_first)
            share_scope(c, w, bytes);
        if (goes_on(c))
            add_record(c, field->fields, record);
    }
}

static void add_resource(struct conversion *c, const struct otlp_field *fields, struct str bytes)
{
    struct walk w = {.fields = fields, .resource = otlp_member(&c->reader, bytes, &fields[0])};
    struct otlp_list scopes;
    struct str scope;
    otlp_list_begin(&scopes, &c->reader, bytes, &fields[1]);
    while (goes_on(c) && otlp_list_next(&scopes, &scope))
        add_scope(c, &w, scope);
}

static void add_all(struct conversion *c, struct str body)
{
    struct otlp_list resources;
    struct str resource;
    otlp_list_begin(&resources, &c->reader, body, c->signal->root);
    while (goes_on(c) && otlp_list_next(&resources, &resource))
        add_resource(c, c->signal->root->fields, resource);
    end_chunk(c);
}

enum otlp_result otlp_convert(struct arena *a, const struct otlp_request *request,
                              struct otlp_converted *out, const char **error)
{
    struct conversion c = {.signal = request->signal,
                           .reader = {.format = request->format},
                           .arena = a,
                           .scratch = arena_new(SCRATCH_MAX),
                           .output_max = OUTPUT_LEAST + OUTPUT_GROWTH * request->body.n,
                           .last = &out->first,
                           .out = out};
    *out = (struct otlp_converted){0};
    c.writer.arena = c.scratch;
    c.writer.received = request->received;
    buf_init(&c.shared, 4 * SHARED_MAX);
    buf_init(&c.chunk, CHUNK_MAX);
    add_all(&c, request->body);
    buf_free(&c.shared);
    buf_free(&c.chunk);
    arena_free(c.scratch);
    *error = c.reader.error;
    if (c.reader.error)
        return OTLP_BROKEN;
    return c.too_large ? OTLP_TOO_LARGE : OTLP_CONVERTED;
}
