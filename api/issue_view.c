#include "api/issue_view.h"

#include <inttypes.h>

#include "api/actor.h"
#include "api/filters.h"
#include "base/clock.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/issue_search.h"
#include "storage/short_id.h"

/* The columns of issue_rows, in its order. */
enum issue_column {
    COL_ID,
    COL_PROJECT_ID,
    COL_PROJECT_SLUG,
    COL_PROJECT_NAME,
    COL_PROJECT_PLATFORM,
    COL_SHORT_ID,
    COL_TITLE,
    COL_CULPRIT,
    COL_LOGGER,
    COL_TYPE,
    COL_LEVEL,
    COL_PLATFORM,
    COL_STATUS,
    COL_SUBSTATUS,
    COL_PRIORITY,
    COL_PRIORITY_LOCKED_AT,
    COL_IS_PUBLIC,
    COL_IS_UNHANDLED,
    COL_METADATA,
    COL_FIRST_SEEN,
    COL_LAST_SEEN,
    COL_TIMES_SEEN,
    COL_USERS_SEEN,
    COL_PERIOD_EVENTS,
    COL_PERIOD_USERS,
    COL_PLACE_FIRST_SEEN,
    COL_PLACE_LAST_SEEN,
    COL_NOTES,
    COL_IS_BOOKMARKED,
    COL_HAS_SEEN,
    COL_IS_SUBSCRIBED,
    COL_SUBSCRIPTION_REASON,
    COL_USER_ID,
    COL_USER_NAME,
    COL_USER_EMAIL,
    COL_TEAM_ID,
    COL_TEAM_SLUG,
    COL_SNOOZE_UNTIL,
    COL_SNOOZE_COUNT,
    COL_SNOOZE_WINDOW,
    COL_SNOOZE_USER_COUNT,
    COL_SNOOZE_USER_WINDOW,
    COL_RESOLUTION,
};

struct named {
    int64_t value;
    const char *name;
};

static struct str name_of(const struct named *names, int64_t value)
{
    while (names->name && names->value != value)
        names++;
    return str_of(names->name);
}

struct str issue_status_name(int64_t status)
{
    static const struct named names[] = {
        {0, "unresolved"},       {1, "resolved"},      {2, "ignored"},      {3, "pending_deletion"},
        {4, "pending_deletion"}, {5, "pending_merge"}, {6, "reprocessing"}, {0}};
    return name_of(names, status);
}

struct str issue_substatus_name(int64_t substatus)
{
    static const struct named names[] = {{1, "archived_until_escalating"},
                                         {2, "escalating"},
                                         {3, "ongoing"},
                                         {4, "archived_until_condition_met"},
                                         {5, "archived_forever"},
                                         {6, "regressed"},
                                         {7, "new"},
                                         {0}};
    return name_of(names, substatus);
}

struct str issue_level_name(int64_t level)
{
    static const struct named names[] = {{10, "debug"}, {20, "info"},  {30, "warning"},
                                         {40, "error"}, {50, "fatal"}, {0}};
    struct str name = name_of(names, level);
    return name.p ? name : S("unknown");
}

static struct str priority_name(int64_t priority)
{
    static const struct named names[] = {{25, "low"}, {50, "medium"}, {75, "high"}, {0}};
    return name_of(names, priority);
}

struct rows *issue_view_rows(struct request *rq, const struct issue_filter *f, bool all_time,
                             const int64_t *ids, size_t count)
{
    const char *start = all_time ? NULL : pg_time(rq->arena, f->start);
    /* Up to now means the whole of today, which the rollup by day knows without its hours. */
    const int64_t until = f->until_now ? f->end + CLOCK_DAY : f->end;
    const char *end = all_time ? NULL : pg_time(rq->arena, until);
    return pg_query(rq->db, rq->arena, &SQL_issue_rows,
                    pg_int_array(rq->arena, f->projects, f->project_count),
                    pg_int_array(rq->arena, ids, count), filters_environment_param(rq->arena, f),
                    start, end, actor_user(rq), (int64_t)count);
}

unsigned issue_view_collapse(const struct request *rq)
{
    static const struct {
        const char *name;
        unsigned bit;
    } names[] = {
        {"base", COLLAPSE_BASE},           {"stats", COLLAPSE_STATS},
        {"lifetime", COLLAPSE_LIFETIME},   {"filtered", COLLAPSE_FILTERED},
        {"unhandled", COLLAPSE_UNHANDLED},
    };
    size_t at = 0;
    struct str value;
    unsigned collapse = 0;
    while (request_query_next(rq, S("collapse"), &at, &value)) {
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            collapse |= str_eq(value, str_of(names[i].name)) ? names[i].bit : 0;
    }
    return collapse;
}

/* Ids are text in Sentry's JSON. */
static void put_id(struct jw *j, const char *key, const struct rows *r, int column)
{
    jw_opt_str_k(j, key, rows_str(r, column));
}

