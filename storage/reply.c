#include "storage/reply.h"

bool reply_if_failed(struct request *rq)
{
    switch (pg_failed(rq->db)) {
    case PG_OK:
        return false;
    case PG_AWAY:
        reply_header(rq, "Retry-After", S("5"));
        reply_error(rq, 503,
                    "The database is not reachable. Vedette keeps accepting events; this page will "
                    "work again by itself.");
        return true;
    case PG_CONFLICT:
        reply_error(rq, 409, "This already exists.");
        return true;
    case PG_DATA:
        reply_error(rq, 400, "A value is not of the kind that is stored here.");
        return true;
    default:
        reply_error(rq, 500, "Internal Error");
        return true;
    }
}

int reply_rows(struct request *rq, struct rows *r)
{
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    rows_put_array(r, &j);
    return reply_done(rq);
}

static int reply_first(struct request *rq, struct rows *r, int status)
{
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_not_found(rq);
    struct jw j = reply_json(rq, status);
    rows_put_object(r, &j);
    return reply_done(rq);
}

int reply_row(struct request *rq, struct rows *r)
{
    return reply_first(rq, r, 200);
}

int reply_created(struct request *rq, struct rows *r)
{
    return reply_first(rq, r, 201);
}
