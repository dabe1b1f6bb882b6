#include "ingest/allowance.h"

#include "base/text.h"
#include "storage/transaction_spans.h"

#define KEY_REASON "key_quota"
enum { RETRY_MOST = 300, DEMANDS_MAX = CATEGORY_COUNT };

/* Goes when the event of its envelope goes. */
static const bool follows_event[ITEM_TYPE_COUNT] = {
    [ITEM_ATTACHMENT] = true,
    [ITEM_USER_REPORT] = true,
    [ITEM_FORM_DATA] = true,
    [ITEM_PROFILE] = true,
};

static bool is_error(enum item_type type)
{
    enum category category = item_type_category(type);
    return category == CATEGORY_ERROR || category == CATEGORY_SECURITY;
}

/* ---- what items count as beside their own category */

struct quantity {
    enum category category;
    uint64_t n;
};

/* How long a chunk is, only the digest finds out: a demand of 0 asks whether any time is left. */
static struct quantity beside(const struct log_item *item)
{
    if (item->type == ITEM_ATTACHMENT)
        return (struct quantity){CATEGORY_ATTACHMENT_ITEM, 1};
    if (item->type == ITEM_LOG)
        return (struct quantity){CATEGORY_LOG_BYTE, item->payload.n};
    if (item->type == ITEM_PROFILE_CHUNK)
        return (struct quantity){CATEGORY_PROFILE_DURATION, 0};
    return (struct quantity){CATEGORY_NONE, 0};
}

/* ---- marking */

static void count_beside(struct submission *s, const struct log_item *item, struct str reason)
{
    struct quantity more = item->type == ITEM_TRANSACTION
                               ? (struct quantity){CATEGORY_SPAN, transaction_spans(item->payload)}
                               : beside(item);
    struct refused what = {.project_id = s->record.project_id,
                           .key_id = s->record.key_id,
                           .type = item->type,
                           .category = more.category,
                           .verdict = OUTCOME_RATE_LIMITED,
                           .reason = reason,
                           .quantity = more.n};
    if (more.n)
        outcomes_count(s->visit->ingest->outcomes, &what);
}

static void mark(struct submission *s, struct log_item *item, struct str reason)
{
    count_beside(s, item, reason);
    item->verdict = OUTCOME_RATE_LIMITED;
    item->reason = reason;
    item->payload = (struct str){0};
}

static void mark_followers(struct submission *s, struct str reason)
{
    for (size_t i = 0; i < s->record.item_count; i++) {
        struct log_item *item = &s->record.items[i];
        if (follows_event[item->type] && item->verdict == OUTCOME_ACCEPTED)
            mark(s, item, reason);
    }
}

/* ---- the key's rate limit: error events */

/* Seconds until the next error passes; 0 when this one does. */
static int64_t take_rate(struct submission *s)
{
    const struct project_key *key = &s->visit->key;
    if (!s->has_error || key->rate_limit_window <= 0)
        return 0;
    int64_t now = s->record.received;
    struct rate_limit limit = {key->id, key->rate_limit_count,
                               rate_window_of(key->rate_limit_window, now)};
    if (rates_take(s->visit->ingest->rates, &limit, 1))
        return 0;
    int64_t left = rate_window_left(&limit.window, now);
    return left < RETRY_MOST ? left : RETRY_MOST;
}

static void mark_errors(struct submission *s)
{
    for (size_t i = 0; i < s->record.item_count; i++)
        if (is_error(s->record.items[i].type))
            mark(s, &s->record.items[i], S(KEY_REASON));
    mark_followers(s, S(KEY_REASON));
}

/* ---- quotas */

struct demands {
    struct quota_demand list[DEMANDS_MAX];
    size_t count;
};

static void demand(struct demands *d, enum category category, uint64_t quantity)
{
    size_t i = 0;
    if (category == CATEGORY_NONE)
        return;
    while (i < d->count && d->list[i].category != category)
        i++;
    if (i == d->count)
        d->list[d->count++] = (struct quota_demand){.category = category};
    d->list[i].quantity += (int64_t)quantity;
}

static void demand_item(struct demands *d, const struct log_item *item)
{
    struct quantity more = beside(item);
    demand(d, more.category, more.n); /* first: what the item takes is not there to be asked for */
    demand(d, item_type_category(item->type), item->quantity);
}

static struct str refusal_of(const struct demands *d, enum category category)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->list[i].category == category && d->list[i].reason.p)
            return d->list[i].reason;
    return (struct str){0};
}

static void mark_refused(struct submission *s, const struct demands *d)
{
    for (size_t i = 0; i < s->record.item_count; i++) {
        struct log_item *item = &s->record.items[i];
        struct str reason = refusal_of(d, item_type_category(item->type));
        if (!reason.p)
            reason = refusal_of(d, beside(item).category);
        if (item->verdict != OUTCOME_ACCEPTED || !reason.p)
            continue;
        mark(s, item, reason);
        if (item_type_creates_event(item->type))
            mark_followers(s, reason);
    }
}

static struct quota_verdict take_quotas(struct submission *s)
{
    struct demands d = {.count = 0};
    for (size_t i = 0; i < s->record.item_count; i++)
        if (s->record.items[i].verdict == OUTCOME_ACCEPTED)
            demand_item(&d, &s->record.items[i]);
    struct quota_verdict verdict =
        quotas_take(s->visit->ingest->quotas, s->rq->arena, s->record.project_id, d.list, d.count);
    if (verdict.retry)
        mark_refused(s, &d);
    return verdict;
}

static size_t count_left(const struct submission *s)
{
    size_t left = 0;
    for (size_t i = 0; i < s->record.item_count; i++)
        left += s->record.items[i].verdict == OUTCOME_ACCEPTED;
    return left;
}

struct allowance allowance_take(struct submission *s)
{
    struct str key_part = {0};
    int64_t key_retry = take_rate(s);
    if (key_retry) {
        mark_errors(s);
        key_part = str_of(arena_printf(s->rq->arena, "%lld:default;error;security:key:" KEY_REASON,
                                       (long long)key_retry));
    }
    struct quota_verdict quotas = take_quotas(s);
    struct str between = key_retry && quotas.retry ? S(", ") : S("");
    return (struct allowance){
        .retry = key_retry > quotas.retry ? key_retry : quotas.retry,
        .header = text_join(s->rq->arena, key_part, between, quotas.header),
        .left = count_left(s),
    };
}
