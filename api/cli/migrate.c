#include "storage/migrate.h"

#include <stdio.h>

#include "api/cli/command.h"
#include "base/buf.h"
#include "storage/pg.h"

int command_migrate(struct call *call)
{
    (void)call;
    struct buf report;
    buf_init(&report, (size_t)1 << 20);
    struct pg *db = command_database();
    bool fine = migrate_run(db, &report);
    pg_close(db);
    struct str text = str_trim(buf_str(&report));
    if (fine)
        printf("%.*s\n", STR_ARG(text));
    else
        command_fail("%.*s", STR_ARG(text));
    buf_free(&report);
    return fine ? COMMAND_DONE : COMMAND_FAILED;
}
