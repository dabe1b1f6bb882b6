#include "api/trace_items.h"

#include "api/filters.h"
#include "api/issues.h"
#include "api/page.h"
#include "base/clock.h"
#include "storage/reply.h"
#include "storage/trace_items.h"

static const int64_t fallback_period = 14 * CLOCK_DAY;

static bool read_fields(struct request *rq, struct trace_list *list)
{
    size_t at = 0;
    struct str field;
    while (request_query_next(rq, S("field"), &at, &field)) {
        if (list->field_count == TRACE_FIELDS_MAX) {
            reply_error(rq, 400, "You can view up to 20 fields at a time.");
            return false;
        }
        if (field.n)
            list->fields[list->field_count++] = field;
    }
    if (!list->field_count)
        reply_error(rq, 400, "No columns selected");
    return list->field_count > 0;
}

static bool read_list(struct request *rq, struct trace_list *list, struct page *page)
{
    struct issue_list search = {0};
    struct str dataset = request_query(rq, S("dataset"));
    *list = (struct trace_list){.before = INT64_MAX, .dataset = trace_dataset(dataset)};
    if (!list->dataset) {
        reply_error(rq, 400, "dataset must be one of: ourlogs, logs, tracemetrics");
        return false;
    }
    if (!read_fields(rq, list) || !filters_read(rq, fallback_period, &list->filter) ||
        !page_read(rq, PAGE_LIMIT, page) ||
        !issues_read_query(rq, request_query(rq, S("query")), &search))
        return false;
    list->filter.search = search.filter.search;
    list->sort = request_query(rq, S("sort"));
    list->limit = page->limit;
    if (page->cursor.given) {
        list->skip = page->cursor.offset;
        if (trace_list_by_time(list) && page->cursor.value)
            list->before = page->cursor.value;
    }
    return true;
}

/* ---- types, which attributes show by their values */

static const char *type_of_function(struct str field)
{
    return str_starts(field, S("count")) ? "integer" : "number";
}

static const char *type_of_json(struct str value)
{
    char c = value.n ? value.p[0] : '"';
    if (c == 't' || c == 'f')
        return "boolean";
    if (c == '[')
        return "array";
    return (c >= '0' && c <= '9') || c == '-' ? "number" : "string";
}

static const char *type_of_field(const struct trace_list *list, struct str field)
{
    static const char *const names[] = {[TRACE_TEXT] = "string",
                                        [TRACE_INTEGER] = "integer",
                                        [TRACE_NUMBER] = "number",
                                        [TRACE_DATE] = "date"};
    const struct trace_column *column = trace_column(list->dataset, field);
    if (trace_is_function(field))
        return type_of_function(field);
    return column ? names[column->type] : NULL;
}

static void put_meta(struct jw *j, const struct trace_list *list, const char *const *types)
{
    jw_open_k(j, "meta", '{');
    jw_open_k(j, "fields", '{');
    for (size_t i = 0; i < list->field_count; i++) {
        jw_name(j, list->fields[i]);
        jw_str(j, str_of(types[i] ? types[i] : "string"));
    }
    jw_close(j, '}');
    jw_open_k(j, "units", '{');
    for (size_t i = 0; i < list->field_count; i++) {
        jw_name(j, list->fields[i]);
        jw_null(j);
    }
    jw_close(j, '}');
    jw_str_k(j, "dataset", str_of(list->dataset->names[0]));
    jw_bool_k(j, "isMetricsData", false);
    jw_close(j, '}');
}

/* ---- rows */

static void put_row(struct jw *j, const struct trace_list *list, const struct rows *r,
                    const char **types)
{
    jw_open(j, '{');
    for (size_t i = 0; i < list->field_count; i++) {
        if (!types[i] && !rows_null(r, (int)i))
            types[i] = type_of_json(rows_str(r, (int)i));
        jw_name(j, list->fields[i]);
        rows_put_cell(r, j, (int)i);
    }
    jw_close(j, '}');
}

/* Where the next page begins: behind so many rows of the last row's very nanosecond. */
struct place {
    int64_t nanoseconds, same;
};

static void move_on(struct place *place, const struct trace_list *list, const struct rows *r)
{
    int64_t nanoseconds = rows_int(r, (int)list->field_count);
    bool same = place->same && nanoseconds == place->nanoseconds;
    place->same = same ? place->same + 1 : 1;
    place->nanoseconds = nanoseconds;
}

static void link_list(struct request *rq, const struct trace_list *list, struct place place,
                      bool more)
{
    struct cursor next = {.given = more, .value = place.nanoseconds, .offset = place.same};
    if (place.nanoseconds == list->before)
        next.offset += list->skip;
    page_link(rq, (struct cursor){.given = false}, next);
}

static int reply_list(struct request *rq, const struct trace_list *list, const struct page *page,
                      struct rows *r)
{
    const char *types[TRACE_FIELDS_MAX];
    bool by_time = trace_list_by_time(list);
    struct place place = {0};
    for (size_t i = 0; i < list->field_count; i++)
        types[i] = type_of_field(list, list->fields[i]);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "data", '[');
    for (int n = 0; n < list->limit && rows_next(r); n++) {
        put_row(&j, list, r, types);
        if (by_time)
            move_on(&place, list, r);
    }
    jw_close(&j, ']');
    put_meta(&j, list, types);
    jw_close(&j, '}');
    if (by_time)
        link_list(rq, list, place, rows_count(r) > list->limit);
    else
        page_link_rows(rq, page, rows_count(r));
    return page_done_or_unchanged(rq);
}

int trace_items_list(struct request *rq)
{
    struct trace_list list;
    struct page page;
    if (!read_list(rq, &list, &page))
        return rq->status;
    struct rows *r = trace_items_find(rq->db, rq->arena, &list);
    if (!r)
        return reply_error(rq, 400, list.error);
    return reply_if_failed(rq) ? rq->status : reply_list(rq, &list, &page, r);
}
