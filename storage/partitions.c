#include "storage/partitions.h"

#include "base/clock.h"
#include "sql.h"

static const char *const tables[] = {"event", "event_body", "attachment"};
enum { TABLE_COUNT = sizeof(tables) / sizeof(tables[0]) };

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
        for (int table = 0; table < TABLE_COUNT; table++)
            make_one(db, a, tables[table], from + day * CLOCK_DAY);
    }
    return pg_commit(db);
}

static bool drop_one(struct pg *db, struct arena *a, struct str name)
{
    pg_script(db,
              arena_printf(a, "begin; set local lock_timeout = '200ms'; drop table %.*s; commit",
                           STR_ARG(name)));
    return !pg_failed(db);
}

bool partitions_drop(struct pg *db, struct arena *a, int64_t before, int *dropped)
{
    *dropped = 0;
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct rows *r = pg_query(db, a, &SQL_partition_list, tables[table],
                                  partition_name(a, tables[table], before));
        while (rows_next(r)) {
            if (!drop_one(db, a, rows_str(r, 0)))
                return false;
            ++*dropped;
        }
    }
    return !pg_failed(db);
}
