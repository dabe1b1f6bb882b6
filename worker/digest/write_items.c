#include <stdlib.h>

#include "base/buf.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/blobs.h"
#include "storage/copy.h"
#include "worker/digest/writing.h"

/* Copied rows of a kind; batches stop growing long before. */
#define COPY_MAX ((size_t)1 << 30)

static bool is_stored(const struct writing *w, const struct batch_row *row)
{
    return !row->is_double && writing_fate(w, row->record, row->item) == FATE_STORED;
}

static struct batch_row **stored_rows(struct writing *w, enum row_kind_id kind, size_t *count)
{
    const struct batch_rows *rows = &w->batch->rows[kind];
    size_t size = sizeof(struct batch_row *);
    struct batch_row **list = arena_take(w->arena, (rows->count + 1) * size);
    *count = 0;
    for (struct batch_row *row = rows->first; row; row = row->next) {
        if (is_stored(w, row))
            list[(*count)++] = row;
    }
    if (row_kind(kind)->order)
        qsort(list, *count, size, row_kind(kind)->order);
    return list;
}

static bool copy_rows(struct writing *w, const struct row_kind *kind, struct batch_row **list,
                      size_t count)
{
    struct buf rows;
    buf_init(&rows, COPY_MAX);
    copy_begin(&rows);
    for (size_t i = 0; i < count; i++)
        kind->put(&rows, list[i]);
    copy_end(&rows);
    if (!buf_ok(&rows))
        abort();
    pg_copy_in(w->db, kind->copy, buf_str(&rows));
    buf_free(&rows);
    return !pg_failed(w->db);
}

/* Counts references to blobs, one for each time a name stands in the list. */
static void count_blobs(struct writing *w, const struct str *names, size_t count)
{
    int64_t *sizes = arena_take(w->arena, (count + 1) * sizeof(*sizes));
    const char *dir = arena_printf(w->arena, "%s/blobs", settings()->data_dir);
    for (size_t i = 0; i < count; i++)
        sizes[i] = blob_size(dir, names[i]);
    if (count)
        pg_query(w->db, w->arena, &SQL_digest_blobs, pg_text_array(w->arena, names, count),
                 pg_int_array(w->arena, sizes, count), w->now);
}

static void refer_to_blobs(struct writing *w, struct batch_row **list, size_t count)
{
    struct str *names = arena_take(w->arena, (count + 1) * sizeof(*names));
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (list[i]->blob.p)
            names[n++] = list[i]->blob;
    }
    count_blobs(w, names, n);
}

static bool write_kind(struct writing *w, enum row_kind_id id)
{
    const struct row_kind *kind = row_kind(id);
    size_t count;
    struct batch_row **list = stored_rows(w, id, &count);
    if (!count)
        return true;
    if (kind->store)
        return kind->store(w, list, count);
    if (kind->temporary)
        pg_query_none(w->db, w->arena, kind->temporary);
    if (!copy_rows(w, kind, list, count))
        return false;
    refer_to_blobs(w, list, count);
    for (int i = 0; i < ROW_STATEMENTS_MAX && kind->statements[i]; i++)
        pg_query_none(w->db, w->arena, kind->statements[i]);
    return !pg_failed(w->db);
}

bool write_items(struct writing *w)
{
    for (int kind = 0; kind < ROW_KINDS; kind++) {
        if (w->batch->rows[kind].count && !write_kind(w, (enum row_kind_id)kind))
            return false;
    }
    return true;
}
