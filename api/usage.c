/* Usage: what became of everything that arrived, over time, by category, outcome, reason and
 * project. */
#include "api/filters.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/items.h"
#include "storage/reply.h"

enum { HOUR = 3600, DAY = 86400, BARS_MOST = 10000, VALUES_MAX = 50 };
static const int64_t fallback_period = 90 * CLOCK_DAY;

/* By what rows are told apart, in the order of the statement's columns. */
enum dimension { BY_PROJECT, BY_CATEGORY, BY_OUTCOME, BY_REASON, DIMENSIONS };
static const struct str dimension_names[] = {
    {"project", 7}, {"category", 8}, {"outcome", 7}, {"reason", 6}};

struct usage {
    struct gate_projects projects;
    int64_t start, step; /* unix seconds */
    size_t bars;
    struct str field;
    bool by[DIMENSIONS];
    const char *categories, *outcomes, *reasons; /* arrays; NULL: all */
};

/* ---- what is asked for */

static bool refuse(struct request *rq, const char *detail)
{
    reply_error(rq, 400, detail);
    return false;
}

static bool set_bars(struct request *rq, struct usage *u, int64_t start, int64_t end)
{
    u->start = start / u->step * u->step;
    u->bars = (size_t)((end - u->start + u->step - 1) / u->step);
    if (u->bars <= BARS_MOST)
        return true;
    return refuse(rq, "Your interval and date range would create too many results. Use a larger "
                      "interval, or a smaller date range.");
}

static bool read_time(struct request *rq, struct usage *u)
{
    struct period period;
    struct str interval = request_query(rq, S("interval"));
    u->step = interval.n ? period_seconds(interval) : HOUR;
    if (u->step < HOUR)
        return refuse(rq, "The interval has to be at least one hour.");
    if (u->step > DAY)
        return refuse(rq, "The interval has to be less than one day.");
    if (DAY % u->step || u->step % HOUR)
        return refuse(rq, "The interval should divide one day without a remainder.");
    return period_read(rq, fallback_period, &period) &&
           set_bars(rq, u, period.start / CLOCK_SECOND,
                    (period.end + CLOCK_SECOND - 1) / CLOCK_SECOND);
}

static bool read_groups(struct request *rq, struct usage *u)
{
    size_t at = 0;
    struct str name;
    bool any = false;
    while (request_query_next(rq, S("groupBy"), &at, &name)) {
        bool known = false;
        for (int d = 0; d < DIMENSIONS; d++)
            if (str_eq(name, dimension_names[d]))
                known = u->by[d] = true;
        if (!known)
            return refuse(rq, "Invalid groupBy. Use outcome, category, reason or project.");
        any = true;
    }
    return any || refuse(rq, "At least one groupBy is required.");
}

static bool read_field(struct request *rq, struct usage *u)
{
    u->field = request_query(rq, S("field"));
    if (str_eq(u->field, S("sum(quantity)")) || str_eq(u->field, S("sum(times_seen)")))
        return true;
    return refuse(rq, "Invalid field. Use sum(quantity) or sum(times_seen).");
}

/* Sentry's own words for categories that have another name here; events of any kind are errors. */
static enum category category_asked(struct str name)
{
    static const struct {
        struct str name;
        enum category category;
    } words[] = {{{"default", 7}, CATEGORY_ERROR},
                 {{"security", 8}, CATEGORY_ERROR},
                 {{"replays", 7}, CATEGORY_REPLAY},
                 {{"profiles", 8}, CATEGORY_PROFILE},
                 {{"monitors", 8}, CATEGORY_MONITOR}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(name, words[i].name))
            return words[i].category;
    return category_named(name);
}