static void put_cell(struct jw *j, const char *key, const struct rows *r, int column)
{
    jw_key(j, key);
    rows_put_cell(r, j, column);
}

static void put_project(struct jw *j, const struct rows *r)
{
    jw_open_k(j, "project", '{');
    put_id(j, "id", r, COL_PROJECT_ID);
    put_cell(j, "name", r, COL_PROJECT_NAME);
    put_cell(j, "slug", r, COL_PROJECT_SLUG);
    put_cell(j, "platform", r, COL_PROJECT_PLATFORM);
    jw_close(j, '}');
}

static void put_assignee(struct jw *j, const struct rows *r)
{
    bool user = !rows_null(r, COL_USER_ID), team = !rows_null(r, COL_TEAM_ID);
    jw_key(j, "assignedTo");
    if (!user && !team) {
        jw_null(j);
        return;
    }
    jw_open(j, '{');
    jw_str_k(j, "type", user ? S("user") : S("team"));
    put_id(j, "id", r, user ? COL_USER_ID : COL_TEAM_ID);
    put_cell(j, "name", r, user ? COL_USER_NAME : COL_TEAM_SLUG);
    if (user)
        put_cell(j, "email", r, COL_USER_EMAIL);
    jw_close(j, '}');
}

static void put_if_set(struct jw *j, const char *key, const struct rows *r, int column)
{
    if (!rows_null(r, column))
        put_cell(j, key, r, column);
}

static void put_status_details(struct jw *j, const struct rows *r)
{
    jw_key(j, "statusDetails");
    if (!rows_null(r, COL_RESOLUTION)) {
        rows_put_cell(r, j, COL_RESOLUTION);
        return;
    }
    jw_open(j, '{');
    put_if_set(j, "ignoreUntil", r, COL_SNOOZE_UNTIL);
    put_if_set(j, "ignoreCount", r, COL_SNOOZE_COUNT);
    put_if_set(j, "ignoreWindow", r, COL_SNOOZE_WINDOW);
    put_if_set(j, "ignoreUserCount", r, COL_SNOOZE_USER_COUNT);
    put_if_set(j, "ignoreUserWindow", r, COL_SNOOZE_USER_WINDOW);
    jw_close(j, '}');
}

static void put_state(struct jw *j, const struct rows *r)
{
    bool resolved = rows_int(r, COL_STATUS) == 1;
    struct str substatus = issue_substatus_name(rows_int(r, COL_SUBSTATUS));
    jw_str_k(j, "status", issue_status_name(rows_int(r, COL_STATUS)));
    put_status_details(j, r);
    jw_opt_str_k(j, "substatus", resolved ? (struct str){0} : substatus);
    put_cell(j, "isPublic", r, COL_IS_PUBLIC);
    jw_opt_str_k(j, "priority", priority_name(rows_int(r, COL_PRIORITY)));
    put_cell(j, "priorityLockedAt", r, COL_PRIORITY_LOCKED_AT);
    put_assignee(j, r);
}

static void put_subscription(struct jw *j, const struct rows *r)
{
    bool known = !rows_null(r, COL_IS_SUBSCRIBED), active = rows_bool(r, COL_IS_SUBSCRIBED);
    jw_bool_k(j, "isSubscribed", active);
    jw_key(j, "subscriptionDetails");
    if (!known) {
        jw_null(j);
        return;
    }
    jw_open(j, '{');
    if (active)
        put_cell(j, "reason", r, COL_SUBSCRIPTION_REASON);
    else
        jw_bool_k(j, "disabled", true);
    jw_close(j, '}');
}

/* Types of events whose issues are no errors: what people told, and what did not come. */
static const struct kind {
    struct str of, type, category;
} kinds[] = {
    {{"feedback", 8}, {"feedback", 8}, {"feedback", 8}},
    {{"monitor", 7}, {"monitor_check_in_failure", 24}, {"cron", 4}},
};

static struct kind kind_of(const struct rows *r)
{
    struct str type = rows_str(r, COL_TYPE);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_eq(type, kinds[i].of))
            return kinds[i];
    }
    return (struct kind){type, S("error"), S("error")};
}

static void put_names(struct request *rq, struct jw *j, const struct rows *r)
{
    struct str logger = rows_str(r, COL_LOGGER), organization = rq->tenant.organization_slug;
    const char *permalink =
        arena_printf(rq->arena, "%s/organizations/%.*s/issues/%" PRId64 "/", settings()->public_url,
                     STR_ARG(organization), rows_int(r, COL_ID));
    jw_null_k(j, "shareId");
    jw_str_k(j, "shortId",
             short_id_text(rq->arena, rows_str(r, COL_PROJECT_SLUG), rows_int(r, COL_SHORT_ID)));
    put_cell(j, "title", r, COL_TITLE);
    put_cell(j, "culprit", r, COL_CULPRIT);
    jw_str_k(j, "permalink", str_of(permalink));
    jw_opt_str_k(j, "logger", logger.n ? logger : (struct str){0});
    jw_str_k(j, "level", issue_level_name(rows_int(r, COL_LEVEL)));
    put_cell(j, "platform", r, COL_PLATFORM);
    put_cell(j, "type", r, COL_TYPE);
    jw_str_k(j, "issueType", kind_of(r).type);
    jw_str_k(j, "issueCategory", kind_of(r).category);
    put_cell(j, "metadata", r, COL_METADATA);
}

