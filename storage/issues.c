#include "storage/issues.h"

#include <stdlib.h>

enum { HOUR = 3600, DAY = 86400 };

/* How a sort reads: its key as a number for cursors, the columns it orders by, and how a cursor's
 * number becomes such a column again. */
static const struct sort {
    const char *key, *column, *cast, *cast_end;
    bool counts; /* needs events of the period by issue, as the table counted */
} sorts[] = {
    [ISSUE_SORT_DATE] = {"(extract(epoch from t.last_seen_minute))::bigint", "t.last_seen_minute",
                         "to_timestamp(", ")", false},
    [ISSUE_SORT_NEW] = {"(extract(epoch from i.first_seen) * 1000000)::bigint", "i.first_seen",
                        "(timestamptz '1970-01-01 00:00Z' + interval '1 microsecond' * ", ")",
                        false},
    [ISSUE_SORT_FREQ] = {"coalesce(c.events, 0)", "coalesce(c.events, 0)", "(", ")", true},
    [ISSUE_SORT_USER] = {"t.users_seen", "t.users_seen", "(", ")", false},
    [ISSUE_SORT_TRENDS] = {"coalesce(c.growth, 0)", "coalesce(c.growth, 0)", "(", ")", true},
};

/* Events of the period by issue: whole days from the day's rollup, its ends by hour. */
static void put_counted(struct query *q, const struct issue_filter *f)
{
    const char *environments = f->by_environment ? " and environment_id = any($6::bigint[])" : "";
    query_sql(q, ", counted as materialized (select project_id, issue_id, sum(events)::bigint as"
                 " events, sum(case when at >= $2::timestamptz + ($3::timestamptz -"
                 " $2::timestamptz) / 2 then events else -events end)::bigint as growth from ("
                 "select project_id, issue_id, events, day::timestamptz as at from issue_day"
                 " where project_id = any($1::bigint[]) and day > ($2::timestamptz)::date"
                 " and day < ($3::timestamptz)::date");
    query_piece(q, environments);
    query_sql(q, " union all select project_id, issue_id, events, hour from issue_hour"
                 " where project_id = any($1::bigint[])"
                 " and hour >= date_trunc('hour', $2::timestamptz) and hour < $3::timestamptz"
                 " and (hour < (($2::timestamptz)::date + 1)::timestamptz"
                 " or hour >= (($3::timestamptz)::date)::timestamptz)");
    query_piece(q, environments);
    query_sql(q, ") part group by project_id, issue_id)");
}

static void put_place(struct query *q, const struct issue_list *list, const struct sort *sort)
{
    if (!list->has_place)
        return;
    query_sql(q, " and (");
    query_piece(q, sort->column);
    query_sql(q, ", t.issue_id) ");
    query_piece(q, list->backward ? "> (" : "< (");
    query_piece(q, sort->cast);
    query_int(q, list->place.key);
    query_piece(q, sort->cast_end);
    query_sql(q, ", ");
    query_int(q, list->place.id);
    query_sql(q, ")");
}

/* The best of each project, by its own index, and of these the best. */
static bool put_find(struct query *q, struct issue_list *list)
{
    const struct sort *sort = &sorts[list->sort];
    const char *direction = list->backward ? " asc" : " desc";
    issue_search_begin(q, &list->filter);
    if (sort->counts)
        put_counted(q, &list->filter);
    query_sql(
        q, " select found.issue_id, found.key, found.seen from unnest($1::bigint[]) p (project_id)"
           " cross join lateral (select t.issue_id, ");
    query_piece(q, sort->key);
    query_sql(q, " as key, (extract(epoch from t.last_seen) * 1000000)::bigint as seen"
                 " from issue_stat t"
                 " join issue i on i.project_id = t.project_id and i.id = t.issue_id");
    if (sort->counts)
        query_sql(q, " left join counted c on c.project_id = t.project_id"
                     " and c.issue_id = t.issue_id");
    query_sql(q, " where t.project_id = p.project_id and ");
    if (!issue_search_put(q, &list->filter, &list->error))
        return false;
    put_place(q, list, sort);
    query_sql(q, " order by ");
    query_piece(q, sort->column);
    query_piece(q, direction);
    query_sql(q, ", t.issue_id");
    query_piece(q, direction);
    query_sql(q, " limit ");
    query_int(q, list->limit + 1);
    query_sql(q, ") found order by found.key");
    query_piece(q, direction);
    query_sql(q, ", found.issue_id");
    query_piece(q, direction);
    query_sql(q, " limit ");
    query_int(q, list->limit + 1);
    return true;
}

struct found {
    struct issue_place place;
    int64_t seen;
};

