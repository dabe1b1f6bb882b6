/* Profiles: what is refused and why, what is taken out, and that they go with their transaction:
 * ingest.md §8.2. */
#include "base/settings.h"
#include "storage/event_body.h"
#include "tests/unit/digesting.h"

#define HEAD                                                                                       \
    "{\"event_id\":\"0000000000000000000000000000000b\",\"version\":\"1\",\"platform\":"           \
    "\"python\",\"transaction\":{\"id\":\"00000000000000000000000000000001\",\"trace_id\":"        \
    "\"000000000000000000000000000000cc\",\"name\":\"/buy\"},\"profile\":{\"frames\":[{}],"        \
    "\"stacks\":[[0],[]],\"thread_metadata\":{\"1\":{},\"2\":{}},\"samples\":["
#define SAMPLE(time, stack, thread)                                                                \
    "{\"elapsed_since_start_ns\":\"" time "\",\"stack_id\":" stack ",\"thread_id\":\"" thread "\"" \
    "}"
#define TWO SAMPLE("1", "0", "1") "," SAMPLE("5001", "0", "1")
#define SOUND HEAD TWO "]}}"

/* With a transaction that has more contexts: ",\"name\":{…}". */
static struct log_record *with_contexts(uint64_t number, const char *contexts,
                                        const char *const *profiles, size_t count)
{
    const char *transaction = arena_printf(
        arena,
        "{\"type\":\"transaction\",\"start_timestamp\":%lld,\"timestamp\":%lld,\"contexts\":{"
        "\"trace\":{\"trace_id\":\"4c79f60c11214eb38604f4ae0781bfb2\",\"span_id\":"
        "\"fa90fdead5f74052\"}%s}}",
        (long long)(day / CLOCK_SECOND) - 1, (long long)(day / CLOCK_SECOND), contexts);
    struct log_record *record =
        record_of(arena, ITEM_TRANSACTION, number, day, str_of(transaction));
    struct log_item *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    items[0] = record->items[0];
    for (size_t i = 0; i < count; i++)
        items[i + 1] =
            (struct log_item){.type = ITEM_PROFILE, .quantity = 1, .payload = str_of(profiles[i])};
    record->items = items;
    record->item_count = count + 1;
    return record;
}

static struct log_record *with_profiles(uint64_t number, const char *const *profiles, size_t count)
{
    return with_contexts(number, "", profiles, count);
}

/* The context of the only transaction's body, as JSON. */
static struct str profile_context(void)
{
    struct buf text;
    struct jw j;
    const char *error;
    struct rows *r =
        pg_query_built(db, arena, S("select codec, body from transaction_body"), NULL, 0);
    ck_assert(rows_next(r));
    struct str json = event_body_decode(arena, (int)rows_int(r, 0), rows_bytes(r, 1, arena));
    const struct jt *contexts = jt_get(jt_read(arena, json, 64, &error), S("contexts"));
    const struct jt *profile = jt_get(contexts, S("profile"));
    ck_assert(jt_get(contexts, S("trace")));
    buf_init(&text, 4096);
    jw_begin(&j, &text);
    jt_write(&j, profile);
    struct str found = arena_str(arena, buf_str(&text));
    buf_free(&text);
    return profile ? found : S("absent");
}

#define ID "0000000000000000000000000000000b"
#define NAMED(members) ",\"profile\":{" members "}"
#define HAS(id) "\"profile_id\":\"" id "\""
#define ITSELF "{\"type\":\"profile\",\"profile_id\":\"" ID "\"}"

/* What the SDK says, what profile comes, and what the transaction says in the end. */
static const struct {
    const char *contexts, *profile, *context;
    bool is_known;
} named[] = {
    {"", SOUND, ITSELF, true},
    {NAMED(HAS(ID)), SOUND, "{\"profile_id\":\"" ID "\",\"type\":\"profile\"}", true},
    {NAMED(HAS("00000000000000000000000000000077")), SOUND,
     "{\"profile_id\":\"" ID "\",\"type\":\"profile\"}", true},
    {NAMED("\"profiler_id\":\"x\""), SOUND,
     "{\"profiler_id\":\"x\",\"type\":\"profile\",\"profile_id\":\"" ID "\"}", true},
    {"", "foobar", "absent", false},
    {NAMED(HAS(ID)), "foobar", "absent", false},
    {NAMED(HAS(ID) ",\"profiler_id\":\"x\""), "foobar",
     "{\"profiler_id\":\"x\",\"type\":\"profile\"}", false},
    {NAMED(HAS(ID)), NULL, "absent", false},
};

