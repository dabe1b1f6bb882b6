#include "ingest/submission.h"

#include "base/clock.h"
#include "base/text.h"
#include "ingest/allowance.h"
#include "ingest/gate.h"
#include "ingest/origin.h"
#include "ingest/refuse.h"
#include "storage/blobs.h"

#define LIMIT_URL "(https://develop.sentry.dev/sdk/envelopes/#size-limits)"
#define RATE_DETAIL                                                                                \
    "Sentry dropped data due to a quota or internal rate limit being reached. This will not "      \
    "affect "                                                                                      \
    "your application. See https://docs.sentry.io/product/accounts/quotas/ for more information."
enum { USER_AGENT_MAX = 1024 };

/* ---- what a type means here */

/* Belongs to the envelope's event id, which is made when it is missing. */
static const bool requires_event[ITEM_TYPE_COUNT] = {
    [ITEM_EVENT] = true,        [ITEM_TRANSACTION] = true,   [ITEM_SECURITY] = true,
    [ITEM_RAW_SECURITY] = true, [ITEM_NEL] = true,           [ITEM_FEEDBACK] = true,
    [ITEM_FORM_DATA] = true,    [ITEM_UNREAL_REPORT] = true, [ITEM_ATTACHMENT] = true,
    [ITEM_USER_REPORT] = true,  [ITEM_PROFILE] = true,       [ITEM_REPLAY_EVENT] = true,
};

static const struct str attachment_types[] = {
    {"event.attachment", 16},         {"event.minidump", 14},
    {"event.applecrashreport", 22},   {"event.payload", 13},
    {"event.breadcrumbs", 17},        {"event.view_hierarchy", 20},
    {"unreal.context", 14},           {"unreal.logs", 11},
    {"playstation.prosperodump", 24}, {"nintendo.switch.dying_message", 29},
};

/* Attachments that an event is made from. */
static const struct str crash_types[] = {
    {"event.minidump", 14},
    {"event.applecrashreport", 22},
    {"playstation.prosperodump", 24},
};

static bool is_one_of(struct str name, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}
#define IS_ONE_OF(name, names) is_one_of((name), (names), sizeof(names) / sizeof(*(names)))

/* Dropped in silence: what nobody knows, and metrics, which Sentry has ended. */
static bool is_ignored(const struct envelope_item *item)
{
    if (item->type == ITEM_ATTACHMENT && item->attachment_type.p)
        return !IS_ONE_OF(item->attachment_type, attachment_types);
    return item->type == ITEM_UNKNOWN || item->type == ITEM_STATSD ||
           item->type == ITEM_METRIC_BUCKETS;
}

static bool is_crash(const struct envelope_item *item)
{
    return item->type == ITEM_ATTACHMENT && IS_ONE_OF(item->attachment_type, crash_types);
}

static bool is_error(const struct envelope_item *item)
{
    enum category category = item_type_category(item->type);
    if (is_crash(item))
        return true;
    return category == CATEGORY_ERROR || category == CATEGORY_SECURITY;
}

static uint64_t quantity_of(const struct envelope_item *item)
{
    if (item->type == ITEM_ATTACHMENT)
        return item->payload.n ? item->payload.n : 1;
    return item->item_count > 0 ? (uint64_t)item->item_count : 1;
}

/* ---- counting what is refused */

static void count_refused(struct submission *s, const struct log_item *item, enum outcome verdict,
                          struct str reason)
{
    struct refused what = {.project_id = s->record.project_id,
                           .key_id = s->record.key_id,
                           .type = item->type,
                           .verdict = verdict,
                           .reason = reason,
                           .quantity = item->quantity};
    outcomes_count(s->visit->ingest->outcomes, &what);
}

void submission_count_invalid(struct submission *s, enum item_type type, uint64_t quantity,
                              struct str reason)
{
    const struct log_item item = {.type = type, .quantity = quantity};
    count_refused(s, &item, OUTCOME_INVALID, reason);
}

