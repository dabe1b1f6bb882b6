#include "storage/query.h"

#include <stdlib.h>

enum { SQL_MAX = 256 << 10 };

static void release_buffer(void *buffer)
{
    buf_free(buffer);
}

void query_begin(struct query *q, struct arena *a)
{
    *q = (struct query){.arena = a, .sql = arena_new_of(a, struct buf)};
    buf_init(q->sql, SQL_MAX);
    arena_defer(a, release_buffer, q->sql);
}

void query_piece(struct query *q, const char *sql)
{
    buf_puts(q->sql, sql);
}

static void put_param(struct query *q, struct param p, const char *cast)
{
    if (q->count == QUERY_PARAMS_MAX)
        abort();
    q->params[q->count++] = p;
    buf_printf(q->sql, "$%d::%s", q->count, cast);
}

void query_int(struct query *q, int64_t v)
{
    put_param(q, param_int(v), "bigint");
}

void query_number(struct query *q, double v)
{
    put_param(q, param_text(arena_printf(q->arena, "%.17g", v)), "double precision");
}

void query_ordinal(struct query *q, int column)
{
    buf_printf(q->sql, "%d", column);
}

void query_text(struct query *q, struct str v)
{
    put_param(q, param_str(arena_str(q->arena, v)), "text");
}

void query_time(struct query *q, int64_t us)
{
    put_param(q, param_text(pg_time(q->arena, us)), "timestamptz");
}

void query_uuid(struct query *q, struct uuid v)
{
    put_param(q, param_str(uuid_text(q->arena, v)), "uuid");
}

void query_ints(struct query *q, const int64_t *v, size_t n)
{
    put_param(q, param_text(pg_int_array(q->arena, v, n)), "bigint[]");
}

void query_texts(struct query *q, const struct str *v, size_t n)
{
    put_param(q, param_text(pg_text_array(q->arena, v, n)), "text[]");
}

struct rows *query_run(struct query *q, struct pg *db)
{
    if (!buf_ok(q->sql))
        abort();
    return pg_query_built(db, q->arena, buf_str(q->sql), q->params, q->count);
}
