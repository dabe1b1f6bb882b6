/*
 * The route table: every method and path a program answers, one row each.
 *
 * Paths are written as Sentry documents them, "{name}" standing for one segment (percent-decoded
 * into rq->params, never empty) and a slash at the end that a client may leave out.  Fixed segments
 * win over named ones.  Tables sit at the bottom of their resource's file; the program lists them
 * in one array, compiled once before threads start; afterwards any thread may match.
 */
#ifndef BASE_ROUTE_H
#define BASE_ROUTE_H

#include "base/request.h"

/*
 * Who may call: scope bits (auth/scope.h) of which the caller needs one, or one of these.  The gate
 * in front of the table gives them their meaning.
 */
#define ACCESS_PUBLIC 0x80000000u  /* anyone, signed in or not */
#define ACCESS_USER 0x40000000u    /* any signed-in user or user token, whatever its scopes */
#define ACCESS_SESSION 0x20000000u /* a signed-in browser only: tokens may not make tokens */

struct route {
    enum method method;
    const char *path;
    uint32_t access;
    int (*handle)(struct request *rq); /* returns the HTTP status */
    const void *detail; /* the program's own columns: ingest puts body ceilings here */
};

struct routes;

/* `tables` is a NULL-terminated list of arrays, each ended by a row without path.  A table that
 * repeats a method and path is a programming error and aborts. */
struct routes *routes_compile(const struct route *const *tables);
void routes_free(struct routes *r);

/*
 * Fills rq->route and rq->params and returns 0, or returns the status to answer: 404 no such path,
 * 405 known path with another method (the Allow header is then set).
 */
int routes_match(const struct routes *r, struct request *rq);

/* One line a route: method, path, access bits; for `vedette routes` and tests. */
void routes_print(const struct routes *r, struct buf *to);

#endif