static int64_t outcome_asked(struct str name)
{
    static const enum outcome all[] = {
#define X(constant, word, id) OUTCOME_##constant,
        OUTCOMES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (all[i] != OUTCOME_DUPLICATE && str_eq(name, outcome_name(all[i])))
            return all[i];
    return -1;
}

static bool read_categories(struct request *rq, struct usage *u)
{
    int64_t numbers[VALUES_MAX];
    size_t at = 0, count = 0;
    struct str name;
    while (count < VALUES_MAX && request_query_next(rq, S("category"), &at, &name)) {
        numbers[count] = category_asked(name);
        if (numbers[count++] == CATEGORY_NONE)
            return refuse(rq, arena_printf(rq->arena, "Invalid category: \"%.*s\"", STR_ARG(name)));
    }
    u->categories = count ? pg_int_array(rq->arena, numbers, count) : NULL;
    return true;
}

static bool read_outcomes(struct request *rq, struct usage *u)
{
    int64_t numbers[VALUES_MAX];
    size_t at = 0, count = 0;
    struct str name;
    while (count < VALUES_MAX && request_query_next(rq, S("outcome"), &at, &name)) {
        numbers[count] = outcome_asked(name);
        if (numbers[count++] < 0)
            return refuse(rq, arena_printf(rq->arena, "Invalid outcome: \"%.*s\"", STR_ARG(name)));
    }
    u->outcomes = count ? pg_int_array(rq->arena, numbers, count) : NULL;
    return true;
}

static bool read_filters(struct request *rq, struct usage *u)
{
    struct str reasons[VALUES_MAX];
    size_t at = 0, count = 0;
    while (count < VALUES_MAX && request_query_next(rq, S("reason"), &at, &reasons[count]))
        count++;
    u->reasons = count ? pg_text_array(rq->arena, reasons, count) : NULL;
    return read_categories(rq, u) && read_outcomes(rq, u) && gate_projects(rq, &u->projects);
}

static struct rows *usage_rows(struct request *rq, const struct usage *u)
{
    int64_t end = u->start + (int64_t)u->bars * u->step;
    return pg_query(rq->db, rq->arena, &SQL_usage_sums,
                    pg_int_array(rq->arena, u->projects.ids, u->projects.count),
                    pg_time(rq->arena, u->start * CLOCK_SECOND),
                    pg_time(rq->arena, end * CLOCK_SECOND), u->step, u->categories, u->outcomes,
                    u->reasons, u->by[BY_PROJECT], u->by[BY_CATEGORY], u->by[BY_OUTCOME],
                    u->by[BY_REASON]);
}

enum { COLUMN_BAR = DIMENSIONS, COLUMN_QUANTITY };

/* ---- stats_v2: groups of bars */

struct group {
    struct str key[DIMENSIONS]; /* as text; absent: not grouped by it */
    int64_t total;
    int64_t *counts;
};

static bool same_key(const struct group *g, const struct rows *r)
{
    for (int d = 0; d < DIMENSIONS; d++)
        if (!str_eq(g->key[d], rows_str(r, d)))
            return false;
    return true;
}

static void put_key(struct jw *j, enum dimension d, struct str text)
{
    int64_t number = 0;
    jw_name(j, dimension_names[d]);
    text_int64(text, &number);
    if (d == BY_PROJECT)
        jw_int(j, number);
    else if (d == BY_CATEGORY)
        jw_str(j, category_name((enum category)number));
    else if (d == BY_OUTCOME)
        jw_str(j, outcome_name((enum outcome)number));
    else
        jw_str(j, text);
}

static void put_group(struct jw *j, const struct usage *u, const struct group *g)
{
    jw_open(j, '{');
    jw_open_k(j, "by", '{');
    for (int d = 0; d < DIMENSIONS; d++)
        if (g->key[d].p)
            put_key(j, (enum dimension)d, g->key[d]);
    jw_close(j, '}');
    jw_open_k(j, "totals", '{');
    jw_name(j, u->field);
    jw_int(j, g->total);
    jw_close(j, '}');
    jw_open_k(j, "series", '{');
    jw_name(j, u->field);
    jw_open(j, '[');
    for (size_t i = 0; i < u->bars; i++)
        jw_int(j, g->counts[i]);
    jw_close(j, ']');
    jw_close(j, '}');
    jw_close(j, '}');
}

static void add_row(struct group *g, const struct usage *u, const struct rows *r)
{
    int64_t bar = (rows_int(r, COLUMN_BAR) - u->start) / u->step;
    if (bar < 0 || bar >= (int64_t)u->bars)
        return;
    g->counts[bar] += rows_int(r, COLUMN_QUANTITY);
    g->total += rows_int(r, COLUMN_QUANTITY);
}

/* Rows of a group come together. */
static void put_groups(struct request *rq, struct jw *j, const struct usage *u, struct rows *r)
{
    struct group g = {.counts = arena_alloc(rq->arena, (u->bars + 1) * sizeof(int64_t))};
    bool begun = false;
    jw_open_k(j, "groups", '[');
    while (rows_next(r)) {
        if (begun && !same_key(&g, r)) {
            put_group(j, u, &g);
            memset(g.counts, 0, u->bars * sizeof(int64_t));
            g.total = 0;
        }
        for (int d = 0; d < DIMENSIONS; d++)
            g.key[d] = rows_str(r, d);
        add_row(&g, u, r);
        begun = true;
    }
    if (begun)
        put_group(j, u, &g);
    jw_close(j, ']');
}

static void put_moment(struct request *rq, struct jw *j, int64_t seconds)
{
    struct str iso = clock_iso(rq->arena, seconds * CLOCK_SECOND);
    jw_str(j, str_of(arena_printf(rq->arena, "%.19sZ", iso.p)));
}

static void put_ends(struct request *rq, struct jw *j, const struct usage *u)
{
    jw_key(j, "start");
    put_moment(rq, j, u->start);
    jw_key(j, "end");
    put_moment(rq, j, u->start + (int64_t)u->bars * u->step);
}

static int show_stats(struct request *rq)
{
    struct usage u = {0};
    if (!read_groups(rq, &u) || !read_field(rq, &u) || !read_time(rq, &u) || !read_filters(rq, &u))
        return rq->status;
    struct rows *r = usage_rows(rq, &u);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    put_ends(rq, &j, &u);
    jw_open_k(&j, "intervals", '[');
    for (size_t i = 0; i < u.bars; i++)
        put_moment(rq, &j, u.start + (int64_t)i * u.step);
    jw_close(&j, ']');
    put_groups(rq, &j, &u, r);
    jw_close(&j, '}');
    return reply_done(rq);
}

/* ---- stats-summary: totals of each project */

enum { SENTRY_OUTCOMES = OUTCOME_CARDINALITY_LIMITED + 1 };

struct summary {
    int64_t project, category;
    int64_t outcomes[SENTRY_OUTCOMES];
};

static void put_summary(struct jw *j, const struct summary *s, struct str field)
{
    int64_t total = 0;
    jw_open(j, '{');
    jw_str_k(j, "category", category_name((enum category)s->category));
    jw_open_k(j, "outcomes", '{');
    for (int o = 0; o < SENTRY_OUTCOMES; o++) {
        jw_name(j, outcome_name((enum outcome)o));
        jw_int(j, s->outcomes[o]);
        total += s->outcomes[o];
    }
    jw_close(j, '}');
    jw_open_k(j, "totals", '{');
    jw_int_k(j, "dropped", s->outcomes[OUTCOME_RATE_LIMITED]);
    jw_name(j, field);
    jw_int(j, total);
    jw_close(j, '}');
    jw_close(j, '}');
}

/* The rows of one category of a project, from the current one on.  False at the end of all. */
static bool sum_category(struct rows *r, struct summary *s)
{
    *s = (struct summary){.project = rows_int(r, BY_PROJECT), .category = rows_int(r, BY_CATEGORY)};
    bool more = true;
    while (more && rows_int(r, BY_PROJECT) == s->project &&
           rows_int(r, BY_CATEGORY) == s->category) {
        int64_t outcome = rows_int(r, BY_OUTCOME);
        if (outcome >= 0 && outcome < SENTRY_OUTCOMES)
            s->outcomes[outcome] += rows_int(r, COLUMN_QUANTITY);
        more = rows_next(r);
    }
    return more;
}

/* Both lists are in the order of ids; projects of which nothing came have no entry. */
static void put_summaries(struct jw *j, const struct usage *u, struct rows *r, struct rows *slugs)
{
    bool more = rows_next(r);
    jw_open_k(j, "projects", '[');
    while (rows_next(slugs)) {
        if (!more || rows_int(r, BY_PROJECT) != rows_int(slugs, 0))
            continue;
        struct summary s;
        jw_open(j, '{');
        jw_str_k(j, "id", rows_str(slugs, 0));
        jw_str_k(j, "slug", rows_str(slugs, 1));
        jw_open_k(j, "stats", '[');
        while (more && rows_int(r, BY_PROJECT) == rows_int(slugs, 0)) {
            more = sum_category(r, &s);
            put_summary(j, &s, u->field);
        }
        jw_close(j, ']');
        jw_close(j, '}');
    }
    jw_close(j, ']');
}

static int show_summary(struct request *rq)
{
    struct usage u = {.by = {[BY_PROJECT] = true, [BY_CATEGORY] = true, [BY_OUTCOME] = true}};
    if (!read_field(rq, &u) || !read_time(rq, &u) || !read_filters(rq, &u))
        return rq->status;
    struct rows *r = usage_rows(rq, &u);
    struct rows *slugs = pg_query(rq->db, rq->arena, &SQL_usage_slugs,
                                  pg_int_array(rq->arena, u.projects.ids, u.projects.count));
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    put_ends(rq, &j, &u);
    put_summaries(&j, &u, r, slugs);
    jw_close(&j, '}');
    return reply_done(rq);
}

/* ---- stats of one project: errors over time */

static bool read_seconds(struct request *rq, struct str name, int64_t *out)
{
    struct str text = request_query(rq, name);
    double seconds = (double)*out;
    if (text.n && (!text_double(text, &seconds) || seconds < 0 || seconds > 1e11))
        return refuse(rq, "since and until must be unix seconds.");
    *out = (int64_t)seconds;
    return true;
}

static bool read_span(struct request *rq, struct usage *u)
{
    int64_t until = clock_now() / CLOCK_SECOND;
    struct str resolution = request_query(rq, S("resolution"));
    if (!read_seconds(rq, S("until"), &until))
        return false;
    int64_t since = until - DAY;
    if (!read_seconds(rq, S("since"), &since))
        return false;
    if (since > until)
        return refuse(rq, "since must be before until.");
    u->step = str_eq(resolution, S("1d")) ? DAY : HOUR;
    if (resolution.n && u->step == HOUR && !str_eq(resolution, S("1h")))
        return refuse(rq, "Invalid resolution. Errors are counted by 1h and 1d.");
    return set_bars(rq, u, since, until + 1);
}

static bool read_stat(struct request *rq, struct usage *u)
{
    static const struct {
        struct str name;
        const char *outcomes;
    } stats[] = {{{"received", 8}, NULL},
                 {{"generated", 9}, "{0}"},
                 {{"rejected", 8}, "{2}"},
                 {{"blacklisted", 11}, "{1}"}};
    struct str stat = request_query(rq, S("stat"));
    for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
        if (!str_eq(stat.n ? stat : S("received"), stats[i].name))
            continue;
        u->outcomes = stats[i].outcomes;
        return true;
    }
    return refuse(rq, "Invalid stat. Use received, generated, rejected or blacklisted.");
}

static int show_project_stats(struct request *rq)
{
    const int64_t errors[] = {CATEGORY_ERROR};
    struct usage u = {.projects = {&rq->tenant.project_id, 1}};
    struct group all = {0};
    if (!read_stat(rq, &u) || !read_span(rq, &u))
        return rq->status;
    u.categories = pg_int_array(rq->arena, errors, 1);
    all.counts = arena_alloc(rq->arena, (u.bars + 1) * sizeof(int64_t));
    struct rows *r = usage_rows(rq, &u);
    while (rows_next(r))
        add_row(&all, &u, r);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '[');
    for (size_t i = 0; i < u.bars; i++) {
        jw_open(&j, '[');
        jw_int(&j, u.start + (int64_t)i * u.step);
        jw_int(&j, all.counts[i]);
        jw_close(&j, ']');
    }
    jw_close(&j, ']');
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"

const struct route usage_routes[] = {
    {METHOD_GET, O "stats_v2/", SCOPE_ORG_READ, show_stats},
    {METHOD_GET, O "stats-summary/", SCOPE_ORG_READ, show_summary},
    {METHOD_GET, "/api/0/projects/{organization}/{project}/stats/", SCOPE_PROJECT_READ,
     show_project_stats},
    {0},
};
