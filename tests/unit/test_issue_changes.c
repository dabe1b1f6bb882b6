/* Changes of issues over a real database: what is stored, logged and answered. */
#include "tests/unit/api.h"
#include "tests/unit/issues_seed.h"

#define O "/api/0/organizations/acme/"

/* The rows that changes touch, as they were before. */
static const char reset[] =
    "truncate issue, issue_stat, issue_hash, issue_user, issue_hour, issue_day, issue_tag,"
    " issue_tag_key, issue_snooze, issue_seen, issue_bookmark, issue_subscription,"
    " issue_resolution, activity, audit_log, environment, release_project, release, team_member;";

static void fill(void)
{
    api_fill("");
}

static void set_up(void)
{
    api_set_up();
    ck_assert(pg_script(db, reset));
    ck_assert_msg(pg_script(db, issues_seed), "%.*s", STR_ARG(pg_message(db)));
}

static int64_t number(const char *sql)
{
    return database_int(db, arena, sql);
}

static const struct {
    const char *body, *check;   /* SQL that gives 1 */
    const char *member, *value; /* of the answer */
} changes[] = {
    {"{\"status\":\"resolved\"}",
     "select count(*) from issue where id = 301 and status = 1 and resolved_at is not null",
     "status", "resolved"},
    {"{\"status\":\"resolved\"}",
     "select count(*) from activity where issue_id = 301 and type = 'set_resolved' and user_id = 1",
     "substatus", "null"},
    {"{\"status\":\"resolved\"}",
     "select count(*) from audit_log where action = 'issue.update' and target_id = 301"
     " and organization_id = 1 and user_id = 1 and data ->> 'status' = 'resolved'",
     "status", "resolved"},
    {"{\"status\":\"resolved\",\"statusDetails\":{\"inRelease\":\"shop@1.0.0\"}}",
     "select count(*) from issue_resolution where issue_id = 301 and type = 0 and release_id = 1",
     "statusDetails.inRelease", "shop@1.0.0"},
    {"{\"status\":\"resolvedInNextRelease\"}",
     "select count(*) from issue_resolution where issue_id = 301 and type = 1"
     " and current_release_version = 'shop@1.1.0+7'",
     "statusDetails.inNextRelease", "true"},
    {"{\"status\":\"ignored\"}",
     "select count(*) from issue where id = 301 and status = 2 and substatus = 5", "substatus",
     "archived_forever"},
    {"{\"substatus\":\"archived_until_escalating\"}",
     "select count(*) from issue where id = 301 and status = 2 and substatus = 1", "substatus",
     "archived_until_escalating"},
    {"{\"status\":\"ignored\",\"statusDetails\":{\"ignoreCount\":10,\"ignoreWindow\":60}}",
     "select count(*) from issue_snooze where issue_id = 301 and count = 10 and \"window\" = 60"
     " and times_seen_before = 6 and users_seen_before = 3",
     "statusDetails.ignoreCount", "10"},
    {"{\"status\":\"ignored\",\"statusDetails\":{\"ignoreDuration\":30}}",
     "select count(*) from issue_snooze where issue_id = 301"
     " and until between now() + interval '29 minutes' and now() + interval '31 minutes'",
     "substatus", "archived_until_condition_met"},
    {"{\"assignedTo\":\"user:2\"}",
     "select count(*) from activity where issue_id = 301 and type = 'assigned'"
     " and data ->> 'assigneeEmail' = 'mick@example.com'",
     "assignedTo.email", "mick@example.com"},
    {"{\"assignedTo\":\"mick@example.com\"}",
     "select count(*) from issue_subscription where issue_id = 301 and user_id = 2",
     "assignedTo.id", "2"},
    {"{\"assignedTo\":\"team:1\"}",
     "select count(*) from issue where id = 301 and assigned_team_id = 1", "assignedTo.type",
     "team"},
    {"{\"assignedTo\":\"\"}",
     "select count(*) from issue where id = 301 and assigned_user_id is null", "assignedTo",
     "null"},
    {"{\"assignedTo\":null}",
     "select count(*) from activity where issue_id = 301 and type = 'unassigned'", "assignedTo",
     "null"},
    {"{\"priority\":\"high\"}",
     "select count(*) from issue where id = 301 and priority = 75 and priority_locked_at is not "
     "null",
     "priority", "high"},
    {"{\"hasSeen\":true}", "select count(*) from issue_seen where issue_id = 301 and user_id = 1",
     "hasSeen", "true"},
    {"{\"isBookmarked\":true}",
     "select count(*) from issue_bookmark where issue_id = 301 and user_id = 1", "isBookmarked",
     "true"},
    {"{\"isSubscribed\":false}",
     "select count(*) from issue_subscription where issue_id = 301 and not is_active",
     "subscriptionDetails.disabled", "true"},
    {"{\"isPublic\":true}", "select count(*) from activity where type = 'set_public'", "isPublic",
     "true"},
    {"{\"has_seen\":true,\"is_bookmarked\":true}",
     "select count(*) from issue_seen where issue_id = 301", "isBookmarked", "true"},
    {"{}", "select 1", "status", "unresolved"},
};

