#include <inttypes.h>

#include "api/cli/command.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/eventlog.h"
#include "storage/pg.h"

static void put_bytes(struct buf *text, const char *name, int64_t bytes)
{
    buf_printf(text, "%-10s %.1f MiB\n", name, (double)bytes / 1048576.0);
}

static void put_digest(struct buf *text, struct arena *a, const struct rows *row)
{
    if (rows_null(row, 3))
        buf_puts(text, "digest     nothing digested yet\n");
    else
        buf_printf(text, "digest     last batch at %s\n", clock_iso(a, rows_time(row, 3)).p);
    buf_printf(text, "poison     %" PRId64 " records set aside\n", rows_int(row, 4));
    buf_printf(text, "jobs       %" PRId64 " waiting, %" PRId64 " failed\n", rows_int(row, 5),
               rows_int(row, 6));
}

int command_status(struct call *call)
{
    struct pg *db = command_database();
    struct rows *row = pg_query_none(db, call->arena, &SQL_operator_status);
    struct buf text;
    buf_init(&text, (size_t)1 << 16);
    if (rows_next(row)) {
        put_bytes(&text, "database", rows_int(row, 0));
        buf_printf(&text, "events     %" PRId64 " in %" PRId64 " projects\n", rows_int(row, 2),
                   rows_int(row, 1));
        put_digest(&text, call->arena, row);
    }
    const char *logs = arena_printf(call->arena, "%s/log", settings()->data_dir);
    put_bytes(&text, "event log", eventlog_backlog(logs));
    bool fine = command_database_ok(db);
    pg_close(db);
    int printed = command_print(&text);
    return fine ? printed : COMMAND_FAILED;
}