static void count_all(struct submission *s, enum outcome verdict, struct str reason)
{
    for (size_t i = 0; i < s->record.item_count; i++)
        count_refused(s, &s->record.items[i], verdict, reason);
}

/* ---- gathering */

static struct uuid request_uuid(const struct request *rq)
{
    struct uuid id;
    return uuid_parse(rq->id, &id) ? id : uuid_random();
}

void submission_begin(struct submission *s, struct request *rq)
{
    struct visit *visit = visit_of(rq);
    struct str agent = str_slice(request_header(rq, "HTTP_USER_AGENT"), 0, USER_AGENT_MAX);
    *s = (struct submission){.rq = rq, .visit = visit};
    s->tally.event_max = (size_t)visit->key.max_event_bytes;
    s->record = (struct log_record){
        .request_id = request_uuid(rq),
        .received = clock_now(),
        .project_id = visit->key.project_id,
        .key_id = visit->key.id,
        .client_ip = origin_address(rq),
        .user_agent = text_utf8(rq->arena, agent),
        .origin = visit->origin,
        .client = visit->credentials.client,
    };
}

void submission_begin_part(struct submission *s, struct request *rq, uint32_t number)
{
    submission_begin(s, rq);
    submission_number(s, number);
    s->record.event_id = s->record.request_id;
    s->record.has_event_id = true;
}

static void push(struct submission *s, struct log_item item)
{
    struct log_record *r = &s->record;
    size_t n = r->item_count;
    if (n == 0 || (n & (n - 1)) == 0) {
        struct log_item *more = arena_alloc(s->rq->arena, (n ? 2 * n : 1) * sizeof(*more));
        if (n)
            memcpy(more, r->items, n * sizeof(*more));
        r->items = more;
    }
    r->items[r->item_count++] = item;
}

static const struct str too_large[ITEM_TYPE_COUNT] = {[ITEM_UNKNOWN] = {"too_large", 9},
#define X(constant, wire, category, creates)                                                       \
    [ITEM_##constant] = {"too_large:" wire, sizeof("too_large:" wire) - 1},
                                                      ITEM_TYPES(X)
#undef X
};

bool submission_refuse_size(struct submission *s, enum item_type type)
{
    count_all(s, OUTCOME_INVALID, too_large[type]);
    refuse(s->rq, 413,
           arena_printf(s->rq->arena, "envelope exceeded size limits for type '%.*s' " LIMIT_URL,
                        STR_ARG(item_type_name(type))));
    return false;
}

bool submission_add(struct submission *s, const struct envelope_item *item)
{
    if (str_eq(item->type_name, S("integration"))) {
        refuse(s->rq, 400, "envelope contains internal items");
        return false;
    }
    bool fits = tally_add(&s->tally, item) && s->record.item_count < LOG_ITEMS_MAX;
    if (is_ignored(item))
        return fits || submission_refuse_size(s, item->type);
    push(s, (struct log_item){.type = item->type,
                              .header = item->header,
                              .payload = item->payload,
                              .quantity = quantity_of(item)});
    s->has_error |= is_error(item);
    s->needs_id |= requires_event[item->type];
    s->has_event |= item_type_creates_event(item->type);
    s->has_crash |= is_crash(item);
    return fits || submission_refuse_size(s, item->type);
}

/* ---- accepting */

static int reply_limited(struct submission *s, const struct allowance *allowance)
{
    reply_headerf(s->rq, "Retry-After", "%lld", (long long)allowance->retry);
    reply_headerf(s->rq, "X-Sentry-Rate-Limits", "%.*s", STR_ARG(allowance->header));
    return refuse(s->rq, 429, RATE_DETAIL);
}

static int refuse_unkept(struct request *rq)
{
    return refuse_overloaded(rq, "failed to queue envelope");
}

/* Large payloads leave the record: the digest reads them when it needs them. */
static bool keep_large(struct submission *s)
{
    for (size_t i = 0; i < s->record.item_count; i++) {
        struct log_item *item = &s->record.items[i];
        if (item->payload.n <= LOG_ITEM_INLINE_MAX)
            continue;
        item->blob = blob_put(s->rq->arena, s->visit->ingest->blob_dir, item->payload);
        if (!item->blob.p)
            return false;
        item->payload = (struct str){0};
    }
    return true;
}

/* A request whose records are on their way: the last one answers it. */
struct pending {
    struct request *rq;
    atomic_size_t left;
    atomic_bool failed;
};

static void end_append(void *arg, enum append_result result)
{
    struct pending *pending = arg;
    struct request *rq = pending->rq;
    if (result != APPEND_SYNCED)
        pending->failed = true;
    if (atomic_fetch_sub(&pending->left, 1) > 1)
        return;
    if (pending->failed)
        refuse_unkept(rq);
    request_answer(rq);
}

void submission_number(struct submission *s, uint32_t number)
{
    uuid_mark(&s->record.request_id, LOG_PART_AT, number);
}

static bool keep_all_large(struct submission *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!keep_large(&list[i]))
            return false;
    return true;
}

