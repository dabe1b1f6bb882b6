#include "storage/replay_search.h"

#include "base/text.h"
#include "storage/search_sql.h"

/* What keys mean: a text, a number, or texts in a list. */
enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_LIST, COLUMN_CLICK };

#define DURATION "extract(epoch from r.finished - r.started)"
#define RELEASES                                                                                   \
    "(select rel.version as value from release rel where rel.id in"                                \
    " (select v::bigint from jsonb_array_elements_text(r.releases) v)) g"
#define ELEMENTS(column) "jsonb_array_elements_text(r." column ") g(value)"

static const struct column {
    const char *key;
    enum column_kind kind;
    const char *expression;
} columns[] = {
    {"id", COLUMN_TEXT, "replace(r.replay_id::text, '-', '')"},
    {"replay_type", COLUMN_TEXT, "r.type"},
    {"platform", COLUMN_TEXT, "r.platform"},
    {"dist", COLUMN_TEXT, "coalesce(r.dist, '')"},
    {"environment", COLUMN_TEXT,
     "(select n.name from environment n where n.id = r.environment_id)"},
    {"user", COLUMN_TEXT,
     "coalesce(r.details #>> '{user,username}', r.details #>> '{user,email}',"
     " r.details #>> '{user,id}', r.details #>> '{user,ip_address}', '')"},
    {"user.id", COLUMN_TEXT, "coalesce(r.details #>> '{user,id}', '')"},
    {"user.email", COLUMN_TEXT, "coalesce(r.details #>> '{user,email}', '')"},
    {"user.username", COLUMN_TEXT, "coalesce(r.details #>> '{user,username}', '')"},
    {"user.ip", COLUMN_TEXT, "coalesce(r.details #>> '{user,ip_address}', '')"},
    {"os.name", COLUMN_TEXT, "coalesce(r.details #>> '{os,name}', '')"},
    {"os.version", COLUMN_TEXT, "coalesce(r.details #>> '{os,version}', '')"},
    {"browser.name", COLUMN_TEXT, "coalesce(r.details #>> '{browser,name}', '')"},
    {"browser.version", COLUMN_TEXT, "coalesce(r.details #>> '{browser,version}', '')"},
    {"device.name", COLUMN_TEXT, "coalesce(r.details #>> '{device,name}', '')"},
    {"device.brand", COLUMN_TEXT, "coalesce(r.details #>> '{device,brand}', '')"},
    {"device.model", COLUMN_TEXT, "coalesce(r.details #>> '{device,model}', '')"},
    {"device.family", COLUMN_TEXT, "coalesce(r.details #>> '{device,family}', '')"},
    {"sdk.name", COLUMN_TEXT, "coalesce(r.details #>> '{sdk,name}', '')"},
    {"sdk.version", COLUMN_TEXT, "coalesce(r.details #>> '{sdk,version}', '')"},
    {"release", COLUMN_LIST, RELEASES},
    {"releases", COLUMN_LIST, RELEASES},
    {"url", COLUMN_LIST, ELEMENTS("urls")},
    {"urls", COLUMN_LIST, ELEMENTS("urls")},
    {"error_ids", COLUMN_LIST, ELEMENTS("error_ids")},
    {"error_id", COLUMN_LIST, ELEMENTS("error_ids")},
    {"trace_ids", COLUMN_LIST, ELEMENTS("trace_ids")},
    {"trace", COLUMN_LIST, ELEMENTS("trace_ids")},
    {"count_errors", COLUMN_NUMBER, "r.error_count"},
    {"count_urls", COLUMN_NUMBER, "r.url_count"},
    {"count_segments", COLUMN_NUMBER, "r.segment_count"},
    {"count_dead_clicks", COLUMN_NUMBER, "r.dead_clicks"},
    {"count_rage_clicks", COLUMN_NUMBER, "r.rage_clicks"},
    {"activity", COLUMN_NUMBER, "r.activity"},
    {"duration", COLUMN_NUMBER, DURATION},
    {"click.label", COLUMN_CLICK, "g.aria_label"},
    {"click.selector", COLUMN_CLICK, "g.selector"},
    {"click.tag", COLUMN_CLICK, "g.tag"},
    {"click.textContent", COLUMN_CLICK, "g.text"},
    {"click.testid", COLUMN_CLICK, "g.testid"},
    {"click.title", COLUMN_CLICK, "g.title"},
    {"click.role", COLUMN_CLICK, "g.role"},
    {"click.component_name", COLUMN_CLICK, "g.component_name"},
};

static const struct column *column_of(const struct search_term *t)
{
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]) && !t->is_tag; i++) {
        if (str_eq(t->key, str_of(columns[i].key)))
            return &columns[i];
    }
    return NULL;
}

static void put_tag(struct query *q, const struct search_term *t)
{
    search_sql_not(q, t);
    query_sql(q, "exists (select from jsonb_array_elements_text(coalesce(r.details -> 'tags' -> ");
    query_text(q, t->key);
    query_sql(q, ", '[\"\"]')) g(value) where ");
    search_sql_text(q, t, "g.value");
    query_sql(q, ")");
}

