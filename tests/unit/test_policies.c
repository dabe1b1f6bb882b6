/* What projects' settings come to, as the digest's two threads share it. */
#include "worker/digest/policies.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "base/settings.h"
#include "tests/unit/database.h"

static struct arena *arena;
static struct pg *db;
static struct policies *policies;

/* Projects 1 to 4 of organization 1, project 5 of organization 2; nothing is set. */
static const char tenants[] =
    "insert into organization (slug, name, date_created) values ('one', 'One', now()),"
    " ('two', 'Two', now());"
    "insert into project (organization_id, slug, name, date_created)"
    " select 1, 'p' || n, 'P', now() from generate_series(1, 4) n;"
    "insert into project (organization_id, slug, name, date_created) values (2, 'q', 'Q', now())";

static void set_up(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    log_open("test", LOG_ERROR);
    arena = arena_new((size_t)256 << 20);
    db = database_migrated();
    policies = policies_new();
    ck_assert(pg_script(db, tenants));
}

static void tear_down(void)
{
    policies_free(policies);
    pg_close(db);
    arena_free(arena);
}

static void change(const char *table, int id, const char *options)
{
    ck_assert(pg_script(db, arena_printf(arena,
                                         "update %s set options = options || '%s', settings_version"
                                         " = settings_version + 1 where id = %d",
                                         table, options, id)));
}

static void load(void)
{
    static const int64_t ids[] = {1, 2, 3, 4, 5, 99};
    ck_assert(policies_load(policies, db, arena, ids, COUNT_OF(ids)));
}

/* A policy that nobody holds on to. */
static const struct policy *look(int64_t project_id)
{
    const struct policy *p = policies_take(policies, project_id);
    policies_release(policies, p);
    return p;
}

static struct str scrubbed(const struct policy *p, struct str text)
{
    const char *error;
    struct scrub_notes notes = {0};
    struct jt *event = jt_read(arena, text, 64, &error);
    scrub_event(p->scrubber, arena, event, &notes);
    return jt_get_str(jt_get(event, S("extra")), S("value"));
}

START_TEST(what_nobody_changed_is_the_usual)
{
    load();
    for (int id = 0; id < 10; id++)
        ck_assert_ptr_eq(look(id), policy_usual());
    ck_assert_int_eq(policy_usual()->version, 0);
}
END_TEST

START_TEST(settings_of_both_are_merged)
{
    struct str event = S("{\"extra\":{\"value\":\"from 1.2.3.4 to marmot\"}}");
    change("organization", 1, "{\"scrubIPAddresses\": true}");
    change("project", 1,
           "{\"relayPiiConfig\": \"{\\\"rules\\\":{\\\"r\\\":{\\\"type\\\":\\\"pattern\\\","
           "\\\"pattern\\\":\\\"marmot\\\"}},\\\"applications\\\":{\\\"$string\\\":[\\\"r\\\"]}}\","
           " \"filters:localhost\": true}");
    load();
    ck_assert_text(scrubbed(look(1), event), "from [ip] to ");
    ck_assert_int_eq(look(1)->version, 2);
    ck_assert(look(1)->filters->localhost);
    ck_assert_text(scrubbed(look(2), event), "from [ip] to marmot");
    ck_assert_int_eq(look(2)->version, 1);
    ck_assert_ptr_eq(look(2)->filters, policy_usual()->filters);
    ck_assert_ptr_eq(look(5), policy_usual());
}
END_TEST

START_TEST(the_smaller_ceiling_of_a_field_counts)
{
    change("organization", 1, "{\"maxFieldBytes\": 4096}");
    change("project", 2, "{\"maxFieldBytes\": 2048}");
    change("project", 3, "{\"maxFieldBytes\": 8192}");
    change("project", 4, "{\"maxFieldBytes\": 0}");
    load();
    ck_assert_uint_eq(look(1)->max_field_bytes, 4096);
    ck_assert_uint_eq(look(2)->max_field_bytes, 2048);
    ck_assert_uint_eq(look(3)->max_field_bytes, 4096);
    ck_assert_uint_eq(look(4)->max_field_bytes, 4096);
    ck_assert_uint_eq(look(5)->max_field_bytes, 0);
}
END_TEST

START_TEST(equal_settings_share_a_scrubber)
{
    change("project", 1, "{\"safeFields\": [\"a\"]}");
    change("project", 2, "{\"safeFields\": [\"a\"], \"filters:localhost\": true}");
    change("project", 3, "{\"filters:localhost\": true}");
    load();
    ck_assert_ptr_eq(look(1)->scrubber, look(2)->scrubber);
    ck_assert_ptr_ne(look(1)->scrubber, policy_usual()->scrubber);
    ck_assert_ptr_eq(look(3)->scrubber, policy_usual()->scrubber);
}
END_TEST

START_TEST(a_policy_stays_while_it_is_taken)
{
    struct str event = S("{\"extra\":{\"value\":\"123-45-6789\"}}");
    change("project", 1, "{\"safeFields\": [\"value\"]}");
    load();
    const struct policy *old = policies_take(policies, 1);
    change("project", 1, "{\"safeFields\": []}");
    load();
    ck_assert_ptr_ne(look(1), old);
    ck_assert_text(scrubbed(old, event), "123-45-6789");
    ck_assert_text(scrubbed(look(1), event), "[Filtered]");
    policies_release(policies, old);
}
END_TEST

START_TEST(what_is_known_is_not_compiled_again)
{
    change("project", 1, "{\"safeFields\": [\"a\"]}");
    load();
    const struct policy *first = look(1);
    load();
    ck_assert_ptr_eq(look(1), first);
}
END_TEST

START_TEST(settings_that_make_no_scrubber_are_told)
{
    change("project", 1, "{\"relayPiiConfig\": \"{\"}");
    change("project", 2,
           "{\"relayPiiConfig\": 7, \"sensitiveFields\": \"x\", \"filters:releases\": 1}");
    load();
    ck_assert(look(1)->broken);
    ck_assert(!look(2)->broken);
}
END_TEST

static atomic_bool stop;

static void *fill(void *unused)
{
    (void)unused;
    while (!atomic_load(&stop)) {
        const struct policy *held[5];
        for (int id = 1; id <= 5; id++)
            held[id - 1] = policies_take(policies, id);
        for (int i = 0; i < 5; i++) {
            ck_assert(!scrubber_is_idle(held[i]->scrubber));
            policies_release(policies, held[i]);
        }
    }
    return NULL;
}

START_TEST(two_threads_share_them)
{
    pthread_t thread;
    atomic_store(&stop, false);
    ck_assert_int_eq(pthread_create(&thread, NULL, fill, NULL), 0);
    for (int i = 0; i < 50; i++) {
        change("project", 1 + i % 5, arena_printf(arena, "{\"safeFields\": [\"a%d\"]}", i % 3));
        load();
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    ck_assert_int_eq(look(5)->version, 10);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, what_nobody_changed_is_the_usual);
    tcase_add_test(tc, settings_of_both_are_merged);
    tcase_add_test(tc, the_smaller_ceiling_of_a_field_counts);
    tcase_add_test(tc, equal_settings_share_a_scrubber);
    tcase_add_test(tc, a_policy_stays_while_it_is_taken);
    tcase_add_test(tc, what_is_known_is_not_compiled_again);
    tcase_add_test(tc, settings_that_make_no_scrubber_are_told);
    tcase_add_test(tc, two_threads_share_them);
}

int main(int count, char **words)
{
    (void)count;
    return database_suite_run(words[0], "policies", add_tests);
}
