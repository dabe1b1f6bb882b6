#include "worker/digest/resolution.h"

#include "tests/unit/suite.h"

enum { EARLIER = 10, SAME = 20, LATER = 30 };

static const struct {
    const char *name;
    enum resolution_type type;
    const char *release, *current; /* of the resolution; both created at SAME */
    const char *event;             /* the event's release, and when that was created */
    int64_t created;
    bool covered;
} cases[] = {
    {"no release", RESOLUTION_IN_RELEASE, "a@1.0", NULL, NULL, 0, true},
    {"in, same", RESOLUTION_IN_RELEASE, "a@1.0", NULL, "a@1.0", SAME, false},
    {"in, older version", RESOLUTION_IN_RELEASE, "a@1.0", NULL, "a@0.9", LATER, true},
    {"in, newer version", RESOLUTION_IN_RELEASE, "a@1.0", NULL, "a@1.1", EARLIER, false},
    {"in, older by date", RESOLUTION_IN_RELEASE, "abc", NULL, "def", EARLIER, true},
    {"in, same date", RESOLUTION_IN_RELEASE, "abc", NULL, "def", SAME, true},
    {"in, newer by date", RESOLUTION_IN_RELEASE, "abc", NULL, "def", LATER, false},
    {"next, same", RESOLUTION_IN_NEXT_RELEASE, "abc", NULL, "abc", SAME, true},
    {"next, older", RESOLUTION_IN_NEXT_RELEASE, "abc", NULL, "def", EARLIER, true},
    {"next, newer", RESOLUTION_IN_NEXT_RELEASE, "abc", NULL, "def", LATER, false},
    {"current, same", RESOLUTION_IN_NEXT_RELEASE, "a@1.0", "a@1.0", "a@1.0", SAME, true},
    {"current, newer", RESOLUTION_IN_NEXT_RELEASE, "a@1.0", "a@1.0", "a@1.0.1", EARLIER, false},
    {"current, older by date", RESOLUTION_IN_NEXT_RELEASE, "abc", "abc", "def", EARLIER, true},
    {"current, newer by date", RESOLUTION_IN_NEXT_RELEASE, "abc", "abc", "def", LATER, false},
};

START_TEST(an_event_from_before_the_fix_is_covered)
{
    struct resolution r = {.type = cases[_i].type,
                           .release = str_of(cases[_i].release),
                           .release_created = SAME,
                           .current = str_of(cases[_i].current),
                           .current_created = SAME};
    bool covered = resolution_covers(&r, str_of(cases[_i].event), cases[_i].created);
    ck_assert_msg(covered == cases[_i].covered, "%s", cases[_i].name);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, an_event_from_before_the_fix_is_covered, 0, COUNT_OF(cases));
}

int main(void)
{
    return suite_run("resolution", add_tests);
}