START_TEST(issue_is_changed)
{
    const struct jt *issue = api_json(api_ask("PUT", O "issues/301/", changes[_i].body), 200);
    struct str value = api_at(issue, changes[_i].member);
    ck_assert_msg(str_eq(value, str_of(changes[_i].value)), "%s: %s is %.*s", changes[_i].body,
                  changes[_i].member, STR_ARG(value));
    ck_assert_msg(number(changes[_i].check) == 1, "%s: %s", changes[_i].body, changes[_i].check);
}
END_TEST

static const struct {
    const char *body, *field;
} refusals[] = {
    {"{\"status\":\"bogus\"}", "status"},
    {"{\"status\":7}", "status"},
    {"{\"assignedTo\":\"user:3\"}", "assignedTo"}, /* of another organization */
    {"{\"assignedTo\":\"fred@example.com\"}", "assignedTo"},
    {"{\"assignedTo\":\"team:2\"}", "assignedTo"},
    {"{\"assignedTo\":\"user:gone@example.com\"}", "assignedTo"}, /* not active */
    {"{\"priority\":\"urgent\"}", "priority"},
    {"{\"status\":\"ignored\",\"statusDetails\":{\"ignoreCount\":0}}", "statusDetails"},
    {"{\"status\":\"ignored\",\"statusDetails\":{\"ignoreCount\":\"x\"}}", "statusDetails"},
    {"{\"status\":\"ignored\",\"statusDetails\":{\"ignoreUntil\":\"2001-01-01\"}}",
     "statusDetails"},
    {"{\"status\":\"resolved\",\"statusDetails\":{\"inRelease\":\"unknown\"}}", "statusDetails"},
    {"{\"status\":\"resolved\",\"statusDetails\":{\"inCommit\":{}}}", "statusDetails"},
    {"{\"discard\":true}", "discard"},
};

START_TEST(wrong_change_is_refused_whole)
{
    const struct jt *errors = api_json(api_ask("PUT", O "issues/301/", refusals[_i].body), 400);
    ck_assert_msg(jt_get(errors, str_of(refusals[_i].field)) != NULL, "%s", refusals[_i].body);
    ck_assert_int_eq(number("select count(*) from audit_log"), 0);
}
END_TEST

START_TEST(archive_ends_when_reopened)
{
    api_ask("PUT", O "issues/301/",
            "{\"status\":\"ignored\",\"statusDetails\":{\"ignoreCount\":1}}");
    const struct jt *issue =
        api_json(api_ask("PUT", O "issues/301/", "{\"status\":\"unresolved\"}"), 200);
    ck_assert_text(api_at(issue, "substatus"), "new");
    ck_assert_int_eq(number("select count(*) from issue_snooze"), 0);
    api_ask("PUT", O "issues/303/", "{\"status\":\"unresolved\"}");
    ck_assert_int_eq(number("select substatus from issue where id = 303"), 3);
}
END_TEST

