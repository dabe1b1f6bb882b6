#include "worker/digest/transaction_item.h"

#include "sql.h"
#include "storage/copy.h"
#include "storage/event_body.h"
#include "storage/span_status.h"
#include "storage/transaction_spans.h"
#include "worker/digest/flat_json.h"
#include "worker/digest/span_rows.h"
#include "worker/digest/transaction.h"
#include "worker/span/category.h"

enum { WORD_MAX = 200, METHOD_MAX = 20, BODY_DEPTH = 256 };

/* What waits until the record's profiles are known. */
struct transaction_rest {
    struct str json; /* the body, in scratch until it is completed */
    int codec;
    struct str body;        /* as stored */
    struct uuid profile_id; /* nil: none */
};

struct transaction_row {
    struct event event; /* its texts are kept; tree and body are not */
    int64_t start;
    int64_t span_id, parent_span_id;
    bool has_parent;
    int status, span_count;
    struct str op, source, http_method, measurements, tags;
    struct uuid replay_id; /* nil: none */
    struct transaction_rest *rest;
};

static double duration(const struct transaction_row *t)
{
    return (double)(t->event.timestamp - t->start) / 1000;
}

/* ---- rows */

static void copy_key(struct buf *b, const struct batch_row *row)
{
    copy_int8(b, row->record->head.project_id);
    copy_uuid(b, row->record->head.event_id);
    copy_date(b, row->record->head.received);
}

static void copy_number_if(struct buf *b, bool given, int64_t number)
{
    if (given)
        copy_int8(b, number);
    else
        copy_null(b);
}

static void copy_uuid_if(struct buf *b, struct uuid id)
{
    if (uuid_is_nil(id))
        copy_null(b);
    else
        copy_uuid(b, id);
}

static void put(struct buf *b, const struct batch_row *row)
{
    const struct transaction_row *t = row->data;
    const struct event *e = &t->event;
    copy_row(b, 25);
    copy_key(b, row);
    copy_time(b, e->received);
    copy_time(b, t->start);
    copy_time(b, e->timestamp);
    copy_double(b, duration(t));
    copy_text(b, e->transaction);
    copy_text(b, t->op);
    copy_int2(b, (int16_t)t->status);
    copy_text(b, t->source);
    copy_text(b, e->platform);
    copy_int8(b, row->environment_id);
    copy_number_if(b, row->release_id, row->release_id);
    copy_text(b, e->dist);
    copy_number_if(b, e->has_user, (int64_t)e->user_hash);
    copy_uuid(b, e->trace_id);
    copy_int8(b, t->span_id);
    copy_number_if(b, t->has_parent, t->parent_span_id);
    copy_text(b, t->http_method);
    copy_uuid_if(b, t->replay_id);
    copy_uuid_if(b, t->rest->profile_id);
    copy_int4(b, t->span_count);
    copy_jsonb(b, t->measurements);
    copy_jsonb(b, t->tags);
}

static int by_id(const void *a, const void *b)
{
    const struct batch_row *x = *(const struct batch_row *const *)a;
    const struct batch_row *y = *(const struct batch_row *const *)b;
    if (x->record->head.project_id != y->record->head.project_id)
        return x->record->head.project_id < y->record->head.project_id ? -1 : 1;
    return memcmp(x->record->head.event_id.bytes, y->record->head.event_id.bytes,
                  sizeof(x->record->head.event_id.bytes));
}

const struct row_kind transaction_rows = {
    .copy = "copy transaction (project_id, event_id, received_day, received, start_timestamp, "
            "\"timestamp\", duration, name, op, status, source, platform, environment_id, "
            "release_id, dist, user_hash, trace_id, span_id, parent_span_id, http_method, "
            "replay_id, profile_id, span_count, measurements, tags) from stdin (format binary)",
    .put = put,
    .order = by_id,
    .known = &SQL_digest_known_transactions,
};

/* The data is the transaction's own row. */
static void put_body(struct buf *b, const struct batch_row *row)
{
    const struct transaction_row *t = row->item->row->data;
    copy_row(b, 5);
    copy_key(b, row);
    copy_int2(b, (int16_t)t->rest->codec);
    copy_text(b, t->rest->body);
}

const struct row_kind transaction_body_rows = {
    .copy = "copy transaction_body (project_id, event_id, received_day, codec, body) "
            "from stdin (format binary)",
    .put = put_body,
    .order = by_id,
};

static bool is_failure(int status)
{
    return status != SPAN_STATUS_OK && status != SPAN_STATUS_CANCELLED &&
           status != SPAN_STATUS_UNKNOWN;
}

/* The data is the transaction's own row: its names are known by now. */
static void put_hour(struct buf *b, const struct batch_row *row)
{
    const struct batch_row *named = row->item->row;
    const struct transaction_row *t = named->data;
    copy_row(b, 9);
    copy_int8(b, row->record->head.project_id);
    copy_text(b, t->event.transaction);
    copy_text(b, t->op);
    copy_int8(b, named->environment_id);
    copy_int8(b, named->release_id);
    copy_time(b, t->event.timestamp);
    copy_double(b, duration(t));
    copy_bool(b, is_failure(t->status));
    copy_number_if(b, t->event.has_user, (int64_t)t->event.user_hash);
}

