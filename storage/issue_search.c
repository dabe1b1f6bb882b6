#include "storage/issue_search.h"

#include "base/clock.h"
#include "base/text.h"
#include "storage/search_sql.h"
#include "storage/short_id.h"

struct writer {
    struct query *q;
    const struct issue_filter *filter;
    const char *error;
};

#define REFUSE(w, format, what)                                                                    \
    ((w)->error = arena_printf((w)->q->arena, format, STR_ARG(what)), false)

/* ---- Texts. */

static bool put_text(struct writer *w, const struct search_term *t, const char *expression)
{
    search_sql_not(w->q, t);
    search_sql_text(w->q, t, expression);
    return true;
}

static bool put_message(struct writer *w, const struct search_term *t, const char *expression)
{
    search_sql_not(w->q, t);
    search_sql_contains(w->q, t, expression);
    return true;
}

/* ---- Tags, from the rollup by day. */

static void put_tag_exists(struct writer *w, struct str key, bool negated)
{
    struct str keys[] = {key, S("user")};
    query_piece(w->q, negated ? "not exists" : "exists");
    query_sql(w->q, " (select from issue_tag g where g.project_id = t.project_id"
                    " and g.issue_id = t.issue_id and g.day >= ($2::timestamptz)::date"
                    " and g.key = any(");
    query_texts(w->q, keys, search_sql_user_part(key) ? 2 : 1);
    query_sql(w->q, ")");
}

static void put_has_tag(struct writer *w, struct str key, bool negated)
{
    const struct user_part *part = search_sql_user_part(key);
    put_tag_exists(w, key, negated);
    if (part) {
        query_sql(w->q, " and ");
        query_piece(w->q, part->is_one);
    }
    query_sql(w->q, ")");
}

static bool is_empty_text(const struct search_term *t)
{
    return t->count == 1 && !t->is_list && t->values[0].text.n == 0;
}

static bool put_tag(struct writer *w, const struct search_term *t, const char *unused)
{
    const struct user_part *part = search_sql_user_part(t->key);
    bool negated = t->comparison == SEARCH_NE;
    (void)unused;
    if (is_empty_text(t)) {
        put_has_tag(w, t->key, !negated);
        return true;
    }
    put_tag_exists(w, t->key, negated);
    query_sql(w->q, " and ");
    if (part)
        search_sql_user(w->q, t, part);
    else
        search_sql_text(w->q, t, "g.value");
    query_sql(w->q, ")");
    return true;
}

static bool put_environment(struct writer *w, const struct search_term *t, const char *unused)
{
    (void)unused;
    search_sql_not(w->q, t);
    query_sql(w->q, "exists (select from environment n join issue_hour h"
                    " on h.project_id = n.project_id and h.environment_id = n.id"
                    " where n.project_id = t.project_id and h.issue_id = t.issue_id"
                    " and h.hour >= date_trunc('hour', $2::timestamptz)"
                    " and h.hour < $3::timestamptz and ");
    search_sql_text(w->q, t, "n.name");
    query_sql(w->q, ")");
    return true;
}

/* ---- Releases. */

#define NEWEST_RELEASE                                                                             \
    " (select r.id, r.version from release_project rp join release r on r.id = rp.release_id"      \
    " where rp.project_id = i.project_id"                                                          \
    " order by coalesce(r.date_released, r.date_created) desc, r.id desc limit 1) newest"

static bool is_latest(const struct search_term *t)
{
    return t->count == 1 && !t->is_list && str_eq(t->values[0].text, S("latest"));
}

static bool put_release(struct writer *w, const struct search_term *t, const char *unused)
{
    if (!is_latest(t))
        return put_tag(w, t, unused);
    put_tag_exists(w, S("release"), t->comparison == SEARCH_NE);
    query_sql(w->q, " and g.value = (select version from" NEWEST_RELEASE "))");
    return true;
}

