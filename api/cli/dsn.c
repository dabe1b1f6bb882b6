#include "api/cli/dsn.h"

#include <inttypes.h>

#include "api/cli/command.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/pg.h"

struct str dsn_of(struct arena *a, struct str public_url, struct str key, int64_t project_id)
{
    size_t scheme = str_find(public_url, S("://"));
    if (scheme == public_url.n)
        return (struct str){0};
    struct str host = str_slice(public_url, scheme + 3, public_url.n);
    return str_of(arena_printf(a, "%.*s://%.*s@%.*s/%" PRId64, (int)scheme, public_url.p,
                               STR_ARG(key), STR_ARG(host), project_id));
}

int command_dsn(struct call *call)
{
    struct pg *db = command_database();
    const char *project = call->count == 1 ? call->words[0] : NULL;
    struct rows *keys = pg_query(db, call->arena, &SQL_operator_keys, project);
    struct buf text;
    buf_init(&text, (size_t)16 << 20);
    while (rows_next(keys)) {
        struct str dsn = dsn_of(call->arena, str_of(settings()->public_url), rows_str(keys, 4),
                                rows_int(keys, 2));
        buf_printf(&text, "%.*s/%.*s  %.*s  %.*s\n", STR_ARG(rows_str(keys, 0)),
                   STR_ARG(rows_str(keys, 1)), STR_ARG(dsn), STR_ARG(rows_str(keys, 3)));
    }
    bool fine = command_database_ok(db);
    pg_close(db);
    if (fine && text.len == 0)
        fine = command_fail("there is no such project") == COMMAND_DONE;
    if (fine)
        return command_print(&text);
    buf_free(&text);
    return COMMAND_FAILED;
}