static const struct {
    const char *method, *uri, *body;
    int status;
    const char *check;
    int64_t expected;
} bulks[] = {
    {"PUT", O "issues/?id=301&id=302&id=306&id=401", "{\"status\":\"resolved\"}", 200,
     "select count(*) from issue where status = 1", 4},
    {"PUT", O "issues/?query=is:unresolved", "{\"status\":\"resolved\"}", 200,
     "select count(*) from issue where status = 1 and project_id <> 21", 5},
    {"PUT", O "issues/?status=ignored", "{\"status\":\"unresolved\"}", 200,
     "select count(*) from issue where status = 0 and id = 304", 1},
    {"PUT", O "issues/?id=999", "{\"status\":\"resolved\"}", 204, "select count(*) from audit_log",
     0},
    {"PUT", O "issues/?id=x", "{\"status\":\"resolved\"}", 204, "select count(*) from audit_log",
     0},
    {"PUT", O "issues/?id=401", "{\"status\":\"resolved\"}", 204,
     "select count(*) from issue where id = 401 and status = 0", 1},
    {"PUT", "/api/0/projects/acme/shop/issues/?id=301&id=306", "{\"status\":\"resolved\"}", 200,
     "select count(*) from issue where status = 1 and id in (301, 306)", 1},
    {"DELETE", O "issues/?id=301&id=401", NULL, 204,
     "select count(*) from issue where id in (301, 401)", 1},
    {"DELETE", O "issues/301/", NULL, 202,
     "select (select count(*) from issue where id = 301)"
     " + (select count(*) from issue_stat where issue_id = 301)"
     " + (select count(*) from issue_hash where issue_id = 301)"
     " + (select count(*) from issue_day where issue_id = 301)"
     " + (select count(*) from issue_tag where issue_id = 301)"
     " + (select count(*) from issue_user where issue_id = 301)",
     0},
    {"DELETE", O "issues/301/", NULL, 202,
     "select count(*) from audit_log where action = 'issue.delete' and target_id = 301", 1},
};

START_TEST(many_are_changed_within_the_tenant)
{
    const struct request *rq = api_ask(bulks[_i].method, bulks[_i].uri, bulks[_i].body);
    ck_assert_int_eq(rq->status, bulks[_i].status);
    ck_assert_msg(number(bulks[_i].check) == bulks[_i].expected, "%s: %s gives %lld", bulks[_i].uri,
                  bulks[_i].check, (long long)number(bulks[_i].check));
}
END_TEST

START_TEST(bulk_answer_says_what_changed)
{
    const struct jt *answer = api_json(
        api_ask("PUT", O "issues/?id=301&id=302", "{\"status\":\"ignored\",\"hasSeen\":true}"),
        200);
    ck_assert_text(api_at(answer, "status"), "ignored");
    ck_assert_text(api_at(answer, "hasSeen"), "true");
    ck_assert_uint_eq(answer->count, 4);
    ck_assert_int_eq(number("select jsonb_array_length(data -> 'issues') from audit_log"), 2);
}
END_TEST

START_TEST(merge_adds_everything_up)
{
    const struct jt *answer =
        api_json(api_ask("PUT", O "issues/?id=301&id=302&id=303", "{\"merge\":1}"), 200);
    ck_assert_text(api_at(answer, "merge.parent"), "303");
    ck_assert_text(api_at(answer, "merge.children.0"), "301");
    ck_assert_int_eq(number("select times_seen from issue_stat where issue_id = 303"), 19);
    /* users 1..9 hold 1..3 and 1..2 already */
    ck_assert_int_eq(number("select users_seen from issue_stat where issue_id = 303"), 9);
    ck_assert_int_eq(number("select sum(events) from issue_hour where issue_id = 303"), 19);
    ck_assert_int_eq(number("select sum(events) from issue_day where issue_id = 303"), 19);
    ck_assert_int_eq(number("select round(hll_cardinality(hll_union_agg(users))) from issue_day"
                            " where issue_id = 303"),
                     9);
    ck_assert_int_eq(number("select sum(events) from issue_tag where issue_id = 303"
                            " and key = 'browser'"),
                     19);
    ck_assert_int_eq(number("select count(*) from issue_hash where issue_id = 303"), 3);
    ck_assert_int_eq(number("select count(*) from issue_bookmark where issue_id = 303"), 1);
    ck_assert_int_eq(number("select count(*) from activity where issue_id = 303"
                            " and type in ('note', 'merge')"),
                     2);
    ck_assert_int_eq(number("select count(*) from issue where id in (301, 302)"), 0);
    ck_assert_int_eq(number("select count(*) from issue_stat where issue_id in (301, 302)"), 0);
    ck_assert_int_eq(number("select extract(epoch from now() - last_seen)::int / 120"
                            " from issue_stat where issue_id = 303"),
                     0);
}
END_TEST