static bool put_first_release(struct writer *w, const struct search_term *t, const char *unused)
{
    (void)unused;
    search_sql_not(w->q, t);
    if (is_latest(t)) {
        query_sql(w->q, "coalesce(i.first_release_id = (select id from" NEWEST_RELEASE "), false)");
        return true;
    }
    query_sql(w->q, "coalesce(i.first_release_id in (select r.id from release r"
                    " where r.organization_id = $4::bigint and ");
    search_sql_text(w->q, t, "r.version");
    query_sql(w->q, "), false)");
    return true;
}

/* "shop@1.2.3+45": package, version and build. */
static bool put_release_part(struct writer *w, const struct search_term *t, const char *part)
{
    if (t->comparison != SEARCH_EQ && t->comparison != SEARCH_NE)
        return REFUSE(w, "%.*s: versions cannot be compared yet, only matched.", t->key);
    put_tag_exists(w, S("release"), t->comparison == SEARCH_NE);
    query_sql(w->q, " and strpos(g.value, '@') > 0 and ");
    search_sql_text(w->q, t, part);
    query_sql(w->q, ")");
    return true;
}

/* ---- States. */

static const struct {
    const char *name, *sql;
} states[] = {
    {"unresolved", "i.status = 0"},
    {"resolved", "i.status = 1"},
    {"ignored", "i.status = 2"},
    {"archived", "i.status = 2"},
    {"muted", "i.status = 2"},
    {"reprocessing", "i.status = 6"},
    {"new", "(i.status = 0 and i.substatus = 7)"},
    {"ongoing", "(i.status = 0 and i.substatus = 3)"},
    {"escalating", "(i.status = 0 and i.substatus = 2)"},
    {"regressed", "(i.status = 0 and i.substatus = 6)"},
    {"archived_until_escalating", "(i.status = 2 and i.substatus = 1)"},
    {"until_escalating", "(i.status = 2 and i.substatus = 1)"},
    {"archived_until_condition_met", "(i.status = 2 and i.substatus = 4)"},
    {"until_condition_met", "(i.status = 2 and i.substatus = 4)"},
    {"archived_forever", "(i.status = 2 and i.substatus = 5)"},
    {"forever", "(i.status = 2 and i.substatus = 5)"},
    {"assigned", "num_nonnulls(i.assigned_user_id, i.assigned_team_id) > 0"},
    {"unassigned", "num_nulls(i.assigned_user_id, i.assigned_team_id) = 2"},
    {"for_review", "(i.status = 0 and i.substatus in (2, 6, 7))"},
    {"linked", "false"},
    {"unlinked", "true"},
};

static const char *state_sql(struct str name)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (str_eq(name, str_of(states[i].name)))
            return states[i].sql;
    }
    return NULL;
}

static bool put_state(struct writer *w, const struct search_term *t, const char *unused)
{
    (void)unused;
    search_sql_not(w->q, t);
    query_sql(w->q, "(false");
    for (size_t i = 0; i < t->count; i++) {
        const char *sql = state_sql(t->values[i].text);
        if (!sql)
            return REFUSE(w, "Invalid value for 'is' search: %.*s.", t->values[i].text);
        query_sql(w->q, " or ");
        query_piece(w->q, sql);
    }
    query_sql(w->q, ")");
    return true;
}

struct ranked {
    const char *name;
    int value;
};

/* Words kept as numbers; unknown words match nothing. */
static bool put_ranked(struct writer *w, const struct search_term *t, const char *column,
                       const struct ranked *ranks)
{
    int64_t *wanted = arena_alloc(w->q->arena, SEARCH_VALUES_MAX * sizeof(*wanted));
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++) {
        for (const struct ranked *r = ranks; r->name; r++) {
            if (str_case_eq(t->values[i].text, str_of(r->name)) && count < SEARCH_VALUES_MAX)
                wanted[count++] = r->value;
        }
    }
    search_sql_not(w->q, t);
    query_piece(w->q, column);
    query_sql(w->q, " = any(");
    query_ints(w->q, wanted, count);
    query_sql(w->q, ")");
    return true;
}

static bool put_level(struct writer *w, const struct search_term *t, const char *column)
{
    static const struct ranked levels[] = {
        {"debug", 10}, {"info", 20}, {"warning", 30}, {"warn", 30}, {"error", 40},
        {"fatal", 50}, {0},
    };
    return put_ranked(w, t, column, levels);
}

