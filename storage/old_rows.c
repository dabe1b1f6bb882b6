#include "storage/old_rows.h"

#include "storage/partitions.h"

/* Blobs are locked in the order of their names, as by everybody who takes several. */
#define GIVE_BACK                                                                                  \
    ", given as (select blob, count(*) as n from gone where blob is not null group by blob), "     \
    "held as (select b.name, g.n from blob b join given g on g.blob = b.name order by b.name "     \
    "for no key update of b), "                                                                    \
    "back as (update blob b set reference_count = b.reference_count - h.n from held h "            \
    "where b.name = h.name) "

/* `from` is the table, or one of its partitions. */
static int64_t delete_some(struct pg *db, struct arena *a, const struct retention_table *table,
                           const struct retention_rule *rule, struct str from)
{
    struct param params[] = {param_text(pg_time(a, rule->before)), param_str(rule->projects)};
    const char *sql = arena_printf(
        a,
        "with gone as (delete from %.*s where ctid = any (array(select ctid from %.*s where %s and "
        "($2::bigint[] is null or project_id = any ($2::bigint[])) limit %d)) returning %s)%s "
        "select count(*) from gone",
        STR_ARG(from), STR_ARG(from), table->is_old, OLD_ROWS_BATCH,
        table->has_blobs ? "blob::char(64) as blob" : "1", table->has_blobs ? GIVE_BACK : "");
    struct rows *r = pg_query_built(db, a, str_of(sql), params, 2);
    return rows_next(r) ? rows_int(r, 0) : -1;
}

int64_t old_rows_delete(struct pg *db, struct arena *a, const struct retention_table *table,
                        const struct retention_rule *rule)
{
    if (!table->has_partitions)
        return delete_some(db, a, table, rule, str_of(table->name));
    int64_t deleted = 0, some = 0;
    struct rows *partitions = partitions_before(db, a, table, rule->before);
    while (deleted < OLD_ROWS_BATCH && some >= 0 && rows_next(partitions)) {
        some = delete_some(db, a, table, rule, rows_str(partitions, 0));
        deleted += some;
    }
    return some < 0 || pg_failed(db) ? -1 : deleted;
}
