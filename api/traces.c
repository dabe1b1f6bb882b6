/* A trace: its spans as a tree, and what they are in numbers. */
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"
#include "storage/span_status.h"

enum { SPANS_MAX = 10000, DEPTH_MAX = 40 };

struct node {
    struct node *next;         /* of the same parent */
    struct node *first, *last; /* children */
    struct str span_id, parent_id, transaction_id, project_slug, op, description, transaction;
    struct str measurements;
    int64_t project_id, start, end;
    double duration;
    int status;
    bool is_segment, shown;
};

enum column {
    COL_SPAN,
    COL_PARENT,
    COL_TRANSACTION_ID,
    COL_PROJECT,
    COL_SLUG,
    COL_START,
    COL_END,
    COL_DURATION,
    COL_OP,
    COL_DESCRIPTION,
    COL_TRANSACTION,
    COL_IS_SEGMENT,
    COL_STATUS,
    COL_MEASUREMENTS,
};

static struct node node_of(const struct rows *r)
{
    struct node n = {
        .span_id = rows_str(r, COL_SPAN),
        .parent_id = rows_str(r, COL_PARENT),
        .transaction_id = rows_str(r, COL_TRANSACTION_ID),
        .project_id = rows_int(r, COL_PROJECT),
        .project_slug = rows_str(r, COL_SLUG),
        .start = rows_time(r, COL_START),
        .end = rows_time(r, COL_END),
        .op = rows_str(r, COL_OP),
        .description = rows_str(r, COL_DESCRIPTION),
        .transaction = rows_str(r, COL_TRANSACTION),
        .is_segment = rows_bool(r, COL_IS_SEGMENT),
        .status = rows_null(r, COL_STATUS) ? SPAN_STATUS_NONE : (int)rows_int(r, COL_STATUS),
        .measurements = rows_str(r, COL_MEASUREMENTS),
    };
    n.duration = (double)(n.end - n.start) / 1000;
    return n;
}

static void add_child(struct node *parent, struct node *child)
{
    *(parent->last ? &parent->last->next : &parent->first) = child;
    parent->last = child;
}

/* Hangs each node below its parent; those whose parent is not there below `root`. */
static void hang(struct arena *a, struct node *nodes, size_t count, struct node *root)
{
    struct map *by_id = map_new(a, count);
    for (size_t i = count; i-- > 0;)
        map_set(by_id, nodes[i].span_id, &nodes[i]);
    for (size_t i = 0; i < count; i++) {
        struct node *parent = nodes[i].parent_id.n ? map_get(by_id, nodes[i].parent_id) : NULL;
        add_child(parent && parent != &nodes[i] ? parent : root, &nodes[i]);
    }
}

/* What Sentry says of a span and is not kept apart here. */
static const struct {
    const char *name, *json;
} unknown[] = {
    {"errors", "[]"},           {"occurrences", "[]"},  {"browser_web_vital", "{}"},
    {"mobile_app_vital", "{}"}, {"profile_id", "\"\""}, {"profiler_id", "\"\""},
    {"sdk_name", "\"\""},
};

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static void put_fields(struct jw *j, const struct node *n)
{
    struct str status = span_status_name(n->status);
    jw_str_k(j, "event_id", n->span_id);
    jw_str_k(j, "span_id", n->span_id);
    jw_str_k(j, "event_type", S("span"));
    jw_str_k(j, "transaction_id", or_empty(n->transaction_id));
    jw_str_k(j, "transaction", or_empty(n->transaction));
    jw_int_k(j, "project_id", n->project_id);
    jw_str_k(j, "project_slug", n->project_slug);
    jw_opt_str_k(j, "parent_span_id", n->parent_id);
    jw_double_k(j, "start_timestamp", (double)n->start / CLOCK_SECOND);
    jw_double_k(j, "end_timestamp", (double)n->end / CLOCK_SECOND);
    jw_double_k(j, "duration", n->duration);
    jw_str_k(j, "op", n->op);
    jw_str_k(j, "name", n->op);
    jw_str_k(j, "description", n->description);
    jw_opt_str_k(j, "status", status);
    jw_bool_k(j, "is_transaction", n->is_segment);
    jw_raw_k(j, "measurements", n->measurements.n ? n->measurements : S("{}"));
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        jw_raw_k(j, unknown[i].name, str_of(unknown[i].json));
}

/* Below DEPTH_MAX a node has no children: they follow it. */
static void put_children(struct jw *j, struct node *parent, int depth)
{
    for (struct node *n = parent->first; n; n = n->next) {
        if (n->shown)
            continue;
        n->shown = true;
        jw_open(j, '{');
        put_fields(j, n);
        jw_open_k(j, "children", '[');
        if (depth < DEPTH_MAX)
            put_children(j, n, depth + 1);
        jw_close(j, ']');
        jw_close(j, '}');
    }
}

/* The tree, and then what is below no root: spans that are each other's parents, or too deep. */
static void put_tree(struct jw *j, struct node *nodes, size_t count, struct node *root)
{
    put_children(j, root, 0);
    for (size_t i = 0; i < count; i++) {
        struct node single = {.first = &nodes[i]};
        struct node *next = nodes[i].next;
        if (nodes[i].shown)
            continue;
        nodes[i].next = NULL;
        put_children(j, &single, 0);
        nodes[i].next = next;
    }
}

static bool read_trace(struct request *rq, struct gate_projects *projects, struct uuid *trace)
{
    if (!gate_projects(rq, projects))
        return false;
    if (uuid_parse(request_param(rq, S("trace")), trace))
        return true;
    reply_not_found(rq);
    return false;
}

static int show_trace(struct request *rq)
{
    struct gate_projects projects;
    struct uuid trace;
    struct node root = {0};
    size_t count = 0;
    if (!read_trace(rq, &projects, &trace))
        return rq->status;
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_trace_spans,
                 pg_int_array(rq->arena, projects.ids, projects.count), trace, (int)SPANS_MAX);
    if (reply_if_failed(rq))
        return rq->status;
    struct node *nodes = arena_alloc(rq->arena, ((size_t)rows_count(r) + 1) * sizeof(*nodes));
    while (rows_next(r))
        nodes[count++] = node_of(r);
    hang(rq->arena, nodes, count, &root);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '[');
    put_tree(&j, nodes, count, &root);
    jw_close(&j, ']');
    return reply_done(rq);
}

static int show_trace_meta(struct request *rq)
{
    struct gate_projects projects;
    struct uuid trace;
    if (!read_trace(rq, &projects, &trace))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_trace_counts,
                              pg_int_array(rq->arena, projects.ids, projects.count), trace);
    if (reply_if_failed(rq) || !rows_next(r))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_int_k(&j, "errorsCount", 0);
    jw_int_k(&j, "performanceIssuesCount", 0);
    jw_raw_k(&j, "transactionChildCountMap", S("[]"));
    rows_put_members(r, &j);
    jw_close(&j, '}');
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"

const struct route trace_routes[] = {
    {METHOD_GET, O "trace/{trace}/", SCOPE_EVENT_READ, show_trace},
    {METHOD_GET, O "trace-meta/{trace}/", SCOPE_EVENT_READ, show_trace_meta},
    {0},
};
