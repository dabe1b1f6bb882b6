#include <inttypes.h>
#include <stdio.h>

#include "api/cli/command.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/eventlog.h"
#include "storage/pg.h"

int command_poison(struct call *call)
{
    struct pg *db = command_database();
    struct rows *rows = pg_query_none(db, call->arena, &SQL_operator_poison);
    struct buf text;
    buf_init(&text, (size_t)16 << 20);
    while (rows_next(rows))
        buf_printf(&text, "%" PRId64 "  %.*s  %" PRId64 " bytes  %s  %.*s\n", rows_int(rows, 0),
                   STR_ARG(clock_iso(call->arena, rows_time(rows, 5))), rows_int(rows, 3),
                   rows_null(rows, 6) ? "waiting " : "replayed", STR_ARG(rows_str(rows, 4)));
    bool fine = command_database_ok(db);
    pg_close(db);
    if (fine)
        return command_print(&text);
    buf_free(&text);
    return COMMAND_FAILED;
}

/* A record goes back the way it came: through an event log, here one of its own, which the worker
 * drains like that of any writer that is gone. */
static bool replay(struct call *call, struct eventlog *log, struct pg *db, const struct rows *row)
{
    struct log_record record;
    int64_t id = rows_int(row, 0);
    if (!log_record_decode(call->arena, rows_bytes(row, 1, call->arena), &record)) {
        command_fail("record %" PRId64 " is damaged and cannot be digested", id);
        return false;
    }
    if (eventlog_append(log, &record, call->arena) != APPEND_SYNCED) {
        command_fail("record %" PRId64 " could not be written to the event log", id);
        return false;
    }
    pg_query(db, call->arena, &SQL_operator_poison_replayed, id, pg_time(call->arena, clock_now()));
    return command_database_ok(db);
}

struct tally {
    int replayed, failed;
};

/* Page by page, because records can be large; `only` NULL means all. */
static struct tally replay_pages(struct call *call, struct eventlog *log, struct pg *db,
                                 const char *only)
{
    struct tally tally = {0, 0};
    int64_t after = 0;
    for (bool more = true; more;) {
        struct rows *rows = pg_query(db, call->arena, &SQL_operator_poison_waiting, only, after);
        more = false;
        while (rows_next(rows)) {
            more = true;
            after = rows_int(rows, 0);
            if (replay(call, log, db, rows))
                tally.replayed++;
            else
                tally.failed++;
        }
        arena_reset(call->arena);
    }
    return tally;
}

int command_replay_poison(struct call *call)
{
    int64_t id = 0;
    bool all = strcmp(call->words[0], "all") == 0;
    if (!all && !text_int64(str_of(call->words[0]), &id))
        return command_fail("name a record by its number, or all");
    struct eventlog *log =
        eventlog_create(arena_printf(call->arena, "%s/log", settings()->data_dir),
                        settings()->eventlog_segment_bytes);
    if (!log)
        return command_fail("no event log can be made in %s/log", settings()->data_dir);
    struct pg *db = command_database();
    struct tally tally = replay_pages(call, log, db, all ? NULL : call->words[0]);
    bool fine = command_database_ok(db) && tally.failed == 0;
    pg_close(db);
    eventlog_close(log);
    if (fine && !all && tally.replayed == 0)
        return command_fail("no record %s is waiting", call->words[0]);
    printf("%d records go to the digest again\n", tally.replayed);
    return fine ? COMMAND_DONE : COMMAND_FAILED;
}