START_TEST(a_transaction_names_the_profile_that_is_stored)
{
    add(with_contexts(1, named[_i].contexts, &named[_i].profile, named[_i].profile ? 1 : 0));
    stored();
    ck_assert_text(profile_context(), named[_i].context);
    ck_assert_int_eq(count("select count(*) from transaction where profile_id = '" ID "'"),
                     named[_i].is_known);
    ck_assert_int_eq(count("select count(*) from transaction where profile_id is null"),
                     !named[_i].is_known);
}
END_TEST

START_TEST(a_profile_goes_with_its_transaction)
{
    const char *const both[] = {SOUND, SOUND};
    add(with_profiles(1, both, 2));
    stored();
    ck_assert_int_eq(count("select count(*) from profile where \"transaction\" = '/buy' and "
                           "duration_ns = 5000 and sample_count = 2 and platform = 'python' and "
                           "transaction_id = '00000000000000000000000000000001'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_INDEXED, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE, OUTCOME_INVALID, "profiling_too_many_profiles"), 1);
    ck_assert_int_eq(
        outcome(CATEGORY_PROFILE_INDEXED, OUTCOME_INVALID, "profiling_too_many_profiles"), 1);
}
END_TEST

START_TEST(a_profile_that_comes_again_harms_nobody)
{
    const char *const one[] = {SOUND};
    add(with_profiles(1, one, 1));
    add(with_profiles(2, one, 1));
    stored();
    add(with_profiles(3, one, 1));
    stored();
    ck_assert_int_eq(count("select count(*) from profile"), 1);
    ck_assert_int_eq(count("select count(*) from poison"), 0);
}
END_TEST

START_TEST(a_profile_alone_is_nothing)
{
    add(record_of(arena, ITEM_PROFILE, 1, day, S(SOUND)));
    stored();
    ck_assert_int_eq(count("select count(*) from profile"), 0);
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
}
END_TEST

static const struct {
    const char *payload, *reason;
} invalid[] = {
    {"", "profiling_invalid_json"},
    {"foobar", "profiling_invalid_json"},
    {"[]", "profiling_invalid_json"},
    {"{\"version\":\"1\"}", "profiling_invalid_json"},
    {"{\"event_id\":\"0000000000000000000000000000000b\"}", "profiling_platform_not_supported"},
    {"{\"event_id\":\"0000000000000000000000000000000b\",\"version\":\"1\",\"profile\":{}}",
     "profiling_no_transaction_associated"},
    {"{\"event_id\":\"0000000000000000000000000000000b\",\"version\":\"1\",\"transactions\":[{}]}",
     "profiling_invalid_transaction_metadata"},
    {"{\"event_id\":\"0000000000000000000000000000000b\",\"platform\":\"android\"}",
     "profiling_invalid_sampled_profile"},
    {"{\"event_id\":\"0000000000000000000000000000000b\",\"platform\":\"android\","
     "\"sampled_profile\":\"*\"}",
     "profiling_invalid_base64_value"},
    {HEAD "]}}", "profiling_not_enough_samples"},
    {HEAD SAMPLE("1", "0", "1") "]}}", "profiling_not_enough_samples"},
    {HEAD SAMPLE("1", "1", "1") "," SAMPLE("2", "1", "1") "]}}", "profiling_not_enough_samples"},
    {HEAD SAMPLE("1", "2", "1") "]}}", "profiling_malformed_samples"},
    {HEAD SAMPLE("1", "-1", "1") "]}}", "profiling_malformed_samples"},
    {HEAD SAMPLE("1", "0.5", "1") "]}}", "profiling_malformed_samples"},
    {HEAD SAMPLE("1", "1e300", "1") "]}}", "profiling_malformed_samples"},
    {HEAD SAMPLE("x", "0", "1") "]}}", "profiling_malformed_samples"},
    {HEAD "7]}}", "profiling_malformed_samples"},
    {HEAD TWO "," SAMPLE("31000000000", "0", "1") "]}}", "profiling_duration_is_too_long"},
};

START_TEST(a_profile_that_says_nothing_sound_is_refused)
{
    add(with_profiles(1, &invalid[_i].payload, 1));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_PROFILE, OUTCOME_INVALID, invalid[_i].reason), 1);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_INDEXED, OUTCOME_INVALID, invalid[_i].reason), 1);
    ck_assert_int_eq(count("select count(*) from profile"), 0);
}
END_TEST

