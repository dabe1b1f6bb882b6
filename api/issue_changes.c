/* The body of a change of issues, checked and turned into what storage/issue_change.h takes. */
#include "api/issue_changes.h"

#include <inttypes.h>
#include <stddef.h>

#include "api/issue_view.h"
#include "auth/identity.h"
#include "base/bind.h"
#include "base/clock.h"
#include "base/jt.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

struct body {
    struct str status, substatus, details, assignee, priority, merge;
    bool assignee_sent;
    struct issue_flag has_seen, is_bookmarked, is_subscribed, is_public, discard;
};

static const char *const statuses[] = {"resolved", "unresolved", "ignored", "resolvedInNextRelease",
                                       NULL};
static const char *const substatuses[] = {"archived_until_escalating",
                                          "archived_until_condition_met",
                                          "archived_forever",
                                          "escalating",
                                          "ongoing",
                                          "regressed",
                                          "new",
                                          NULL};
static const char *const priorities[] = {"low", "medium", "high", NULL};

static const struct field fields[] = {
    {"status", FIELD_CHOICE, offsetof(struct body, status), 0, 0, 0, statuses},
    {"substatus", FIELD_CHOICE, offsetof(struct body, substatus), FIELD_NULLABLE, 0, 0,
     substatuses},
    {"statusDetails", FIELD_JSON, offsetof(struct body, details), FIELD_NULLABLE, 0, 2000},
    {"assignedTo", FIELD_TEXT, offsetof(struct body, assignee), FIELD_NULLABLE, 0, 255, NULL,
     FIELD_PRESENT(struct body, assignee_sent)},
    {"priority", FIELD_CHOICE, offsetof(struct body, priority), 0, 0, 0, priorities},
    {"merge", FIELD_JSON, offsetof(struct body, merge), FIELD_NULLABLE, 0, 8},
    {"hasSeen", FIELD_BOOL, offsetof(struct body, has_seen.value), 0, 0, 0, NULL,
     FIELD_PRESENT(struct body, has_seen.sent)},
    {"isBookmarked", FIELD_BOOL, offsetof(struct body, is_bookmarked.value), 0, 0, 0, NULL,
     FIELD_PRESENT(struct body, is_bookmarked.sent)},
    {"isSubscribed", FIELD_BOOL, offsetof(struct body, is_subscribed.value), 0, 0, 0, NULL,
     FIELD_PRESENT(struct body, is_subscribed.sent)},
    {"isPublic", FIELD_BOOL, offsetof(struct body, is_public.value), 0, 0, 0, NULL,
     FIELD_PRESENT(struct body, is_public.sent)},
    {"discard", FIELD_BOOL, offsetof(struct body, discard.value), 0, 0, 0, NULL,
     FIELD_PRESENT(struct body, discard.sent)},
    {0},
};

/* ---- States. */

enum substatus { UNTIL_ESCALATING = 1, ESCALATING, ONGOING, UNTIL_CONDITION, FOREVER };

struct conditions {
    int64_t duration, count, window, user_count, user_window; /* 0: not given */
    struct str release;
    bool next_release;
};

static bool read_number(struct request *rq, const struct jt *details, const char *name,
                        int64_t *out)
{
    enum { MOST = 1000000000 };
    const struct jt *v = jt_get(details, str_of(name));
    if (!v || v->kind == JT_NULL)
        return true;
    bool digits = v->kind == JT_STRING && text_int64(v->text, out);
    if ((digits || jt_int64(v, out)) && *out > 0 && *out <= MOST)
        return true;
    reply_field_error(rq, "statusDetails",
                      arena_printf(rq->arena, "%s must be a whole number above zero.", name));
    return false;
}

static bool read_until(struct request *rq, const struct jt *details, struct issue_change *c)
{
    struct str text = jt_get_str(details, S("ignoreUntil"));
    if (!text.n)
        return true;
    if (clock_parse(text, &c->until) && c->until > clock_now())
        return true;
    reply_field_error(rq, "statusDetails", "ignoreUntil must be a date in the future.");
    return false;
}

static bool is_release(struct request *rq, struct str version)
{
    return rows_next(pg_query(rq->db, rq->arena, &SQL_release_named, rq->tenant.organization_id,
                              arena_str(rq->arena, version)));
}

