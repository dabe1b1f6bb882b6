#include "storage/reply.h"

static const struct {
    int status;
    const char *detail, *retry_after;
} answers[] = {
    [PG_AWAY] = {503,
                 "The database is not reachable. Vedette keeps accepting events; this page will "
                 "work again by itself.",
                 "5"},
    [PG_CONFLICT] = {409, "Something with this name or key exists already.", NULL},
    [PG_RETRY] = {503, "Others changed the same data at the same time. Please try again.", "1"},
    [PG_DATA] = {400, "A value is not of the kind that is stored here.", NULL},
    [PG_BROKEN] = {500, "Internal Error", NULL},
};

bool reply_if_failed(struct request *rq)
{
    enum pg_failure failure = pg_failed(rq->db);
    if (failure == PG_OK)
        return false;
    reply_error(rq, answers[failure].status, answers[failure].detail);
    if (answers[failure].retry_after)
        reply_header(rq, "Retry-After", str_of(answers[failure].retry_after));
    return true;
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

int reply_rows(struct request *rq, struct rows *r)
{
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    rows_put_array(r, &j);
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