START_TEST(merge_needs_two_of_one_project)
{
    ck_assert_int_eq(api_ask("PUT", O "issues/?id=301", "{\"merge\":1}")->status, 400);
    ck_assert_int_eq(api_ask("PUT", O "issues/?id=301&id=306", "{\"merge\":1}")->status, 400);
    ck_assert_int_eq(api_ask("PUT", O "issues/?id=301&id=401", "{\"merge\":1}")->status, 400);
    ck_assert_int_eq(number("select count(*) from issue"), 7);
}
END_TEST

static struct request *ask_as(const char *who, const char *method, const char *uri,
                              const char *body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = method, .uri = uri, .body = str_of(body ? body : "")};
    return api_send(q, who);
}

START_TEST(note_belongs_to_its_writer)
{
    const struct jt *note =
        api_json(ask_as("m", "POST", O "issues/302/notes/", "{\"text\":\" a *note* \"}"), 201);
    ck_assert_text(api_at(note, "data.text"), "a *note*");
    ck_assert_text(api_at(note, "user.email"), "mick@example.com");
    const char *uri = arena_printf(arena, O "issues/302/notes/%.*s/", STR_ARG(api_at(note, "id")));
    ck_assert_int_eq(ask_as("o", "PUT", uri, "{\"text\":\"mine\"}")->status, 404);
    ck_assert_int_eq(ask_as("o", "DELETE", uri, NULL)->status, 404);
    ck_assert_text(
        api_at(api_json(ask_as("m", "PUT", uri, "{\"text\":\"new\"}"), 200), "data.text"), "new");
    ck_assert_int_eq(number("select count(*) from issue_subscription where issue_id = 302"
                            " and user_id = 2"),
                     1);
    ck_assert_int_eq(ask_as("m", "DELETE", uri, NULL)->status, 204);
    ck_assert_int_eq(ask_as("m", "POST", O "issues/302/notes/", "{\"text\":\"  \"}")->status, 400);
    ck_assert_int_eq(number("select count(*) from audit_log where action like 'issue.note-%'"), 3);
}
END_TEST

START_TEST(project_is_made_with_all_it_needs)
{
    const struct jt *project =
        api_json(api_ask("POST", "/api/0/teams/acme/web/projects/",
                         "{\"name\":\"My App (EU)\",\"platform\":\"python\"}"),
                 201);
    ck_assert_text(api_at(project, "slug"), "my-app-eu");
    ck_assert_text(api_at(project, "team.slug"), "web");
    const struct jt *keys = api_json(api_get("/api/0/projects/acme/my-app-eu/keys/"), 200);
    struct str public_dsn = api_at(keys, "0.dsn.public");
    ck_assert_text(public_dsn,
                   arena_printf(arena, "http://%.*s@localhost:8900/%.*s",
                                STR_ARG(api_at(keys, "0.public")), STR_ARG(api_at(project, "id"))));
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'project.create'"), 1);
    ck_assert_int_eq(api_ask("POST", O "projects/", "{\"name\":\"my app EU\"}")->status, 409);
    ck_assert_int_eq(api_ask("POST", O "projects/", "{\"name\":\"!!!\"}")->status, 400);
    ck_assert_int_eq(api_ask("POST", O "projects/", "{}")->status, 400);
}
END_TEST