static bool read_conditions(struct request *rq, const struct jt *details, struct conditions *out)
{
    const struct {
        const char *name;
        int64_t *value;
    } numbers[] = {
        {"ignoreDuration", &out->duration},    {"snoozeDuration", &out->duration},
        {"ignoreCount", &out->count},          {"ignoreWindow", &out->window},
        {"ignoreUserCount", &out->user_count}, {"ignoreUserWindow", &out->user_window},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (!read_number(rq, details, numbers[i].name, numbers[i].value))
            return false;
    }
    const struct jt *next = jt_get(details, S("inNextRelease"));
    out->next_release = next && next->kind == JT_TRUE;
    out->release = jt_get_str(details, S("inRelease"));
    if (out->release.n && !str_eq(out->release, S("latest")) && !is_release(rq, out->release)) {
        reply_field_error(rq, "statusDetails", "There is no release of this version.");
        return false;
    }
    if (jt_get(details, S("inCommit"))) {
        reply_field_error(rq, "statusDetails", "Commits are not known here yet.");
        return false;
    }
    return true;
}

static int substatus_of(struct str name)
{
    for (int i = UNTIL_ESCALATING; i <= 7; i++) {
        if (str_eq(issue_substatus_name(i), name))
            return i;
    }
    return 0;
}

static void set_conditions(struct issue_change *c, const struct conditions *when)
{
    if (when->duration)
        c->until = clock_now() + when->duration * INT64_C(60) * CLOCK_SECOND;
    c->count = when->count;
    c->window = when->window;
    c->user_count = when->user_count;
    c->user_window = when->user_window;
}

/* Archived without a word: for ever; with a condition: until it is met. */
static void set_archived(struct request *rq, struct change_request *out,
                         const struct conditions *when, struct buf *details)
{
    struct issue_change *c = &out->change;
    struct jw j;
    set_conditions(c, when);
    if (c->until || c->count || c->user_count)
        c->substatus = UNTIL_CONDITION;
    else if (c->substatus != UNTIL_ESCALATING)
        c->substatus = FOREVER;
    jw_begin(&j, details);
    jw_open(&j, '{');
    if (c->until)
        jw_time_k(&j, "ignoreUntil", c->until);
    if (c->count)
        jw_int_k(&j, "ignoreCount", c->count);
    if (c->window)
        jw_int_k(&j, "ignoreWindow", c->window);
    if (c->user_count)
        jw_int_k(&j, "ignoreUserCount", c->user_count);
    if (c->user_window)
        jw_int_k(&j, "ignoreUserWindow", c->user_window);
    if (c->substatus == UNTIL_ESCALATING)
        jw_bool_k(&j, "ignoreUntilEscalating", true);
    jw_close(&j, '}');
    out->status_details = arena_str(rq->arena, buf_str(details));
    c->activity_data = out->status_details;
    c->activity = "set_ignored";
}

static void set_resolved(struct request *rq, struct change_request *out,
                         const struct conditions *when, struct buf *text)
{
    struct issue_change *c = &out->change;
    bool in_release = when->release.n || when->next_release;
    struct jw j;
    c->activity = in_release ? "set_resolved_in_release" : "set_resolved";
    c->in_release = in_release;
    c->next_release = when->next_release;
    if (when->release.n && !str_eq(when->release, S("latest")))
        c->release = when->release;
    jw_begin(&j, text);
    jw_open(&j, '{');
    if (in_release)
        jw_str_k(&j, "version", when->release);
    jw_close(&j, '}');
    c->activity_data = arena_str(rq->arena, buf_str(text));
    buf_clear(text);
    jw_begin(&j, text);
    jw_open(&j, '{');
    if (when->release.n)
        jw_str_k(&j, "inRelease", when->release);
    else if (when->next_release)
        jw_bool_k(&j, "inNextRelease", true);
    jw_close(&j, '}');
    out->status_details = arena_str(rq->arena, buf_str(text));
}

static void set_unresolved(struct change_request *out)
{
    out->change.activity = "set_unresolved";
    out->change.activity_data = out->status_details = S("{}");
}

static enum issue_status status_of(struct str name)
{
    if (str_eq(name, S("unresolved")))
        return ISSUE_UNRESOLVED;
    return str_eq(name, S("ignored")) ? ISSUE_ARCHIVED : ISSUE_RESOLVED;
}

/* A substatus alone says its status too. */
static struct str implied_status(const struct body *body)
{
    if (body->status.n || !body->substatus.n)
        return body->status;
    return str_starts(body->substatus, S("archived")) ? S("ignored") : S("unresolved");
}

static bool read_status(struct request *rq, const struct body *body, struct change_request *out)
{
    const char *error;
    struct conditions when = {0};
    struct str status = implied_status(body);
    const struct jt *details =
        jt_read(rq->arena, body->details.n ? body->details : S("{}"), BIND_DEPTH, &error);
    struct buf text;
    if (!status.n)
        return true;
    if (!read_conditions(rq, details, &when) || !read_until(rq, details, &out->change))
        return false;
    when.next_release |= str_eq(status, S("resolvedInNextRelease"));
    out->change.sets_status = true;
    out->change.status = status_of(status);
    out->change.substatus = substatus_of(body->substatus);
    buf_init(&text, BIND_BODY_MAX);
    if (out->change.status == ISSUE_ARCHIVED)
        set_archived(rq, out, &when, &text);
    else if (out->change.status == ISSUE_RESOLVED)
        set_resolved(rq, out, &when, &text);
    else
        set_unresolved(out);
    buf_free(&text);
    return true;
}

