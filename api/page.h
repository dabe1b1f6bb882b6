/*
 * Pages of lists: the cursor and limit of a request, and the Link header of its answer.
 *
 * A cursor is "value:offset:is_prev", opaque to clients.  Lists that change while they are read put
 * the place itself into it (value and offset are then the sort key and what breaks its ties); short
 * lists count rows (value 0, offset the rows to skip).
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "base/request.h"
#include "storage/pg.h"

enum { PAGE_LIMIT = 100 };

struct cursor {
    bool given; /* in a page: the request named one; in a link: there is something to see there */
    bool backward;
    int64_t value, offset;
};

struct page {
    struct cursor cursor;
    int limit; /* 1..PAGE_LIMIT; more is capped in silence */
};

/* Reads cursor= and per_page= or limit=.  False after answering 400. */
bool page_read(struct request *rq, int fallback_limit, struct page *page);

/* The Link header, both parts always; absolute, with the request's other parameters. */
void page_link(struct request *rq, struct cursor previous, struct cursor next);

/* The links of a list by row numbers of which `found` rows came, limit + 1 having been asked. */
void page_link_rows(struct request *rq, const struct page *page, int found);

/* 200 with at most page->limit of the rows, and the links. */
int page_reply(struct request *rq, const struct page *page, struct rows *rows);
/* The same as {"data": […]}, or 304 as page_done_or_unchanged(). */
int page_reply_data(struct request *rq, const struct page *page, struct rows *rows);

/* "%text%" for ILIKE from the parameter query=, "%" without one. */
struct str page_pattern(struct request *rq);

/* As reply_done(), but 304 without a body when If-None-Match names just this body. */
int page_done_or_unchanged(struct request *rq);

#endif