const struct row_kind transaction_hour_rows = {
    .copy = "copy digest_transaction (project_id, name, op, environment_id, release_id, "
            "\"timestamp\", duration, is_failure, user_hash) from stdin (format binary)",
    .temporary = &SQL_digest_transactions_temporary,
    .put = put_hour,
    .statements = {&SQL_digest_count_transactions},
};

/* ---- from an event to its rows */

static const struct jt *context(const struct jt *event, struct str name)
{
    return jt_get(jt_get(event, S("contexts")), name);
}

static struct str word(struct reading *r, struct str text, struct str otherwise)
{
    return text.n ? reading_keep_cut(r, text, WORD_MAX) : otherwise;
}

static struct uuid id_of(struct str text)
{
    struct uuid id = {{0}};
    uuid_parse(text, &id);
    return id;
}

static struct event keep_event(struct reading *r, const struct event *e)
{
    struct event kept = *e;
    kept.transaction = reading_keep(r, e->transaction);
    kept.platform = reading_keep(r, e->platform);
    kept.release = reading_keep(r, e->release);
    kept.environment = e->environment.p ? reading_keep(r, e->environment) : S("");
    kept.dist = reading_keep(r, e->dist);
    kept.body = (struct str){0};
    kept.tags = NULL;
    kept.tree = NULL;
    return kept;
}

static bool read_trace(const struct event *e, struct transaction_row *t)
{
    const struct jt *trace = context(e->tree, S("trace"));
    t->status = span_status_named(jt_get_str(trace, S("status")));
    t->has_parent = span_id_of(jt_get_str(trace, S("parent_span_id")), &t->parent_span_id);
    return e->has_trace && span_id_of(jt_get_str(trace, S("span_id")), &t->span_id) &&
           transaction_time(e->tree, S("start_timestamp"), &t->start);
}

static struct transaction_rest *rest_of(struct reading *r, const struct event *e)
{
    struct transaction_rest *rest = arena_new_of(r->batch->arena, struct transaction_rest);
    rest->json = e->body;
    rest->profile_id = id_of(jt_get_str(context(e->tree, S("profile")), S("profile_id")));
    return rest;
}

static struct transaction_row row_of(struct reading *r, const struct event *e)
{
    const struct jt *trace = context(e->tree, S("trace"));
    const struct jt *spans = jt_get(e->tree, S("spans"));
    const struct jt *info = jt_get(e->tree, S("transaction_info"));
    struct str method = jt_get_str(jt_get(e->tree, S("request")), S("method"));
    return (struct transaction_row){
        .event = keep_event(r, e),
        .span_count = spans ? (int)spans->count : 0,
        .op = word(r, jt_get_str(trace, S("op")), S("default")),
        .source = word(r, jt_get_str(info, S("source")), S("unknown")),
        .http_method = method.n ? reading_keep_cut(r, method, METHOD_MAX) : method,
        .replay_id = id_of(jt_get_str(context(e->tree, S("replay")), S("replay_id"))),
        .rest = rest_of(r, e),
        .measurements = flat_json_measurements(r->batch->arena, jt_get(e->tree, S("measurements"))),
        .tags = reading_tags_json(r, e),
    };
}

/* The value in another object as well. */
static void share(struct arena *a, struct jt *object, const struct jt *of, struct str key)
{
    const struct jt *value = jt_get(of, key);
    if (!value)
        return;
    struct jt *twin = arena_new_of(a, struct jt);
    *twin = *value;
    jt_set(object, key, twin);
}

/* The transaction as a span among its spans. */
static struct jt *root_span(struct arena *a, const struct event *e)
{
    static const struct str of_trace[] = {{"trace_id", 8}, {"span_id", 7}, {"parent_span_id", 14},
                                          {"op", 2},       {"status", 6},  {"exclusive_time", 14},
                                          {"data", 4}};
    struct jt *root = jt_new(a, JT_OBJECT), *tags = jt_new(a, JT_OBJECT);
    const struct jt *trace = context(e->tree, S("trace"));
    for (size_t i = 0; i < sizeof(of_trace) / sizeof(of_trace[0]); i++)
        share(a, root, trace, of_trace[i]);
    share(a, root, e->tree, S("start_timestamp"));
    share(a, root, e->tree, S("timestamp"));
    share(a, root, e->tree, S("measurements"));
    jt_set(root, S("description"), jt_new_str(a, e->transaction));
    struct str category = span_category(jt_get_str(root, S("op")));
    if (category.p)
        jt_set(tags, S("category"), jt_new_str(a, category));
    jt_set(root, S("sentry_tags"), tags);
    return root;
}