static bool put_priority(struct writer *w, const struct search_term *t, const char *column)
{
    static const struct ranked priorities[] = {{"low", 25}, {"medium", 50}, {"high", 75}, {0}};
    return put_ranked(w, t, column, priorities);
}

/* ---- People. */

struct people {
    bool me, none, my_teams;
    struct str *names, *teams;
    size_t name_count, team_count;
};

static struct people people_of(struct arena *a, const struct search_term *t)
{
    struct people p = {.names = arena_alloc(a, t->count * sizeof(struct str)),
                       .teams = arena_alloc(a, t->count * sizeof(struct str))};
    for (size_t i = 0; i < t->count; i++) {
        struct str who = t->values[i].text;
        if (str_eq(who, S("me")))
            p.me = true;
        else if (str_eq(who, S("none")) || who.n == 0)
            p.none = true;
        else if (str_eq(who, S("my_teams")))
            p.my_teams = true;
        else if (who.p[0] == '#')
            p.teams[p.team_count++] = str_slice(who, 1, who.n);
        else
            p.names[p.name_count++] = text_lower(a, who);
    }
    return p;
}

/* "(column = me or column in (members of these names))" */
static void put_users(struct query *q, const char *column, const struct people *p)
{
    query_sql(q, "(");
    query_piece(q, p->me ? column : "false");
    if (p->me)
        query_sql(q, " = $5::bigint");
    if (p->name_count) {
        query_sql(q, " or ");
        query_piece(q, column);
        query_sql(q, " in (select u.id from member m join app_user u on u.id = m.user_id"
                     " where m.organization_id = $4::bigint and (lower(u.email) = any(");
        query_texts(q, p->names, p->name_count);
        query_sql(q, ") or lower(u.name) = any(");
        query_texts(q, p->names, p->name_count);
        query_sql(q, ")))");
    }
    query_sql(q, ")");
}

static void put_teams(struct query *q, const struct people *p)
{
    if (p->my_teams)
        query_sql(q, " or i.assigned_team_id in (select tm.team_id from team_member tm"
                     " where tm.user_id = $5::bigint)");
    if (p->team_count) {
        query_sql(q, " or i.assigned_team_id in (select id from team"
                     " where organization_id = $4::bigint and slug = any(");
        query_texts(q, p->teams, p->team_count);
        query_sql(q, "))");
    }
}

static bool put_assigned(struct writer *w, const struct search_term *t, const char *unused)
{
    struct people p = people_of(w->q->arena, t);
    (void)unused;
    search_sql_not(w->q, t);
    query_sql(w->q, "coalesce(");
    put_users(w->q, "i.assigned_user_id", &p);
    put_teams(w->q, &p);
    if (p.none)
        query_sql(w->q, " or num_nulls(i.assigned_user_id, i.assigned_team_id) = 2");
    query_sql(w->q, ", false)");
    return true;
}

/* Issues that people have marked: `table` is the rows of the marks, aliased m. */
static bool put_marked(struct writer *w, const struct search_term *t, const char *table)
{
    struct people p = people_of(w->q->arena, t);
    search_sql_not(w->q, t);
    query_sql(w->q, "(exists (select from ");
    query_piece(w->q, table);
    query_sql(w->q, " and ");
    put_users(w->q, "mark.user_id", &p);
    query_sql(w->q, ")");
    if (p.none) {
        query_sql(w->q, " or not exists (select from ");
        query_piece(w->q, table);
        query_sql(w->q, ")");
    }
    query_sql(w->q, ")");
    return true;
}

/* ---- Numbers, moments, ids. */

static void put_double(struct query *q, double v)
{
    query_text(q, str_of(arena_printf(q->arena, "%.17g", v)));
    query_sql(q, "::float8");
}