static void put_counts(struct jw *j, const struct rows *r)
{
    put_id(j, "count", r, COL_PERIOD_EVENTS);
    put_cell(j, "userCount", r, COL_PERIOD_USERS);
    put_cell(j, "firstSeen", r, COL_PLACE_FIRST_SEEN);
    put_cell(j, "lastSeen", r, COL_PLACE_LAST_SEEN);
}

void issue_view_put(struct request *rq, struct jw *j, const struct rows *r, unsigned collapse)
{
    put_id(j, "id", r, COL_ID);
    if (!(collapse & (COLLAPSE_STATS | COLLAPSE_LIFETIME)))
        put_counts(j, r);
    if (collapse & COLLAPSE_BASE)
        return;
    put_names(rq, j, r);
    put_project(j, r);
    put_state(j, r);
    put_subscription(j, r);
    put_cell(j, "numComments", r, COL_NOTES);
    put_cell(j, "isBookmarked", r, COL_IS_BOOKMARKED);
    put_cell(j, "hasSeen", r, COL_HAS_SEEN);
    if (!(collapse & COLLAPSE_UNHANDLED))
        put_cell(j, "isUnhandled", r, COL_IS_UNHANDLED);
    jw_raw_k(j, "annotations", S("[]"));
    jw_null_k(j, "seerFixabilityScore");
    jw_null_k(j, "seerAutofixLastTriggered");
    jw_null_k(j, "seerExplorerAutofixLastTriggered");
}

static void put_lifetime(struct jw *j, const struct rows *r)
{
    jw_open_k(j, "lifetime", '{');
    put_id(j, "count", r, COL_TIMES_SEEN);
    put_cell(j, "userCount", r, COL_USERS_SEEN);
    put_cell(j, "firstSeen", r, COL_FIRST_SEEN);
    put_cell(j, "lastSeen", r, COL_LAST_SEEN);
    jw_raw_k(j, "stats", S("{}"));
    jw_close(j, '}');
}

/* Sentry's own assistant and inbox, which we do not have; clients insist on the keys. */
static void put_absent_features(struct jw *j, const struct rows *r)
{
    bool assigned = !rows_null(r, COL_USER_ID) || !rows_null(r, COL_TEAM_ID);
    jw_open_k(j, "derivedData", '{');
    jw_str_k(j, "blocker", S("none"));
    jw_str_k(j, "progress", S("none"));
    jw_str_k(j, "status", rows_int(r, COL_STATUS) == 1 ? S("closed") : S("open"));
    jw_int_k(j, "viewCount", 0);
    jw_bool_k(j, "hasOpenFixPr", false);
    jw_bool_k(j, "isAssigned", assigned);
    jw_bool_k(j, "hasRootCause", false);
    jw_str_k(j, "lastCompletedAutofixStep", S("none"));
    jw_null_k(j, "lastProgressedAt");
    jw_close(j, '}');
    jw_open_k(j, "inbox", '{');
    jw_int_k(j, "reason", 0);
    jw_null_k(j, "reason_details");
    put_cell(j, "date_added", r, COL_FIRST_SEEN);
    jw_close(j, '}');
    jw_open_k(j, "owners", '{');
    jw_str_k(j, "type", S(""));
    jw_str_k(j, "owner", S(""));
    put_cell(j, "date_added", r, COL_FIRST_SEEN);
    jw_close(j, '}');
}

void issue_view_put_list(struct jw *j, const struct rows *r, unsigned collapse,
                         const struct series *series)
{
    if (!(collapse & COLLAPSE_STATS) && series) {
        jw_open_k(j, "stats", '{');
        for (size_t i = 0; i < series->issue_count; i++) {
            if (series->issues[i] == rows_int(r, COL_ID))
                series_put(j, series, i);
        }
        jw_close(j, '}');
    }
    if (!(collapse & COLLAPSE_FILTERED))
        jw_null_k(j, "filtered");
    if (!(collapse & COLLAPSE_LIFETIME))
        put_lifetime(j, r);
    if (collapse & COLLAPSE_BASE)
        return;
    put_absent_features(j, r);
    jw_int_k(j, "sessionCount", 0);
    jw_raw_k(j, "integrationIssues", S("[]"));
    jw_raw_k(j, "sentryAppIssues", S("[]"));
    jw_bool_k(j, "latestEventHasAttachments", false);
    jw_null_k(j, "matchingEventId");
    jw_null_k(j, "matchingEventEnvironment");
}
