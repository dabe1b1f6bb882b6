#include "worker/digest/client_report.h"

#include "base/clock.h"
#include "base/text.h"
#include "storage/retention.h"
#include "worker/digest/scalar.h"
#include "worker/digest/times.h"

enum { REASON_MAX = 200, ENTRIES_MAX = 1000 };

/* "Sampled:1000,1001": by these rules. */
static bool is_sampling(struct str reason)
{
    const struct str word = S("Sampled:");
    if (!str_starts(reason, word))
        return false;
    for (struct str ids = str_from(reason, word.n); ids.p;) {
        uint64_t id;
        if (!text_uint64(str_split(&ids, ','), &id) || id > UINT32_MAX)
            return false;
    }
    return true;
}

/* Where the lists stand, what their entries are, and which reasons are believed: NULL for all. */
static const struct list {
    struct str key;
    enum outcome outcome;
    bool (*is_reason)(struct str reason);
} lists[] = {
    {{"discarded_events", 16}, OUTCOME_CLIENT_DISCARD},
    {{"rejected_events", 15}, OUTCOME_CLIENT_DISCARD},
    {{"filtered_events", 15}, OUTCOME_FILTERED},
    {{"filtered_sampling_events", 24}, OUTCOME_FILTERED, is_sampling},
    {{"rate_limited_events", 19}, OUTCOME_RATE_LIMITED},
};

/* False for a report whose time is too far off to be believed. */
static bool report_time(const struct reading *r, const struct jt *report, int64_t *when)
{
    int64_t received = r->record.received;
    const struct jt *timestamp = jt_get(report, S("timestamp"));
    *when = received;
    if (!timestamp || timestamp->kind == JT_NULL)
        return true;
    if (scalar_time(timestamp, when))
        return false;
    *when += times_drift(&r->record);
    return *when >= retention_oldest(RETENTION_OUTCOME, received) &&
           *when <= received + TIMES_FUTURE_MOST;
}

static void count_entry(struct reading *r, const struct jt *entry, const struct list *list,
                        int64_t when)
{
    struct str reason = jt_get_str(entry, S("reason"));
    enum category category = category_named(jt_get_str(entry, S("category")));
    int64_t quantity;
    if (category == CATEGORY_NONE || !reason.p || reason.n > REASON_MAX ||
        (list->is_reason && !list->is_reason(reason)) ||
        !jt_int64(jt_get(entry, S("quantity")), &quantity) || quantity <= 0 ||
        quantity > UINT32_MAX)
        return;
    reading_count_refused(r, category, quantity, list->outcome, reason)->when = when;
}

/* What cannot be read is nothing that anybody wants to hear of. */
void client_report_digest(struct reading *r)
{
    const char *error;
    int64_t when;
    size_t left = ENTRIES_MAX;
    const struct jt *report = jt_read(r->scratch, r->item->payload, 8, &error);
    if (!report || !report_time(r, report, &when))
        return;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        const struct jt *list = jt_get(report, lists[i].key);
        for (const struct jt *e = list && list->kind == JT_ARRAY ? list->first : NULL; e && left;
             e = e->next, left--)
            count_entry(r, e, &lists[i], when);
    }
}
