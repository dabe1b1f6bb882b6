#include "storage/partitions.h"

#include "base/clock.h"
#include "sql.h"

/* "2026-11-21", cut from the ISO form. */
static const char *date_of(struct arena *a, int64_t us)
{
    return arena_strdup(a, str_slice(clock_iso(a, us), 0, sizeof("2026-11-21") - 1));
}

static const char *partition_name(struct arena *a, const char *table, int64_t us)
{
    const char *date = date_of(a, us);
    return arena_printf(a, "%s_p%.4s%.2s%.2s", table, date, date + 5, date + 8);
}

static void make_one(struct pg *db, struct arena *a, const char *table, int64_t day)
{
    const char *name = partition_name(a, table, day);
    struct rows *r = pg_query(db, a, &SQL_partition_exists, name);
    if (!rows_next(r) || rows_bool(r, 0))
        return;
    pg_script(db,
              arena_printf(a,
                           "create table %s (like %s including defaults including constraints "
                           "including storage);"
                           "alter table %s attach partition %s for values from ('%s') to ('%s')",
                           name, table, table, name, date_of(a, day), date_of(a, day + CLOCK_DAY)));
}

bool partitions_make(struct pg *db, struct arena *a, int64_t from, int days)
{
    pg_begin(db);
    pg_query_none(db, a, &SQL_partition_lock);
    for (int day = 0; day < days; day++) {
        for (const struct retention_table *table = retention_tables; table->name; table++) {
            if (table->has_partitions)
                make_one(db, a, table->name, from + day * CLOCK_DAY);
        }
    }
    return pg_commit(db);
}

/* Nobody may delete a row, and give its blob back a second time, while this runs. */
static bool drop_one(struct pg *db, struct arena *a, const struct retention_table *table,
                     struct str name)
{
    const char *give_back = "";
    if (table->has_blobs)
        give_back = arena_printf(a,
                                 "update blob b set reference_count = b.reference_count - k.n "
                                 "from (select blob, count(*) as n from %.*s where blob is not null"
                                 " group by blob) k where b.name = k.blob;",
                                 STR_ARG(name));
    pg_script(db, arena_printf(a,
                               "begin; set local lock_timeout = '200ms'; "
                               "lock table only %s in access exclusive mode; "
                               "lock table %.*s in access exclusive mode; "
                               "%s drop table %.*s; commit",
                               table->name, STR_ARG(name), give_back, STR_ARG(name)));
    return !pg_failed(db);
}

struct rows *partitions_before(struct pg *db, struct arena *a, const struct retention_table *table,
                               int64_t before)
{
    return pg_query(db, a, &SQL_partition_list, table->name,
                    partition_name(a, table->name, before));
}

static bool drop_of(struct pg *db, struct arena *a, const struct retention_table *table,
                    int64_t before, int *dropped)
{
    struct rows *r = partitions_before(db, a, table, before);
    while (rows_next(r)) {
        if (!drop_one(db, a, table, rows_str(r, 0)))
            return false;
        ++*dropped;
    }
    return !pg_failed(db);
}

bool partitions_drop(struct pg *db, struct arena *a, enum retention_kind kind, int64_t before,
                     int *dropped)
{
    *dropped = 0;
    for (const struct retention_table *table = retention_tables; table->name; table++) {
        if (table->kind == kind && table->has_partitions && !drop_of(db, a, table, before, dropped))
            return false;
    }
    return !pg_failed(db);
}