static size_t count_unempty(const struct submission *list, size_t count)
{
    size_t unempty = 0;
    for (size_t i = 0; i < count; i++)
        unempty += list[i].record.item_count > 0;
    return unempty;
}

int submission_keep_all(struct submission *list, size_t count)
{
    struct request *rq = list->rq;
    struct eventlog *log = list->visit->ingest->log;
    int status = rq->status;
    size_t left = count_unempty(list, count);
    if (left == 0)
        return status;
    if (!keep_all_large(list, count))
        return refuse_unkept(rq);
    struct pending *pending = arena_new_of(rq->arena, struct pending);
    *pending = (struct pending){.rq = rq, .left = left};
    request_defer(rq);
    for (size_t i = 0; left; i++)
        if (list[i].record.item_count) {
            left--; /* nothing is looked at after the last */
            eventlog_submit(log, &list[i].record, rq->arena, end_append, pending);
        }
    return status;
}

int submission_keep(struct submission *s)
{
    return submission_keep_all(s, 1);
}

static void make_id(struct log_record *r)
{
    r->event_id = uuid_random();
    r->has_event_id = true;
}

/* The digest makes the event of it. */
static const struct log_item crash_event = {.type = ITEM_EVENT,
                                            .header = {"{\"type\":\"event\"}", 16},
                                            .payload = {"{}", 2},
                                            .quantity = 1};

/* What is over a limit is counted by the digest where something of the record is left, else here.
 * An endpoint that hides limits keeps all: the digest counts. */
static struct allowance apply_limits(struct submission *s)
{
    struct log_record *r = &s->record;
    if (s->has_crash && !s->has_event)
        push(s, crash_event);
    if (s->needs_id && !r->has_event_id)
        make_id(r);
    struct allowance allowance = allowance_take(s);
    if (!allowance.retry || gate_hides_limits(s->rq))
        return (struct allowance){0};
    if (allowance.left)
        return allowance;
    for (size_t i = 0; i < r->item_count; i++)
        count_refused(s, &r->items[i], OUTCOME_RATE_LIMITED, r->items[i].reason);
    r->item_count = 0;
    return allowance;
}

/* Relay answers 429 when a part of an envelope is limited, though it keeps the rest. */
int submission_accept_all(struct submission *list, size_t count)
{
    struct allowance strictest = {0};
    for (size_t i = 0; i < count; i++) {
        struct allowance allowance = apply_limits(&list[i]);
        if (allowance.retry > strictest.retry)
            strictest = allowance;
    }
    if (!strictest.retry)
        return 0;
    reply_limited(list, &strictest);
    return submission_keep_all(list, count);
}

int submission_accept(struct submission *s)
{
    return submission_accept_all(s, 1);
}

int submission_reply(struct submission *s)
{
    char hex[33];
    struct jw j = reply_json(s->rq, 200);
    jw_open(&j, '{');
    uuid_put(s->record.event_id, hex);
    if (s->record.has_event_id)
        jw_str_k(&j, "id", str_of(hex));
    jw_close(&j, '}');
    return reply_done(s->rq);
}
