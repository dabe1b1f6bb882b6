#include "base/clock.h"
#include "sql.h"
#include "worker/digest/writing.h"

/* ---- outcomes: one row per project, key, category, outcome, reason and hour */

struct outcome_sum {
    int64_t project_id, key_id, hour, quantity;
    enum category category;
    enum outcome outcome;
    struct str reason;
};

struct outcome_sums {
    struct outcome_sum *list;
    size_t count, room;
};

static bool same_kind(const struct outcome_sum *a, const struct outcome_sum *b)
{
    return a->project_id == b->project_id && a->key_id == b->key_id && a->hour == b->hour &&
           a->category == b->category && a->outcome == b->outcome && str_eq(a->reason, b->reason);
}

/* The newest kinds are looked at first: neighbours in a log resemble each other.  Kinds that are
 * not found are summed by the statement. */
static void add_sum(struct writing *w, struct outcome_sums *sums, const struct outcome_sum *one)
{
    enum { LOOK_BACK = 32 };
    for (size_t i = sums->count; i > 0 && i + LOOK_BACK > sums->count; i--) {
        if (same_kind(&sums->list[i - 1], one)) {
            sums->list[i - 1].quantity += one->quantity;
            return;
        }
    }
    if (sums->count == sums->room) {
        size_t room = sums->room ? sums->room * 2 : 64;
        struct outcome_sum *list = arena_take(w->arena, room * sizeof(*list));
        if (sums->count)
            memcpy(list, sums->list, sums->count * sizeof(*list));
        sums->list = list;
        sums->room = room;
    }
    sums->list[sums->count++] = *one;
}

/* What became of an item, now that doubles and repeats are known. */
static void judge(const struct writing *w, const struct batch_record *record,
                  const struct batch_item *item, struct outcome_sum *to)
{
    enum item_fate fate = writing_fate(w, record, item);
    to->outcome = item->verdict;
    to->reason = item->reason.p ? item->reason : S("");
    if (fate == FATE_STORED)
        return;
    to->outcome = fate == FATE_ORPHAN ? OUTCOME_INVALID : OUTCOME_DUPLICATE;
    to->reason = fate == FATE_ORPHAN ? S("project_id") : S("");
}

static void add_record(struct writing *w, struct outcome_sums *sums,
                       const struct batch_record *record)
{
    for (const struct batch_item *item = record->items; item; item = item->next) {
        if (item->category == CATEGORY_NONE || !item->quantity)
            continue;
        struct outcome_sum one = {
            .project_id = record->head.project_id,
            .key_id = record->head.key_id,
            .hour = item->when ? item->when : record->head.received,
            .category = item->category,
            .quantity = item->quantity,
        };
        one.hour -= one.hour % (CLOCK_DAY / 24);
        judge(w, record, item, &one);
        if (record->was_counted && one.outcome == OUTCOME_ACCEPTED)
            continue;
        w->counted[one.category][one.outcome] += one.quantity;
        add_sum(w, sums, &one);
    }
}

static bool send_sums(struct writing *w, const struct outcome_sums *sums)
{
    size_t n = sums->count;
    int64_t *numbers[5];
    struct str *reasons = arena_take(w->arena, n * sizeof(*reasons));
    struct str *hours = arena_take(w->arena, n * sizeof(*hours));
    for (int column = 0; column < 5; column++)
        numbers[column] = arena_take(w->arena, n * sizeof(int64_t));
    for (size_t i = 0; i < n; i++) {
        const struct outcome_sum *one = &sums->list[i];
        numbers[0][i] = one->project_id;
        numbers[1][i] = one->key_id;
        numbers[2][i] = one->category;
        numbers[3][i] = one->outcome;
        numbers[4][i] = one->quantity;
        reasons[i] = one->reason;
        hours[i] = clock_iso(w->arena, one->hour);
    }
    pg_query(w->db, w->arena, &SQL_digest_outcomes, pg_int_array(w->arena, numbers[0], n),
             pg_int_array(w->arena, numbers[1], n), pg_int_array(w->arena, numbers[2], n),
             pg_int_array(w->arena, numbers[3], n), pg_text_array(w->arena, reasons, n),
             pg_text_array(w->arena, hours, n), pg_int_array(w->arena, numbers[4], n));
    return !pg_failed(w->db);
}

static bool write_sums(struct writing *w)
{
    struct outcome_sums sums = {0};
    for (const struct batch_record *record = w->batch->records; record; record = record->next)
        add_record(w, &sums, record);
    return !sums.count || send_sums(w, &sums);
}

/* ---- the rest */

static bool write_poison(struct writing *w)
{
    for (const struct batch_poison *p = w->batch->poisons; p; p = p->next)
        pg_query(w->db, w->arena, &SQL_digest_poison, w->batch->log, p->position, p->reason,
                 param_bytes(p->bytes), w->now);
    return !pg_failed(w->db);
}

static bool has_event(const struct writing *w, int64_t project_id)
{
    for (const struct batch_event *e = w->batch->events; e; e = e->next) {
        if (e->stored && e->event.project_id == project_id)
            return true;
    }
    return false;
}

static bool note_first_events(struct writing *w)
{
    int64_t *ids = arena_take(w->arena, (w->project_count + 1) * sizeof(*ids));
    size_t n = 0;
    for (size_t i = 0; i < w->project_count; i++) {
        if (w->projects[i].is_fresh && has_event(w, w->projects[i].id))
            ids[n++] = w->projects[i].id;
    }
    if (n)
        pg_query(w->db, w->arena, &SQL_digest_first_events, pg_int_array(w->arena, ids, n), w->now);
    return !pg_failed(w->db);
}

bool write_outcomes(struct writing *w)
{
    return write_sums(w) && write_poison(w) && note_first_events(w);
}