START_TEST(project_is_changed_and_removed)
{
    const char *uri = "/api/0/projects/acme/passing/";
    ck_assert_int_eq(api_ask("POST", O "projects/", "{\"name\":\"passing\"}")->status, 201);
    const struct jt *project =
        api_json(api_ask("PUT", uri,
                         "{\"name\":\"Store\",\"resolveAge\":24,\"allowedDomains\":[\"a.example\"],"
                         "\"verifySSL\":true,\"subjectPrefix\":\"[x] \"}"),
                 200);
    ck_assert_text(api_at(project, "name"), "Store");
    ck_assert_text(api_at(project, "resolveAge"), "24");
    ck_assert_text(api_at(project, "allowedDomains.0"), "a.example");
    ck_assert_text(api_at(project, "verifySSL"), "true");
    ck_assert_text(api_at(project, "subjectPrefix"), "[x] ");
    ck_assert_int_eq(api_ask("PUT", uri, "{\"slug\":\"api\"}")->status, 400);
    ck_assert_int_eq(api_ask("DELETE", uri, NULL)->status, 204);
    ck_assert_int_eq(api_get(uri)->status, 404);
    ck_assert_int_eq(api_ask("POST", O "projects/", "{\"name\":\"passing\"}")->status, 201);
}
END_TEST

START_TEST(key_lives_its_life)
{
    const char *uri = "/api/0/projects/acme/shop/keys/";
    const struct jt *key = api_json(
        api_ask("POST", uri, "{\"name\":\"ci\",\"rateLimit\":{\"window\":60,\"count\":5}}"), 201);
    ck_assert_text(api_at(key, "rateLimit.count"), "5");
    uri = arena_printf(arena, "%s%.*s/", uri, STR_ARG(api_at(key, "id")));
    key = api_json(api_ask("PUT", uri, "{\"isActive\":false,\"rateLimit\":null}"), 200);
    ck_assert_text(api_at(key, "isActive"), "false");
    ck_assert_text(api_at(key, "rateLimit"), "null");
    ck_assert_text(api_at(key, "name"), "ci");
    ck_assert_int_eq(api_ask("PUT", uri, "{\"rateLimit\":{\"count\":-1}}")->status, 400);
    ck_assert_int_eq(api_ask("DELETE", uri, NULL)->status, 204);
    ck_assert_int_eq(api_get(uri)->status, 404);
    ck_assert_int_eq(number("select count(*) from audit_log where action like 'projectkey.%'"), 3);
}
END_TEST

START_TEST(organization_is_renamed)
{
    const char *uri = "/api/0/organizations/acme/";
    const struct jt *organization = api_json(api_ask("PUT", uri, "{\"name\":\"New\"}"), 200);
    ck_assert_text(api_at(organization, "name"), "New");
    ck_assert_text(api_at(organization, "slug"), "acme");
    ck_assert_int_eq(number("select count(*) from audit_log where action = 'organization.edit'"),
                     1);
    ck_assert_int_eq(api_ask("PUT", uri, "{\"slug\":\"globex\"}")->status, 400);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill, NULL);
    tcase_add_checked_fixture(tc, set_up, api_tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, issue_is_changed, 0, COUNT_OF(changes));
    tcase_add_loop_test(tc, wrong_change_is_refused_whole, 0, COUNT_OF(refusals));
    tcase_add_test(tc, archive_ends_when_reopened);
    tcase_add_loop_test(tc, many_are_changed_within_the_tenant, 0, COUNT_OF(bulks));
    tcase_add_test(tc, bulk_answer_says_what_changed);
    tcase_add_test(tc, merge_adds_everything_up);
    tcase_add_test(tc, merge_needs_two_of_one_project);
    tcase_add_test(tc, note_belongs_to_its_writer);
    tcase_add_test(tc, project_is_made_with_all_it_needs);
    tcase_add_test(tc, project_is_changed_and_removed);
    tcase_add_test(tc, key_lives_its_life);
    tcase_add_test(tc, organization_is_renamed);
}

int main(int count, char **words)
{
    (void)count;
    api_start();
    return database_suite_run(words[0], "issue_changes", add_tests);
}
