#include "storage/items.h"
#include "tests/unit/suite.h"

START_TEST(names_go_there_and_back)
{
    for (int type = ITEM_UNKNOWN + 1; type < ITEM_TYPE_COUNT; type++)
        ck_assert_int_eq(item_type_of(item_type_name((enum item_type)type)), type);
    ck_assert_int_eq(item_type_of(S("profile_chunk_ui")), ITEM_PROFILE_CHUNK);
    ck_assert_int_eq(item_type_of(S("")), ITEM_UNKNOWN);
    ck_assert_int_eq(item_type_of(S("events")), ITEM_UNKNOWN);
    ck_assert_text(item_type_name(ITEM_UNKNOWN), "unknown");
}
END_TEST

START_TEST(types_know_their_category)
{
    ck_assert_int_eq(item_type_category(ITEM_EVENT), CATEGORY_ERROR);
    ck_assert_int_eq(item_type_category(ITEM_NEL), CATEGORY_ERROR);
    ck_assert_int_eq(item_type_category(ITEM_USER_REPORT), CATEGORY_FEEDBACK);
    ck_assert_int_eq(item_type_category(ITEM_UNKNOWN), CATEGORY_NONE);
    ck_assert_int_eq(item_type_category(ITEM_TYPE_COUNT), CATEGORY_NONE);
    ck_assert(item_type_creates_event(ITEM_TRANSACTION));
    ck_assert(!item_type_creates_event(ITEM_ATTACHMENT));
    ck_assert(!item_type_creates_event(ITEM_UNKNOWN));
}
END_TEST

/* Stored in rows: a number that moves would give old counts another meaning. */
START_TEST(stored_numbers_stay)
{
    ck_assert_int_eq(OUTCOME_ACCEPTED, 0);
    ck_assert_int_eq(OUTCOME_CLIENT_DISCARD, 5);
    ck_assert_int_eq(CATEGORY_ERROR, 2);
    ck_assert_int_eq(CATEGORY_FEEDBACK, 16);
    ck_assert_int_eq(ITEM_EVENT, 1);
    ck_assert_int_eq(ITEM_METRIC_BUCKETS, 27);
    ck_assert_text(category_name(CATEGORY_LOG_ITEM), "log_item");
    ck_assert_text(outcome_name(OUTCOME_RATE_LIMITED), "rate_limited");
    ck_assert_ptr_null(category_name(CATEGORY_COUNT).p);
    ck_assert_ptr_null(outcome_name((enum outcome)99).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, names_go_there_and_back);
    tcase_add_test(tc, types_know_their_category);
    tcase_add_test(tc, stored_numbers_stay);
}

int main(void)
{
    return suite_run("items", add_tests);
}