static void add_spans(struct reading *r, const struct event *e, const struct transaction_row *t)
{
    const struct jt *spans = jt_get(e->tree, S("spans"));
    const struct jt *root = root_span(r->scratch, e);
    struct span_place place = {.transaction = e->id,
                               .name = t->event.transaction,
                               .platform = t->event.platform,
                               .segment_id = jt_get_str(root, S("span_id"))};
    for (const struct jt *span = spans ? spans->first : NULL; span; span = span->next)
        span_row_add(r, span, &place);
    place.is_segment = true;
    span_row_add(r, root, &place);
}

static void add_rows(struct reading *r, const struct event *e, const struct transaction_row *t)
{
    struct batch_row *row = reading_row(r, ROW_TRANSACTION, t, sizeof(*t));
    row->environment = t->event.environment;
    row->release = t->event.release;
    reading_name(r, row, e->id);
    reading_row(r, ROW_TRANSACTION_BODY, t, 0);
    reading_row(r, ROW_TRANSACTION_HOUR, t, 0);
    r->transaction = t->rest;
    add_spans(r, e, t);
    reading_count(r, CATEGORY_TRANSACTION_INDEXED, 1);
    reading_count(r, CATEGORY_SPAN, t->span_count + 1); /* the transaction is one itself */
    reading_count(r, CATEGORY_SPAN_INDEXED, t->span_count + 1);
}

/* Its spans fall with it. */
static void refuse(struct reading *r, enum outcome verdict, struct str reason)
{
    int64_t spans = (int64_t)transaction_spans(r->item->payload);
    reading_refuse(r, verdict, reason);
    reading_count_refused(r, CATEGORY_SPAN, spans, verdict, reason);
    reading_count_refused(r, CATEGORY_SPAN_INDEXED, spans, verdict, reason);
}

/* The project counts it and its spans, and keeps none of them. */
static void leave_sampled(struct reading *r, const struct event *e, struct str reason)
{
    const struct jt *spans = jt_get(e->tree, S("spans"));
    int64_t count = spans ? (int64_t)spans->count + 1 : 1;
    r->to->category = CATEGORY_TRANSACTION_INDEXED;
    reading_refuse(r, OUTCOME_FILTERED, reason);
    struct batch_item *counted = reading_count(r, CATEGORY_TRANSACTION, 1);
    counted->lead = NULL;
    counted->is_taken = r->to->is_taken;
    r->to->is_taken = false;
    reading_count(r, CATEGORY_SPAN, count)->lead = NULL;
    reading_count_refused(r, CATEGORY_SPAN_INDEXED, count, OUTCOME_FILTERED, reason);
}

void transaction_digest(struct reading *r)
{
    struct event event = {0};
    struct event_refusal refusal = {0};
    const struct event_source source = {&r->record, r->item, r->policy};
    if (!event_understand(r->scratch, &source, &event, &refusal)) {
        if (refusal.is_sampled)
            leave_sampled(r, &event, refusal.reason);
        else
            refuse(r, refusal.verdict, refusal.reason);
        return;
    }
    struct transaction_row row = row_of(r, &event);
    if (read_trace(&event, &row))
        add_rows(r, &event, &row);
    else
        refuse(r, OUTCOME_INVALID, S("invalid_transaction"));
}

/* ---- its profile */

static void drop_profile(struct jt *contexts, struct jt *profile)
{
    jt_remove(profile, jt_get(profile, S("profile_id")));
    if (profile->count <= (jt_get(profile, S("type")) ? 1 : 0))
        jt_remove(contexts, profile);
}

static void name_profile(struct arena *a, struct jt *contexts, struct uuid id)
{
    struct jt *profile = jt_get(contexts, S("profile"));
    if (!profile) {
        profile = jt_new(a, JT_OBJECT);
        jt_set(profile, S("type"), jt_new_str(a, S("profile")));
        jt_set(contexts, S("profile"), profile);
    }
    jt_set(profile, S("profile_id"), jt_new_str(a, uuid_text(a, id)));
}

/* The body with another profile, or none. */
static struct str body_with(struct arena *a, struct str json, struct uuid id)
{
    struct buf out;
    struct jw j;
    const char *error;
    struct jt *event = jt_read(a, json, BODY_DEPTH, &error);
    struct jt *contexts = jt_get(event, S("contexts"));
    if (uuid_is_nil(id))
        drop_profile(contexts, jt_get(contexts, S("profile")));
    else
        name_profile(a, contexts, id);
    buf_init(&out, json.n * 2 + 1024);
    jw_begin(&j, &out);
    jt_write(&j, event);
    struct str body = buf_ok(&out) ? arena_str(a, buf_str(&out)) : json;
    buf_free(&out);
    return body;
}

void transaction_complete(struct reading *r)
{
    struct transaction_rest *rest = r->transaction;
    if (!rest)
        return;
    if (!uuid_eq(rest->profile_id, r->profile_id))
        rest->json = body_with(r->scratch, rest->json, r->profile_id);
    rest->profile_id = r->profile_id;
    rest->body = event_body_encode(r->batch->arena, rest->json, &rest->codec);
    rest->json = (struct str){0};
}