static int newest_first(const void *a, const void *b)
{
    const struct found *one = a, *two = b;
    if (one->seen != two->seen)
        return one->seen < two->seen ? 1 : -1;
    return (one->place.id < two->place.id) - (one->place.id > two->place.id);
}

static void read_page(struct rows *r, const struct issue_list *list, struct issue_page *page,
                      struct found *items)
{
    size_t limit = (size_t)list->limit, found = (size_t)rows_count(r);
    page->more = found > limit;
    page->count = page->more ? limit : found;
    for (size_t i = 0; i < page->count && rows_next(r); i++) {
        size_t at = list->backward ? page->count - 1 - i : i;
        items[at] = (struct found){{rows_int(r, 1), rows_int(r, 0)}, rows_int(r, 2)};
    }
    if (page->count) {
        page->first = items[0].place;
        page->last = items[page->count - 1].place;
    }
}

bool issues_find(struct pg *db, struct arena *a, struct issue_list *list, struct issue_page *page)
{
    struct query q;
    query_begin(&q, a);
    *page = (struct issue_page){0};
    if (!put_find(&q, list))
        return false;
    struct rows *r = query_run(&q, db);
    struct found *items = arena_alloc(a, ((size_t)rows_count(r) + 1) * sizeof(*items));
    read_page(r, list, page, items);
    /* The index knows minutes; within the page the very moment counts. */
    if (list->sort == ISSUE_SORT_DATE)
        qsort(items, page->count, sizeof(*items), newest_first);
    page->ids = arena_alloc(a, (page->count + 1) * sizeof(int64_t));
    for (size_t i = 0; i < page->count; i++)
        page->ids[i] = items[i].place.id;
    return true;
}

/* Every matching issue as (project_id, issue_id). */
static bool put_matching(struct query *q, struct issue_list *list)
{
    query_sql(q, "select t.project_id, t.issue_id from issue_stat t"
                 " join issue i on i.project_id = t.project_id and i.id = t.issue_id"
                 " where t.project_id = any($1::bigint[]) and ");
    return issue_search_put(q, &list->filter, &list->error);
}

bool issues_count(struct pg *db, struct arena *a, struct issue_list *list, int64_t *count)
{
    struct query q;
    query_begin(&q, a);
    issue_search_begin(&q, &list->filter);
    query_sql(&q, " select count(*) from (");
    if (!put_matching(&q, list))
        return false;
    query_sql(&q, " limit ");
    query_int(&q, ISSUE_HITS_MAX);
    query_sql(&q, ") matching");
    struct rows *r = query_run(&q, db);
    *count = rows_next(r) ? rows_int(r, 0) : 0;
    return true;
}

/* Where a bar's events are counted, by how fine the bars are; all alias the rows as x. */
static const struct source {
    int64_t step_least;
    const char *table, *at, *events, *period;
} sources[] = {
    {DAY, "issue_day x", "x.day::timestamptz", "x.events",
     " and x.day >= ($2::timestamptz)::date and x.day <= ($3::timestamptz)::date"},
    {HOUR, "issue_hour x", "x.hour", "x.events",
     " and x.hour >= date_trunc('hour', $2::timestamptz) and x.hour < $3::timestamptz"},
    {0, "event x", "x.\"timestamp\"", "1",
     " and x.\"timestamp\" >= $2::timestamptz and x.\"timestamp\" < $3::timestamptz"
     " and x.received_day >= ($2::timestamptz)::date - 1"},
};

static const struct source *source_of(int64_t step)
{
    const struct source *source = sources;
    while (step < source->step_least || step % (source->step_least ? source->step_least : 1))
        source++;
    return source;
}

struct rows *issues_chart(struct pg *db, struct arena *a, struct issue_list *list, int64_t step)
{
    const struct source *source = source_of(step);
    struct query q;
    query_begin(&q, a);
    issue_search_begin(&q, &list->filter);
    query_sql(&q, ", matching as (");
    if (!put_matching(&q, list))
        return NULL;
    query_sql(&q, ") select (floor(extract(epoch from ");
    query_piece(&q, source->at);
    query_sql(&q, ") / ");
    query_int(&q, step);
    query_sql(&q, ") * ");
    query_int(&q, step);
    query_sql(&q, ")::bigint as bar, sum(");
    query_piece(&q, source->events);
    query_sql(&q, ")::bigint as events from matching m join ");
    query_piece(&q, source->table);
    query_sql(&q, " on x.project_id = m.project_id and x.issue_id = m.issue_id");
    query_piece(&q, source->period);
    if (list->filter.by_environment)
        query_sql(&q, " and x.environment_id = any($6::bigint[])");
    query_sql(&q, " group by 1 order by 1");
    return query_run(&q, db);
}
