#include <inttypes.h>

#include "api/cli/command.h"
#include "base/buf.h"
#include "base/clock.h"
#include "sql.h"
#include "storage/pg.h"

enum column { BYTES, PROJECTS, EVENTS, LAG, BACKLOG, RATE, POISON, JOBS_WAITING, JOBS_FAILED };

static double mebibytes(int64_t bytes)
{
    return (double)bytes / 1048576.0;
}

static void put_digest(struct buf *text, const struct rows *row)
{
    if (rows_null(row, LAG))
        buf_puts(text, "digest     silent for a minute; is vedette-worker running?\n");
    else
        buf_printf(text,
                   "digest     %" PRId64 " s behind, %.1f MiB to do, %" PRId64
                   " events in the last minute\n",
                   rows_int(row, LAG), mebibytes(rows_int(row, BACKLOG)), rows_int(row, RATE));
    buf_printf(text, "poison     %" PRId64 " records set aside\n", rows_int(row, POISON));
    buf_printf(text, "jobs       %" PRId64 " waiting, %" PRId64 " failed\n",
               rows_int(row, JOBS_WAITING), rows_int(row, JOBS_FAILED));
}

int command_status(struct call *call)
{
    struct pg *db = command_database();
    struct rows *row =
        pg_query(db, call->arena, &SQL_operator_status, pg_time(call->arena, clock_now()));
    struct buf text;
    buf_init(&text, (size_t)1 << 16);
    if (rows_next(row)) {
        buf_printf(&text, "database   %.1f MiB\n", mebibytes(rows_int(row, BYTES)));
        buf_printf(&text, "events     %" PRId64 " in %" PRId64 " projects\n", rows_int(row, EVENTS),
                   rows_int(row, PROJECTS));
        put_digest(&text, row);
    }
    bool fine = command_database_ok(db);
    pg_close(db);
    int printed = command_print(&text);
    return fine ? printed : COMMAND_FAILED;
}
