#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "storage/pg_rows.h"

/* Type OIDs from PostgreSQL's pg_type.dat; fixed since the server's first releases. */
enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_TIMESTAMPTZ = 1184,
    OID_NUMERIC = 1700,
    OID_JSONB = 3802,
};

bool rows_next(struct rows *r)
{
    return ++r->at < r->count;
}

int rows_count(const struct rows *r)
{
    return r->count;
}

bool rows_null(const struct rows *r, int column)
{
    return !r->result || PQgetisnull(r->result, r->at, column);
}

struct str rows_str(const struct rows *r, int column)
{
    if (rows_null(r, column))
        return (struct str){0};
    return (struct str){PQgetvalue(r->result, r->at, column),
                        (size_t)PQgetlength(r->result, r->at, column)};
}

int64_t rows_int(const struct rows *r, int column)
{
    int64_t value = 0;
    (void)text_int64(rows_str(r, column), &value);
    return value;
}

bool rows_bool(const struct rows *r, int column)
{
    return str_eq(rows_str(r, column), S("t"));
}

int64_t rows_time(const struct rows *r, int column)
{
    int64_t us = 0;
    (void)clock_parse(rows_str(r, column), &us);
    return us;
}

struct str rows_bytes(const struct rows *r, int column, struct arena *a)
{
    struct str hex = rows_str(r, column);
    if (!str_starts(hex, S("\\x")))
        return (struct str){0};
    hex = str_slice(hex, 2, hex.n);
    uint8_t *bytes = arena_take(a, hex.n / 2 + 1);
    if (!text_unhex(hex, bytes))
        return (struct str){0};
    return (struct str){(const char *)bytes, hex.n / 2};
}

int rows_column(const struct rows *r, const char *name)
{
    for (int column = 0; r->result && column < PQnfields(r->result); column++) {
        if (strcmp(PQfname(r->result, column), name) == 0)
            return column;
    }
    return -1;
}

/* NaN and the infinities have no JSON. */
static void put_number(struct jw *j, struct str s)
{
    char last = s.n ? s.p[s.n - 1] : 'x';
    if (last >= '0' && last <= '9')
        jw_raw(j, s);
    else
        jw_null(j);
}

static void put_time(struct jw *j, struct str s)
{
    int64_t us;
    if (clock_parse(s, &us))
        jw_time(j, us);
    else
        jw_null(j);
}

void rows_put_cell(const struct rows *r, struct jw *j, int column)
{
    struct str s = rows_str(r, column);
    if (!s.p) {
        jw_null(j);
        return;
    }
    switch (PQftype(r->result, column)) {
    case OID_BOOL:
        jw_bool(j, s.p[0] == 't');
        break;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_FLOAT4:
    case OID_FLOAT8:
    case OID_NUMERIC:
        put_number(j, s);
        break;
    case OID_JSON:
    case OID_JSONB:
        jw_raw(j, s);
        break;
    case OID_TIMESTAMPTZ:
        put_time(j, s);
        break;
    default:
        jw_str(j, s);
    }
}

void rows_put_members(const struct rows *r, struct jw *j)
{
    for (int column = 0; r->result && column < PQnfields(r->result); column++) {
        jw_key(j, PQfname(r->result, column));
        rows_put_cell(r, j, column);
    }
}

void rows_put_object(const struct rows *r, struct jw *j)
{
    jw_open(j, '{');
    rows_put_members(r, j);
    jw_close(j, '}');
}

void rows_put_array(struct rows *r, struct jw *j)
{
    jw_open(j, '[');
    while (rows_next(r))
        rows_put_object(r, j);
    jw_close(j, ']');
}