static bool put_number(struct writer *w, const struct search_term *t, const char *column)
{
    struct str *texts = arena_alloc(w->q->arena, t->count * sizeof(*texts));
    if (!t->is_list) {
        query_piece(w->q, column);
        query_piece(w->q, search_sql_sign(t->comparison));
        put_double(w->q, t->values[0].number);
        return true;
    }
    for (size_t i = 0; i < t->count; i++)
        texts[i] = str_of(arena_printf(w->q->arena, "%.17g", t->values[i].number));
    search_sql_not(w->q, t);
    query_piece(w->q, column);
    query_sql(w->q, " = any(");
    query_texts(w->q, texts, t->count);
    query_sql(w->q, "::float8[])");
    return true;
}

static bool put_date(struct writer *w, const struct search_term *t, const char *column)
{
    search_sql_date(w->q, t, column);
    return true;
}

/* Events within hours, the finest that rollups know. */
static bool put_event_date(struct writer *w, const struct search_term *t, const char *unused)
{
    const struct search_moment *when = &t->values[0].date;
    bool after = t->comparison == SEARCH_GT || t->comparison == SEARCH_GE;
    bool before = t->comparison == SEARCH_LT || t->comparison == SEARCH_LE;
    (void)unused;
    query_sql(w->q, "exists (select from issue_hour h where h.project_id = t.project_id"
                    " and h.issue_id = t.issue_id");
    if (!before) {
        query_sql(w->q, " and h.hour >= date_trunc('hour', ");
        query_time(w->q, after ? when->at : when->from);
        query_sql(w->q, ")");
    }
    if (!after) {
        query_sql(w->q, " and h.hour < ");
        query_time(w->q, before ? when->at : when->to);
    }
    query_sql(w->q, ")");
    return true;
}

static bool put_boolean(struct writer *w, const struct search_term *t, const char *column)
{
    query_piece(w->q, t->values[0].truth ? "" : "not ");
    query_piece(w->q, column);
    return true;
}

static bool put_not_boolean(struct writer *w, const struct search_term *t, const char *column)
{
    query_piece(w->q, t->values[0].truth ? "not " : "");
    query_piece(w->q, column);
    return true;
}

static bool put_event_id(struct writer *w, const struct search_term *t, const char *unused)
{
    struct uuid id;
    (void)unused;
    if (t->is_list || t->values[0].wildcard || !uuid_parse(t->values[0].text, &id))
        return REFUSE(w, "%.*s must be one event id, without wildcards.", t->key);
    search_sql_not(w->q, t);
    query_sql(w->q, "exists (select from event e where e.project_id = t.project_id"
                    " and e.issue_id = t.issue_id and e.event_id = ");
    query_uuid(w->q, id);
    query_sql(w->q, ")");
    return true;
}

static bool put_short_id(struct writer *w, const struct search_term *t, const char *unused)
{
    struct str slug;
    int64_t number;
    (void)unused;
    if (t->is_list || !short_id_read(w->q->arena, t->values[0].text, &slug, &number))
        return REFUSE(w, "%.*s must be one short id, such as SHOP-1A.", t->key);
    search_sql_not(w->q, t);
    query_sql(w->q, "(i.short_id = ");
    query_int(w->q, number);
    query_sql(w->q, " and i.project_id = (select p.id from project p"
                    " where p.organization_id = $4::bigint and p.slug = ");
    query_text(w->q, slug);
    query_sql(w->q, "))");
    return true;
}

/* ---- The table of keys. */

#define PROJECT_SLUG "(select p.slug from project p where p.id = i.project_id)"
#define ISSUE_KIND(monitor)                                                                        \
    "case i.type when 'monitor' then '" monitor "' when 'feedback' then 'feedback' "               \
    "else 'error' end"
#define MESSAGE "concat_ws(' ', i.title, i.culprit, i.metadata ->> 'value')"
#define BOOKMARKS                                                                                  \
    "issue_bookmark mark where mark.project_id = t.project_id and mark.issue_id = t.issue_id"
#define SUBSCRIPTIONS                                                                              \
    "issue_subscription mark where mark.project_id = t.project_id"                                 \
    " and mark.issue_id = t.issue_id and mark.is_active"
#define METADATA(key) "coalesce(i.metadata ->> '" key "', '')"

