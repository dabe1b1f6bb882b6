/* Tables of single transactions and spans, by any of their columns and aggregates. */
#include "storage/explore.h"
#include "api/filters.h"
#include "api/issues.h"
#include "api/page.h"
#include "api/trace_items.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "storage/reply.h"
#include "storage/trace_items.h"

static const int64_t usual_period = 14 * CLOCK_DAY;

static bool refuse(struct request *rq, const char *detail)
{
    reply_error(rq, 400, detail);
    return false;
}

static bool read_fields(struct request *rq, struct explore *e)
{
    size_t at = 0;
    struct str field;
    while (request_query_next(rq, S("field"), &at, &field)) {
        if (e->field_count == EXPLORE_FIELDS_MAX)
            return refuse(rq, "You can view up to 20 fields at a time. "
                              "Please delete some and try again.");
        if (str_trim(field).n)
            e->fields[e->field_count++] = str_trim(field);
    }
    return true;
}

static bool read_explore(struct request *rq, struct explore *e, struct page *page)
{
    struct issue_list search = {0};
    struct str query = request_query(rq, S("query"));
    *e = (struct explore){.dataset = explore_dataset(request_query(rq, S("dataset")))};
    if (!e->dataset)
        return refuse(rq, "dataset must be one of: transactions, spans, logs, tracemetrics");
    if (!filters_read(rq, usual_period, &e->filter) || !page_read(rq, PAGE_LIMIT, page) ||
        !read_fields(rq, e) || (query.n && !issues_read_query(rq, query, &search)))
        return false;
    e->filter.search = search.filter.search;
    e->sort = request_query(rq, S("sort"));
    e->limit = page->limit;
    e->skip = page->cursor.offset;
    return true;
}

static void put_meta(struct jw *j, const struct explore *e)
{
    jw_open_k(j, "meta", '{');
    jw_open_k(j, "fields", '{');
    for (size_t i = 0; i < e->field_count; i++) {
        jw_name(j, e->fields[i]);
        jw_str(j, str_of(explore_type(e->dataset, e->fields[i])));
    }
    jw_close(j, '}');
    jw_open_k(j, "units", '{');
    for (size_t i = 0; i < e->field_count; i++) {
        bool time = str_eq(str_of(explore_type(e->dataset, e->fields[i])), S("duration"));
        jw_name(j, e->fields[i]);
        jw_opt_str(j, time ? S("millisecond") : (struct str){0});
    }
    jw_close(j, '}');
    jw_close(j, '}');
}

static int list_rows(struct request *rq)
{
    struct page page;
    struct explore e;
    if (trace_dataset(request_query(rq, S("dataset"))))
        return trace_items_list(rq);
    if (!read_explore(rq, &e, &page))
        return rq->status;
    struct rows *rows = explore_run(rq->db, rq->arena, &e);
    if (!rows)
        return reply_error(rq, 400, e.error);
    if (reply_if_failed(rq))
        return rq->status;
    page_link_rows(rq, &page, rows_count(rows));
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "data", '[');
    for (int n = 0; n < page.limit && rows_next(rows); n++) {
        jw_open(&j, '{');
        for (size_t i = 0; i < e.field_count; i++) {
            jw_name(&j, e.fields[i]);
            rows_put_cell(rows, &j, (int)i);
        }
        jw_close(&j, '}');
    }
    jw_close(&j, ']');
    put_meta(&j, &e);
    jw_close(&j, '}');
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"

const struct route explore_routes[] = {
    {METHOD_GET, O "events/", SCOPE_EVENT_READ | SCOPE_ORG_READ, list_rows},
    {0},
};