/* ---- The assignee. */

static struct str assignee_json(struct request *rq, const char *type, const struct rows *r)
{
    struct buf text;
    struct jw j;
    buf_init(&text, 4096);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "type", str_of(type));
    jw_str_k(&j, "id", rows_str(r, 0));
    jw_str_k(&j, "name", rows_str(r, 1));
    if (str_eq(str_of(type), S("user")))
        jw_str_k(&j, "email", rows_str(r, 2));
    jw_close(&j, '}');
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static bool find_assignee(struct request *rq, struct str who, struct change_request *out)
{
    bool team = str_starts(who, S("team:")) || str_starts(who, S("#"));
    bool prefixed = str_starts(who, S("user:")) || str_starts(who, S("team:"));
    struct str name = str_slice(who, prefixed ? 5 : who.p[0] == '#', who.n);
    int64_t id = 0;
    text_int64(name, &id);
    struct rows *r = pg_query(rq->db, rq->arena, team ? &SQL_assignable_team : &SQL_assignable_user,
                              rq->tenant.organization_id, param_id(id), name);
    if (reply_if_failed(rq))
        return false;
    if (!rows_next(r)) {
        reply_field_error(rq, "assignedTo", "Nobody of this organization is called so.");
        return false;
    }
    *(team ? &out->change.team_id : &out->change.user_id) = rows_int(r, 0);
    out->assignee = assignee_json(rq, team ? "team" : "user", r);
    return true;
}

static bool read_assignee(struct request *rq, const struct body *body, struct change_request *out)
{
    out->change.sets_assignee = body->assignee_sent;
    if (body->assignee_sent && !body->assignee.n)
        out->assignee = S("null");
    return !body->assignee.n || find_assignee(rq, body->assignee, out);
}

/* ---- All of it. */

static int priority_of(struct str name)
{
    if (!name.n)
        return 0;
    return str_eq(name, S("high")) ? 75 : str_eq(name, S("medium")) ? 50 : 25;
}

static struct str audit_json(struct request *rq, const struct change_request *change)
{
    struct buf text;
    struct jw j;
    buf_init(&text, BIND_BODY_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    change_put(&j, change);
    jw_close(&j, '}');
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

bool change_read(struct request *rq, struct change_request *out)
{
    struct body body = {0};
    *out = (struct change_request){0};
    if (!bind_body(rq, fields, &body))
        return false;
    if (body.discard.sent && body.discard.value) {
        reply_field_error(rq, "discard", "Discarding future events is not supported yet.");
        return false;
    }
    if (!read_status(rq, &body, out) || !read_assignee(rq, &body, out))
        return false;
    out->merges = str_eq(body.merge, S("1")) || str_eq(body.merge, S("true"));
    out->substatus = issue_substatus_name(out->change.substatus);
    out->change.priority = priority_of(body.priority);
    out->change.priority_name = body.priority;
    out->change.has_seen = body.has_seen;
    out->change.is_bookmarked = body.is_bookmarked;
    out->change.is_subscribed = body.is_subscribed;
    out->change.is_public = body.is_public;
    out->change.audit = audit_json(rq, out);
    return true;
}

static void put_flag(struct jw *j, const char *key, struct issue_flag flag)
{
    if (flag.sent)
        jw_bool_k(j, key, flag.value);
}

void change_put(struct jw *j, const struct change_request *change)
{
    const struct issue_change *c = &change->change;
    if (c->sets_status) {
        jw_str_k(j, "status", issue_status_name((int64_t)c->status));
        jw_raw_k(j, "statusDetails", change->status_details);
        if (change->substatus.n)
            jw_str_k(j, "substatus", change->substatus);
    }
    if (c->sets_assignee)
        jw_raw_k(j, "assignedTo", change->assignee);
    if (c->priority)
        jw_str_k(j, "priority", c->priority_name);
    put_flag(j, "hasSeen", c->has_seen);
    put_flag(j, "isBookmarked", c->is_bookmarked);
    put_flag(j, "isSubscribed", c->is_subscribed);
    put_flag(j, "isPublic", c->is_public);
}

struct issue_actor change_actor(const struct request *rq)
{
    return (struct issue_actor){.organization_id = rq->tenant.organization_id,
                                .user_id = rq->identity->user_id,
                                .token_id = rq->identity->token_id,
                                .address = rq->client_ip,
                                .now = clock_now()};
}