/* What a key reads; keys that are not here are tags. */
static const struct meaning {
    const char *key;
    enum search_kind kind;
    bool (*put)(struct writer *w, const struct search_term *t, const char *sql);
    const char *sql;
} meanings[] = {
    {"is", SEARCH_IS, put_state, NULL},
    {"status", SEARCH_TEXT, put_state, NULL},
    {"substatus", SEARCH_TEXT, put_state, NULL},
    {"message", SEARCH_TEXT, put_message, MESSAGE},
    {"title", SEARCH_TEXT, put_text, "i.title"},
    {"culprit", SEARCH_TEXT, put_text, "i.culprit"},
    {"location", SEARCH_TEXT, put_text, METADATA("filename")},
    {"stack.filename", SEARCH_TEXT, put_text, METADATA("filename")},
    {"stack.function", SEARCH_TEXT, put_text, METADATA("function")},
    {"error.type", SEARCH_TEXT, put_text, METADATA("type")},
    {"error.value", SEARCH_TEXT, put_text, METADATA("value")},
    {"error.handled", SEARCH_BOOLEAN, put_not_boolean, "i.is_unhandled"},
    {"error.unhandled", SEARCH_BOOLEAN, put_boolean, "i.is_unhandled"},
    {"level", SEARCH_TEXT, put_level, "i.level"},
    {"issue.priority", SEARCH_TEXT, put_priority, "i.priority"},
    {"priority", SEARCH_TEXT, put_priority, "i.priority"},
    {"platform", SEARCH_TEXT, put_text, "i.platform"},
    {"platform.name", SEARCH_TEXT, put_text, "i.platform"},
    {"logger", SEARCH_TEXT, put_text, "i.logger"},
    {"type", SEARCH_TEXT, put_text, "i.type"},
    {"event.type", SEARCH_TEXT, put_text, "i.type"},
    {"issue.type", SEARCH_TEXT, put_text, ISSUE_KIND("monitor_check_in_failure")},
    {"issue.category", SEARCH_TEXT, put_text, ISSUE_KIND("cron")},
    {"issue", SEARCH_TEXT, put_short_id, NULL},
    {"id", SEARCH_TEXT, put_event_id, NULL},
    {"issue.id", SEARCH_NUMBER, put_number, "i.id"},
    {"project", SEARCH_TEXT, put_text, PROJECT_SLUG},
    {"project.name", SEARCH_TEXT, put_text, PROJECT_SLUG},
    {"project.id", SEARCH_NUMBER, put_number, "i.project_id"},
    {"project_id", SEARCH_NUMBER, put_number, "i.project_id"},
    {"environment", SEARCH_TEXT, put_environment, NULL},
    {"release", SEARCH_TEXT, put_release, NULL},
    {"first_release", SEARCH_TEXT, put_first_release, NULL},
    {"firstRelease", SEARCH_TEXT, put_first_release, NULL},
    {"first-release", SEARCH_TEXT, put_first_release, NULL},
    {"release.package", SEARCH_TEXT, put_release_part, "split_part(g.value, '@', 1)"},
    {"release.version", SEARCH_TEXT, put_release_part,
     "split_part(split_part(g.value, '@', 2), '+', 1)"},
    {"release.build", SEARCH_TEXT, put_release_part, "split_part(g.value, '+', 2)"},
    {"assigned", SEARCH_TEXT, put_assigned, NULL},
    {"assigned_to", SEARCH_TEXT, put_assigned, NULL},
    {"assigned_or_suggested", SEARCH_TEXT, put_assigned, NULL},
    {"bookmarks", SEARCH_TEXT, put_marked, BOOKMARKS},
    {"bookmarked_by", SEARCH_TEXT, put_marked, BOOKMARKS},
    {"subscribed", SEARCH_TEXT, put_marked, SUBSCRIPTIONS},
    {"subscribed_by", SEARCH_TEXT, put_marked, SUBSCRIPTIONS},
    {"times_seen", SEARCH_NUMBER, put_number, "t.times_seen"},
    {"timesSeen", SEARCH_NUMBER, put_number, "t.times_seen"},
    {"user_count", SEARCH_NUMBER, put_number, "t.users_seen"},
    {"userCount", SEARCH_NUMBER, put_number, "t.users_seen"},
    {"age", SEARCH_DATE, put_date, "i.first_seen"},
    {"first_seen", SEARCH_DATE, put_date, "i.first_seen"},
    {"firstSeen", SEARCH_DATE, put_date, "i.first_seen"},
    {"last_seen", SEARCH_DATE, put_date, "t.last_seen"},
    {"lastSeen", SEARCH_DATE, put_date, "t.last_seen"},
    {"active_at", SEARCH_DATE, put_date, "i.active_at"},
    {"date", SEARCH_DATE, put_event_date, NULL},
    {"timestamp", SEARCH_DATE, put_event_date, NULL},
    {"event.timestamp", SEARCH_DATE, put_event_date, NULL},
};

