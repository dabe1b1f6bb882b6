/* What filters drop, or what was there already, is given back to the quotas that ingest took it
 * from (ingest.md §5.3). */
#include "sql.h"
#include "storage/quotas.h"
#include "worker/digest/writing.h"

struct refund {
    struct refund *next;
    int64_t project_id, received, quantity;
    enum category category;
};

static bool is_given_back(const struct writing *w, const struct batch_record *record,
                          const struct batch_item *item)
{
    if (!item->is_taken || item->category == CATEGORY_NONE)
        return false;
    return item->verdict == OUTCOME_FILTERED ||
           (item->verdict == OUTCOME_ACCEPTED && writing_fate(w, record, item) == FATE_DOUBLE);
}

static struct refund *list_refunds(struct writing *w, size_t *count)
{
    struct refund *list = NULL;
    *count = 0;
    for (const struct batch_record *record = w->batch->records; record; record = record->next) {
        for (const struct batch_item *item = record->items; item; item = item->next) {
            if (!is_given_back(w, record, item))
                continue;
            struct refund *one = arena_new_of(w->arena, struct refund);
            *one = (struct refund){list, record->head.project_id, record->head.received,
                                   item->quantity, item->category};
            list = one;
            ++*count;
        }
    }
    return list;
}

static size_t add_refunds(const struct quota *quota, const struct refund *list, int64_t *columns[3],
                          size_t n)
{
    for (; list; list = list->next) {
        if (list->project_id != quota->project_id || !quota_counts(quota, list->category))
            continue;
        columns[0][n] = quota->id;
        columns[1][n] = quota_slot_of(quota->period, list->received).number;
        columns[2][n++] = -list->quantity;
    }
    return n;
}

bool write_refunds(struct writing *w)
{
    size_t count, n = 0;
    const struct refund *list = list_refunds(w, &count);
    struct quota_list quotas = {0};
    if (count)
        quotas = quotas_load(w->db, w->arena);
    int64_t *columns[3];
    for (int i = 0; quotas.count && i < 3; i++)
        columns[i] = arena_take(w->arena, quotas.count * count * sizeof(int64_t));
    for (size_t i = 0; i < quotas.count; i++)
        n = add_refunds(&quotas.list[i], list, columns, n);
    if (n)
        pg_query(w->db, w->arena, &SQL_quota_use, pg_int_array(w->arena, columns[0], n),
                 pg_int_array(w->arena, columns[1], n), pg_int_array(w->arena, columns[2], n));
    return !pg_failed(w->db);
}