START_TEST(idle_ends_and_single_samples_are_taken_out)
{
    const char *const one[] = {HEAD SAMPLE("0", "1", "1") "," TWO "," SAMPLE(
        "9000", "1", "1") "," SAMPLE("7", "0", "2") "]}}"};
    add(with_profiles(1, one, 1));
    stored();
    ck_assert_int_eq(count("select count(*) from profile where sample_count = 2 and duration_ns = "
                           "5000"),
                     1);
}
END_TEST

#define CHUNK                                                                                      \
    "{\"version\":\"2\",\"profiler_id\":\"000000000000000000000000000000aa\",\"chunk_id\":"        \
    "\"000000000000000000000000000000ab\",\"platform\":\"python\",\"profile\":{\"frames\":[{}],"   \
    "\"stacks\":[[0]],\"samples\":[{\"timestamp\":1700000000.5,\"stack_id\":0,\"thread_id\":"      \
    "\"1\"},{\"timestamp\":1700000001,\"stack_id\":0,\"thread_id\":\"1\"}]}}"

START_TEST(a_chunk_is_stored_once)
{
    for (int i = 0; i < 2; i++) {
        add(record_of(arena, ITEM_PROFILE_CHUNK, (uint64_t)i, day, S(CHUNK)));
        stored();
    }
    ck_assert_int_eq(count("select count(*) from profile_chunk where sample_count = 2 and "
                           "finished - started = interval '0.5 seconds'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_CHUNK, OUTCOME_DUPLICATE, ""), 1);
}
END_TEST

START_TEST(a_chunk_counts_how_long_it_is)
{
    for (int i = 0; i < 2; i++) {
        add(record_of(arena, ITEM_PROFILE_CHUNK, (uint64_t)i, day, S(CHUNK)));
        stored();
    }
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_DURATION, OUTCOME_ACCEPTED, ""), 500);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_DURATION, OUTCOME_DUPLICATE, ""), 500);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_DURATION_UI, OUTCOME_ACCEPTED, ""), 0);
}
END_TEST

START_TEST(chunks_of_what_users_run_count_apart)
{
    struct log_record *record = record_of(arena, ITEM_PROFILE_CHUNK, 1, day, S(CHUNK));
    record->items[0].header = S("{\"type\":\"profile_chunk\",\"platform\":\"cocoa\"}");
    add(record);
    stored();
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_CHUNK_UI, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_DURATION_UI, OUTCOME_ACCEPTED, ""), 500);
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_DURATION, OUTCOME_ACCEPTED, ""), 0);
}
END_TEST

static const char *const no_chunks[] = {"", "7", "{}", "{\"profiler_id\":7,\"chunk_id\":[]}"};

START_TEST(what_is_no_chunk_is_refused)
{
    add(record_of(arena, ITEM_PROFILE_CHUNK, 1, day, str_of(no_chunks[_i])));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_PROFILE_CHUNK, OUTCOME_INVALID, "profiling_invalid_json"), 1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_add_test(tc, a_profile_goes_with_its_transaction);
    tcase_add_loop_test(tc, a_transaction_names_the_profile_that_is_stored, 0, COUNT_OF(named));
    tcase_add_test(tc, a_profile_that_comes_again_harms_nobody);
    tcase_add_test(tc, a_profile_alone_is_nothing);
    tcase_add_loop_test(tc, a_profile_that_says_nothing_sound_is_refused, 0, COUNT_OF(invalid));
    tcase_add_test(tc, idle_ends_and_single_samples_are_taken_out);
    tcase_add_test(tc, a_chunk_is_stored_once);
    tcase_add_test(tc, a_chunk_counts_how_long_it_is);
    tcase_add_test(tc, chunks_of_what_users_run_count_apart);
    tcase_add_loop_test(tc, what_is_no_chunk_is_refused, 0, COUNT_OF(no_chunks));
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "digest_profiles", add_tests);
}
