#include "worker/digest/kept.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/blobs.h"
#include "storage/partitions.h"
#include "worker/digest/write.h"

#define MEMORY ((size_t)1 << 30)
enum {
    ROWS_USUAL = 100,
    ROWS_MOST = LOG_ITEMS_MAX + 1, /* more than one request can have */
    PAUSE_US = 200 * 1000,
};

static const struct uuid no_log;

enum kept_state { KEPT_GOES_ON, KEPT_WAITS, KEPT_DONE };

/* Columns of digest_kept_items. */
enum column {
    ID,
    PROJECT,
    KEY,
    REQUEST,
    RECEIVED,
    TYPE,
    EVENT,
    ENVELOPE,
    HEADER,
    ADDRESS,
    AGENT,
    PAYLOAD,
    BLOB
};

struct keeping {
    const struct kept_items *k;
    struct batch *batch;
    struct arena *arena, *scratch; /* of a batch; of a record, or of a try to store */
    int64_t position;              /* id of the last row that is digested */
    int64_t rows_most;
    int64_t careful_until; /* a batch up to there was refused */
    int64_t refused_at;    /* the record after this position was, alone; -1: none */
    char reason[300];
};

struct kept_record {
    struct log_record record;
    struct uuid request_id; /* as it came */
    int64_t last;           /* id of its last row */
};

/* ---- rows */

static uint64_t quantity_of(struct arena *a, const struct log_item *item)
{
    if (item->type != ITEM_ATTACHMENT)
        return 1;
    const char *dir = arena_printf(a, "%s/blobs", settings()->data_dir);
    int64_t size = item->blob.p ? blob_size(dir, item->blob) : (int64_t)item->payload.n;
    return size > 0 ? (uint64_t)size : 1;
}

static struct log_item item_of(struct arena *a, const struct rows *r)
{
    struct log_item item = {.type = item_type_of(rows_str(r, TYPE)),
                            .header = rows_bytes(r, HEADER, a),
                            .payload = rows_bytes(r, PAYLOAD, a),
                            .blob = rows_str(r, BLOB)};
    item.quantity = quantity_of(a, &item);
    return item;
}

/* The request was digested before: its mark keeps it from being taken for a repeat. */
static struct kept_record record_of(struct arena *a, const struct rows *r, struct uuid request_id)
{
    struct kept_record kept = {.request_id = request_id};
    kept.record = (struct log_record){.request_id = request_id,
                                      .project_id = rows_int(r, PROJECT),
                                      .key_id = rows_int(r, KEY),
                                      .received = rows_time(r, RECEIVED),
                                      .envelope_header = rows_bytes(r, ENVELOPE, a),
                                      .client_ip = rows_str(r, ADDRESS),
                                      .user_agent = rows_str(r, AGENT)};
    uuid_mark(&kept.record.request_id, 0, (uint32_t)rows_int(r, ID));
    kept.record.has_event_id = uuid_parse(rows_str(r, EVENT), &kept.record.event_id);
    return kept;
}

static size_t read_records(struct arena *a, struct rows *r, struct kept_record **out)
{
    size_t most = (size_t)rows_count(r), count = 0;
    struct log_item *items = arena_take(a, most * sizeof(*items));
    struct kept_record *list = *out = arena_take(a, most * sizeof(*list));
    for (struct log_item *item = items; rows_next(r); item++) {
        struct uuid request_id = {0};
        *item = item_of(a, r);
        uuid_parse(rows_str(r, REQUEST), &request_id);
        if (!count || !uuid_eq(request_id, list[count - 1].request_id)) {
            list[count] = record_of(a, r, request_id);
            list[count++].record.items = item;
        }
        list[count - 1].record.item_count++;
        list[count - 1].last = rows_int(r, ID);
    }
    return count;
}

/* ---- filling */

static bool is_careful(const struct keeping *s)
{
    return s->position < s->careful_until ||
           s->position < progress_careful_until(s->k->progress, no_log, 0);
}

/* Why the record after the position must be set aside; NULL: it need not. */
static const char *verdict_of(const struct keeping *s)
{
    if (s->refused_at == s->position)
        return s->reason;
    return progress_verdict(s->k->progress, no_log, s->position);
}

static void add(struct keeping *s, const struct kept_record *kept)
{
    progress_extend(s->batch->range, kept->last);
    progress_busy(s->k->progress);
    arena_reset(s->scratch);
    batch_add_kept(s->batch, s->scratch, &kept->record, kept->last);
    progress_idle(s->k->progress);
}

static void add_carefully(struct keeping *s, const struct kept_record *kept)
{
    const char *verdict = verdict_of(s);
    if (!verdict) {
        progress_alone(s->k->progress, no_log, s->position);
        add(s, kept);
        return;
    }
    log_error("a kept item is set aside", LOG_INT("id", kept->last),
              LOG_STR("reason", str_of(verdict)));
    batch_set_aside(s->batch, arena_strdup(s->batch->arena, str_of(verdict)),
                    log_record_encode(s->arena, &kept->record), kept->last);
}

/* ---- storing */

