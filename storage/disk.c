#include "storage/disk.h"

#include "sql.h"

static void measure_tables(struct pg *db, struct arena *a, int64_t now)
{
    size_t count = 0;
    while (retention_tables[count].name)
        count++;
    struct str *names = arena_take(a, count * sizeof(*names));
    struct str *kinds = arena_take(a, count * sizeof(*kinds));
    for (size_t i = 0; i < count; i++) {
        names[i] = str_of(retention_tables[i].name);
        kinds[i] = retention_name(retention_tables[i].kind);
    }
    pg_query(db, a, &SQL_disk_measure, pg_text_array(a, names, count),
             pg_text_array(a, kinds, count), pg_time(a, now));
}

static void measure_blobs(struct pg *db, struct arena *a, const struct retention_table *table,
                          int64_t now)
{
    struct param params[] = {param_str(retention_name(table->kind)), param_text(pg_time(a, now))};
    const char *sql = arena_printf(
        a,
        "insert into disk_usage as d (kind, day, bytes, measured) "
        "select $1::text, %s, sum(b.size::numeric / b.reference_count)::bigint, $2::timestamptz "
        "from %s t join blob b on b.name = t.blob::char(64) where b.reference_count > 0 group by 2 "
        "on conflict on constraint disk_usage_key do update set bytes = d.bytes + excluded.bytes",
        table->has_partitions ? "t.received_day" : "null::date", table->name);
    pg_query_built(db, a, str_of(sql), params, 2);
}

bool disk_measure(struct pg *db, struct arena *a, int64_t now)
{
    pg_begin(db);
    pg_query_none(db, a, &SQL_disk_forget);
    measure_tables(db, a, now);
    for (const struct retention_table *table = retention_tables; table->name; table++) {
        if (table->has_blobs)
            measure_blobs(db, a, table, now);
    }
    return pg_commit(db);
}

bool disk_next_to_drop(struct pg *db, struct arena *a, int64_t most, int64_t now,
                       struct disk_day *out)
{
    struct rows *r = pg_query(db, a, &SQL_disk_next_to_drop, most, pg_time(a, now));
    if (!rows_next(r))
        return false;
    *out = (struct disk_day){retention_named(rows_str(r, 0)), rows_time(r, 1), rows_int(r, 2)};
    return out->kind < RETENTION_KIND_COUNT;
}

bool disk_dropped(struct pg *db, struct arena *a, const struct disk_day *day, int64_t now)
{
    pg_query(db, a, &SQL_disk_dropped, retention_name(day->kind), pg_time(a, day->start),
             pg_time(a, now));
    return !pg_failed(db);
}