static void put_has_tag(struct query *q, const struct search_term *t)
{
    search_sql_not(q, t);
    query_sql(q, "(r.details -> 'tags') ? ");
    query_text(q, t->key);
}

/* ">=5": these keys are tags elsewhere, and so are read as texts. */
static bool read_number(struct str text, enum search_operator *comparison, double *number)
{
    struct str digits = text;
    enum search_operator taken = search_take_operator(&digits);
    if (digits.n < text.n)
        *comparison = taken;
    return text_double(digits, number);
}

static bool put_number(struct query *q, const struct search_term *t, const struct column *column)
{
    enum search_operator comparison = t->comparison;
    double number;
    if (t->is_list || !read_number(t->values[0].text, &comparison, &number) || number < 0 ||
        number > 1e15)
        return false;
    query_piece(q, column->expression);
    query_piece(q, search_sql_sign(comparison));
    query_int(q, (int64_t)number);
    return true;
}

static void put_text(struct query *q, const struct search_term *t, const struct column *column)
{
    search_sql_not(q, t);
    if (column->kind == COLUMN_TEXT) {
        search_sql_text(q, t, column->expression);
        return;
    }
    query_sql(q, "exists (select from ");
    if (column->kind == COLUMN_LIST) {
        query_piece(q, column->expression);
        query_sql(q, " where ");
        search_sql_text(q, t, "g.value");
    } else {
        query_sql(q, "replay_click g where g.project_id = r.project_id"
                     " and g.replay_id = r.replay_id and ");
        search_sql_text(q, t, column->expression);
    }
    query_sql(q, ")");
}

/* Free words are looked for in addresses and users. */
static void put_free(struct query *q, const struct search_term *t)
{
    search_sql_contains(q, t, "(r.urls::text || (r.details -> 'user')::text)");
}

static bool put_term(struct query *q, const struct search_term *t)
{
    const struct column *column = column_of(t);
    if (t->kind == SEARCH_TEXT && column && column->kind == COLUMN_NUMBER)
        return put_number(q, t, column);
    if (t->kind == SEARCH_FREE)
        put_free(q, t);
    else if (t->kind == SEARCH_HAS)
        put_has_tag(q, t);
    else if (t->kind == SEARCH_TEXT && column)
        put_text(q, t, column);
    else if (t->kind == SEARCH_TEXT)
        put_tag(q, t);
    else
        return false;
    return true;
}

static bool put_terms(struct query *q, const struct search *search, const char **error)
{
    for (size_t i = 0; i < search->count; i++) {
        const struct search_term *t = &search->terms[i];
        query_sql(q, " and ");
        if (t->is_aggregate || !put_term(q, t)) {
            *error =
                arena_printf(q->arena, "'%.*s' is not something that replays can be searched by.",
                             STR_ARG(t->key));
            return false;
        }
    }
    return true;
}

static const struct {
    const char *name, *expression;
} sorts[] = {
    {"started_at", "r.started"},
    {"finished_at", "r.finished"},
    {"duration", DURATION},
    {"count_errors", "r.error_count"},
    {"count_urls", "r.url_count"},
    {"count_segments", "r.segment_count"},
    {"activity", "r.activity"},
    {"count_dead_clicks", "r.dead_clicks"},
    {"project_id", "r.project_id"},
    {"count_rage_clicks", "r.rage_clicks"},
    {"replay_type", "r.type"},
    {"platform", "r.platform"},
    {"os.name", "r.details #>> '{os,name}'"},
    {"browser.name", "r.details #>> '{browser,name}'"},
};

static bool put_order(struct query *q, struct replay_list *list)
{
    struct str sort = list->sort.n ? list->sort : S("-started_at");
    bool down = sort.p[0] == '-';
    struct str name = str_slice(sort, down, sort.n);
    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
        if (!str_eq(name, str_of(sorts[i].name)))
            continue;
        query_sql(q, " order by ");
        query_piece(q, sorts[i].expression);
        query_piece(q, down ? " desc" : "");
        query_sql(q, ", r.replay_id");
        return true;
    }
    list->error = "Replays cannot be sorted by that.";
    return false;
}

struct rows *replays_find(struct pg *db, struct arena *a, struct replay_list *list)
{
    const struct issue_filter *f = &list->filter;
    struct query q;
    query_begin(&q, a);
    query_sql(&q, "select r.project_id, r.replay_id from replay r where r.project_id = any(");
    query_ints(&q, f->projects, f->project_count);
    query_sql(&q, ") and r.started >= ");
    query_time(&q, f->start);
    query_sql(&q, " and r.started < ");
    query_time(&q, f->end);
    if (f->by_environment) {
        query_sql(&q, " and r.environment_id = any(");
        query_ints(&q, f->environments, f->environment_count);
        query_sql(&q, ")");
    }
    if (!put_terms(&q, &f->search, &list->error) || !put_order(&q, list))
        return NULL;
    query_sql(&q, " limit ");
    query_int(&q, list->limit);
    query_sql(&q, " offset ");
    query_int(&q, list->skip);
    return query_run(&q, db);
}