static bool days_ready(struct keeping *s)
{
    const struct batch *b = s->batch;
    if (!b->first_day)
        return true;
    int64_t from = b->first_day - b->first_day % CLOCK_DAY;
    int days = (int)((b->last_day - from) / CLOCK_DAY) + 1;
    return partitions_make(s->k->db, s->arena, from, days);
}

static void note_refusal(struct keeping *s, bool alone)
{
    struct str message = pg_message(s->k->db);
    s->careful_until = s->batch->next;
    if (!alone)
        return;
    s->refused_at = s->position;
    snprintf(s->reason, sizeof(s->reason), "the database refused it: %.*s", STR_ARG(message));
}

static enum kept_state store(struct keeping *s, bool alone)
{
    struct pg *db = s->k->db;
    pg_reset(db);
    if (!days_ready(s))
        return KEPT_WAITS;
    switch (batch_write(s->batch, db, s->scratch)) {
    case WRITE_DONE:
    case WRITE_MOVED:
        return KEPT_GOES_ON;
    case WRITE_OUTDATED:
        pg_reset(db);
        return batch_load_policies(s->batch, db, s->scratch) ? KEPT_GOES_ON : KEPT_WAITS;
    case WRITE_REFUSED:
        note_refusal(s, alone);
        return KEPT_GOES_ON;
    default:
        return KEPT_WAITS;
    }
}

static enum kept_state digest_records(struct keeping *s, const struct kept_record *list,
                                      size_t count)
{
    bool careful = is_careful(s);
    batch_begin(s->batch, no_log, s->position);
    s->batch->range = progress_begin(s->k->progress, no_log, 0, s->position);
    if (careful)
        add_carefully(s, &list[0]);
    for (size_t i = 0; !careful && i < count; i++)
        add(s, &list[i]);
    enum kept_state state = store(s, careful);
    progress_alone_done(s->k->progress);
    progress_end(s->batch->range);
    return state;
}

/* ---- the table */

/* A database that does not answer is asked again. */
static bool is_there(struct keeping *s)
{
    arena_reset(s->arena);
    pg_reset(s->k->db);
    struct rows *r = pg_query_none(s->k->db, s->arena, &SQL_digest_kept_is_there);
    return !rows_next(r) || rows_bool(r, 0);
}

static bool find_position(struct keeping *s)
{
    struct pg *db = s->k->db;
    pg_query(db, s->arena, &SQL_digest_log_new, no_log, 1, pg_time(s->arena, clock_now()));
    struct rows *r = pg_query(db, s->arena, &SQL_digest_cursor, no_log, 0);
    if (!rows_next(r))
        return false;
    s->position = rows_int(r, 0);
    return true;
}

static struct rows *next_rows(struct keeping *s)
{
    return pg_query(s->k->db, s->arena, &SQL_digest_kept_items, s->position, s->rows_most);
}

/* An older worker may have added rows: under the lock nobody can.  Somebody who reads the table,
 * for a backup maybe, must not hold up the events: it goes at the next start then. */
static enum kept_state drop(struct keeping *s)
{
    struct pg *db = s->k->db;
    pg_begin(db);
    pg_script(db,
              "set local lock_timeout = '1s'; lock table pending_item in access exclusive mode");
    if (rows_next(next_rows(s))) {
        pg_rollback(db);
        return KEPT_GOES_ON;
    }
    pg_query_none(db, s->arena, &SQL_digest_kept_blobs);
    pg_script(db, "drop table pending_item");
    pg_query(db, s->arena, &SQL_digest_log_forget, pg_uuid_array(s->arena, &no_log, 1));
    if (!pg_commit(db))
        log_warn("table pending_item has nothing left and stays until the next start",
                 LOG_STR("reason", pg_message(db)));
    return KEPT_DONE;
}

static enum kept_state digest_some(struct keeping *s)
{
    struct kept_record *list;
    if (!find_position(s))
        return KEPT_WAITS;
    struct rows *r = next_rows(s);
    int64_t rows = rows_count(r);
    if (pg_failed(s->k->db))
        return KEPT_WAITS;
    if (!rows)
        return drop(s);
    size_t count = read_records(s->arena, r, &list);
    if (rows < s->rows_most)
        return digest_records(s, list, count);
    /* The last request may have more rows. */
    s->rows_most = count > 1 ? ROWS_USUAL : ROWS_MOST;
    return count > 1 ? digest_records(s, list, count - 1) : KEPT_GOES_ON;
}

void kept_digest(const struct kept_items *k)
{
    struct keeping s = {.k = k,
                        .batch = batch_new(k->policies),
                        .arena = arena_new(MEMORY),
                        .scratch = arena_new(MEMORY),
                        .rows_most = ROWS_USUAL,
                        .refused_at = -1};
    enum kept_state state = KEPT_GOES_ON;
    while (state != KEPT_DONE && !atomic_load(k->stop) && is_there(&s)) {
        state = digest_some(&s);
        if (state == KEPT_WAITS)
            usleep(PAUSE_US);
    }
    batch_free(s.batch);
    arena_free(s.arena);
    arena_free(s.scratch);
}
