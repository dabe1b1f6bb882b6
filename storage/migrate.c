#include "storage/migrate.h"

#include "base/clock.h"
#include "storage/partitions.h"

struct migration {
    const char *name, *sql;
    int version;
    bool transaction;
};

#include "migrations.h"
#include "sql.h"

enum { SCRATCH_LIMIT = 16 << 20 };

int migrate_newest(void)
{
    return MIGRATION_COUNT;
}

/* Each statement is sent alone: PostgreSQL runs several in one message as one transaction. */
static bool run_one_by_one(struct pg *db, struct arena *a, struct str sql)
{
    while (sql.n && !pg_failed(db)) {
        size_t end = str_find(sql, S(";\n"));
        pg_script(db, arena_strdup(a, str_slice(sql, 0, end)));
        sql = str_slice(sql, end + 2, sql.n);
    }
    return !pg_failed(db);
}

static bool apply(struct pg *db, struct arena *a, const struct migration *m)
{
    const char *now = pg_time(a, clock_now());
    if (!m->transaction && !run_one_by_one(db, a, str_of(m->sql)))
        return false;
    pg_begin(db);
    if (m->transaction)
        pg_script(db, m->sql);
    pg_query(db, a, &SQL_migrate_applied, m->version, m->name, now);
    return pg_commit(db);
}

static bool failed(struct pg *db, struct buf *report, const char *what)
{
    buf_printf(report, "%s failed: %.*s\n", what, STR_ARG(pg_message(db)));
    return false;
}

static bool apply_from(struct pg *db, struct arena *a, int64_t version, struct buf *report)
{
    for (int i = (int)version; i < MIGRATION_COUNT; i++) {
        if (!apply(db, a, &MIGRATIONS[i]))
            return failed(db, report, MIGRATIONS[i].name);
        buf_printf(report, "%s applied\n", MIGRATIONS[i].name);
    }
    return true;
}

static bool extensions_present(struct pg *db, struct arena *a, struct buf *report)
{
    struct rows *r = pg_query_none(db, a, &SQL_migrate_missing_extensions);
    if (!rows_next(r))
        return failed(db, report, "reading the extensions");
    if (rows_null(r, 0))
        return true;
    buf_printf(report,
               "The database lacks the extension %.*s: a superuser must create it in this database "
               "first.\n",
               STR_ARG(rows_str(r, 0)));
    return false;
}

static bool migrate(struct pg *db, struct arena *a, struct buf *report)
{
    pg_script(db, "create table if not exists schema_migration (version int primary key, "
                  "name text not null, applied timestamptz not null)");
    struct rows *r = pg_query_none(db, a, &SQL_migrate_version);
    if (!rows_next(r))
        return failed(db, report, "reading the database's version");
    int64_t version = rows_int(r, 0);
    if (version > MIGRATION_COUNT) {
        buf_printf(report,
                   "The database is of version %lld, but this program knows only up to %d: install "
                   "the newer Vedette again.\n",
                   (long long)version, MIGRATION_COUNT);
        return false;
    }
    if (!extensions_present(db, a, report) || !apply_from(db, a, version, report))
        return false;
    if (!partitions_make(db, a, clock_now() - CLOCK_DAY, PARTITIONS_AHEAD + 2))
        return failed(db, report, "making partitions");
    buf_printf(report, "The database is of version %d.\n", MIGRATION_COUNT);
    return true;
}

bool migrate_run(struct pg *db, struct buf *report)
{
    struct arena *a = arena_new(SCRATCH_LIMIT);
    pg_timeout(db, 0);
    pg_query_none(db, a, &SQL_migrate_lock);
    bool done = migrate(db, a, report);
    pg_reset(db);
    pg_query_none(db, a, &SQL_migrate_unlock);
    arena_free(a);
    return done;
}