static const struct meaning *meaning_of(struct str key)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (str_eq(key, str_of(meanings[i].key)))
            return &meanings[i];
    }
    return NULL;
}

/* has:assigned and has:release ask of their own column; any other key is a tag's. */
static bool put_has(struct writer *w, const struct search_term *t)
{
    bool negated = t->comparison == SEARCH_NE, assigned = str_starts(t->key, S("assigned"));
    if (assigned && !t->is_tag) {
        query_piece(w->q, negated ? "num_nulls" : "1 = num_nonnulls");
        query_piece(w->q, "(i.assigned_user_id, i.assigned_team_id)");
        query_piece(w->q, negated ? " = 2" : "");
    } else {
        put_has_tag(w, t->key, negated);
    }
    return true;
}

static bool put_term(struct writer *w, const struct search_term *t)
{
    const struct meaning *m = t->is_tag ? NULL : meaning_of(t->key);
    if (t->is_aggregate)
        return REFUSE(w, "Aggregate filters (%.*s) are not supported in this search.", t->key);
    if (t->kind == SEARCH_FREE)
        return put_message(w, t, MESSAGE);
    if (t->kind == SEARCH_HAS)
        return put_has(w, t);
    if (m && m->kind == t->kind)
        return m->put(w, t, m->sql);
    if (t->kind != SEARCH_TEXT)
        return REFUSE(w, "'%.*s' is not something that issues can be searched by.", t->key);
    return put_tag(w, t, NULL);
}

static void put_period(struct writer *w)
{
    query_sql(w->q, " and t.last_seen_minute >= date_trunc('minute', $2::timestamptz)"
                    " and t.last_seen >= $2::timestamptz");
    if (w->filter->until_now && !w->filter->by_environment)
        return;
    query_sql(w->q, " and i.first_seen < $3::timestamptz"
                    " and exists (select from issue_hour h where h.project_id = t.project_id"
                    " and h.issue_id = t.issue_id"
                    " and h.hour >= date_trunc('hour', $2::timestamptz)"
                    " and h.hour < $3::timestamptz");
    if (w->filter->by_environment)
        query_sql(w->q, " and h.environment_id = any($6::bigint[])");
    query_sql(w->q, ")");
}

void issue_search_begin(struct query *q, const struct issue_filter *f)
{
    query_sql(q, "with input as (select ");
    query_ints(q, f->projects, f->project_count);
    query_sql(q, ", ");
    query_time(q, f->start);
    query_sql(q, ", ");
    /* Up to now takes in the whole of today, whose hours then need not be added up. */
    query_time(q, f->until_now ? f->end + CLOCK_DAY : f->end);
    query_sql(q, ", ");
    query_int(q, f->organization_id);
    query_sql(q, ", ");
    query_int(q, f->user_id);
    query_sql(q, ", ");
    query_ints(q, f->environments, f->environment_count);
    query_sql(q, ")");
}

bool issue_search_put(struct query *q, const struct issue_filter *f, const char **error)
{
    struct writer w = {q, f, NULL};
    bool ok = true;
    query_sql(q, "true");
    put_period(&w);
    for (size_t i = 0; ok && i < f->search.count; i++) {
        query_sql(q, " and ");
        ok = put_term(&w, &f->search.terms[i]);
    }
    *error = w.error;
    return ok;
}
