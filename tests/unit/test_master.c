#include "base/master.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/unit/suite.h"

/* What children and parent tell the test, in shared memory. */
static struct {
    volatile int started[4], deaths, watched, last_status, hangups;
    volatile pid_t pids[4];
    volatile int64_t starts[64];
    char name[16];
} * seen;

static pid_t parent;

static int live(int index, void *arg)
{
    (void)arg;
    seen->pids[index] = getpid();
    prctl(PR_GET_NAME, seen->name);
    seen->starts[seen->started[index] % 64] = clock_monotonic();
    seen->started[index]++;
    pause();
    return EXIT_SUCCESS;
}

static int die(int index, void *arg)
{
    (void)arg;
    seen->starts[seen->started[index] % 64] = clock_monotonic();
    seen->started[index]++;
    return 3;
}

static void count_hangup(int signal)
{
    (void)signal;
    seen->hangups++;
}

static int live_on(int index, void *arg)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, count_hangup);
    while (live(index, arg) == EXIT_SUCCESS)
        ;
    return EXIT_FAILURE;
}

static void died(int index, int status, void *arg)
{
    (void)index;
    (void)arg;
    seen->deaths++;
    seen->last_status = status;
}

static pid_t watch(int index, pid_t pid, void *arg)
{
    (void)index;
    (void)arg;
    seen->watched++;
    return seen->watched == 3 ? pid : 0;
}

static char told[] = "/tmp/vedette-master.XXXXXX"; /* what the next program was told */

static pid_t fork_live(int index)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(live(index, NULL));
    return pid;
}

/* With so many children of a run before, whose indices are the last. */
static void start_after(struct master_child child, int grace, int before)
{
    static char sh[] = "sh", option[] = "-c";
    static char script[] = "echo $VEDETTE_HANDOVER >$0; exec sleep 60";
    static char *argv[] = {sh, option, script, told, NULL};
    const struct master_child kinds[] = {child, {0}};
    struct handover handover = {.argv = argv, .listen_fd = -1};
    parent = fork();
    if (parent != 0)
        return;
    /* Check's own handlers would end the test with its children. */
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    for (int index = COUNT_OF(seen->pids) - before; index < COUNT_OF(seen->pids); index++) {
        handover.children[handover.child_count++] = fork_live(index);
        while (!seen->pids[index])
            usleep(1000);
    }
    exit(master_run(kinds, grace, &handover));
}

static void start_parent(struct master_child child, int grace)
{
    start_after(child, grace, 0);
}

static void wait_until(volatile int *value, int least)
{
    for (int i = 0; i < 500 && *value < least; i++)
        usleep(10 * 1000);
    ck_assert_int_ge(*value, least);
}

static int stop_parent(int signal)
{
    int status = -1;
    kill(parent, signal);
    ck_assert_int_eq(waitpid(parent, &status, 0), parent);
    parent = 0;
    return status;
}

static bool is_gone(pid_t pid)
{
    for (int i = 0; i < 300; i++) {
        if (kill(pid, 0) != 0)
            return true;
        usleep(10 * 1000);
    }
    return false;
}

static void set_up(void)
{
    seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static void tear_down(void)
{
    if (parent)
        stop_parent(SIGKILL);
    munmap(seen, sizeof(*seen));
}

START_TEST(children_start_and_end_with_their_parent)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGQUIT};
    start_parent((struct master_child){.name = "unit", .run = live, .count = 2}, 5);
    wait_until(&seen->started[0], 1);
    wait_until(&seen->started[1], 1);
    ck_assert(strcmp(seen->name, "unit 0") == 0 || strcmp(seen->name, "unit 1") == 0);
    ck_assert_int_eq(stop_parent(signals[_i]), 0);
    ck_assert(is_gone(seen->pids[0]) && is_gone(seen->pids[1]));
}
END_TEST

START_TEST(killed_child_starts_again)
{
    start_parent((struct master_child){.name = "unit", .run = live, .count = 2, .died = died}, 5);
    wait_until(&seen->started[1], 1);
    pid_t first = seen->pids[1];
    kill(first, SIGKILL);
    wait_until(&seen->started[1], 2);
    ck_assert_int_eq(seen->deaths, 1);
    ck_assert(WIFSIGNALED(seen->last_status) && WTERMSIG(seen->last_status) == SIGKILL);
    ck_assert_int_ne(seen->pids[1], first);
    ck_assert_int_eq(seen->started[0], 1);
}
END_TEST

START_TEST(child_that_dies_young_waits_longer_each_time)
{
    start_parent((struct master_child){.name = "unit", .run = die, .count = 1, .died = died}, 5);
    wait_until(&seen->started[0], 4);
    ck_assert(WIFEXITED(seen->last_status) && WEXITSTATUS(seen->last_status) == 3);
    ck_assert_int_ge(seen->starts[1] - seen->starts[0], 50000);
    ck_assert_int_ge(seen->starts[2] - seen->starts[1], 100000);
    ck_assert_int_ge(seen->starts[3] - seen->starts[2], 200000);
}
END_TEST

START_TEST(watcher_ends_a_hung_child)
{
    start_parent(
        (struct master_child){
            .name = "unit", .run = live, .count = 1, .died = died, .watch = watch},
        5);
    wait_until(&seen->started[0], 2);
    ck_assert_int_eq(seen->deaths, 1);
}
END_TEST

START_TEST(hangup_is_passed_on)
{
    start_parent((struct master_child){.name = "unit", .run = live_on, .count = 1}, 1);
    wait_until(&seen->started[0], 1);
    kill(parent, SIGHUP);
    wait_until(&seen->hangups, 1);
}
END_TEST

START_TEST(child_that_does_not_end_is_killed)
{
    start_parent((struct master_child){.name = "unit", .run = live_on, .count = 1}, 1);
    wait_until(&seen->started[0], 1);
    int64_t asked = clock_monotonic();
    ck_assert_int_eq(stop_parent(SIGTERM), 0);
    ck_assert_int_ge(clock_monotonic() - asked, CLOCK_SECOND);
    ck_assert(is_gone(seen->pids[0]));
}
END_TEST

START_TEST(killed_parent_leaves_nobody_behind)
{
    start_parent((struct master_child){.name = "unit", .run = live_on, .count = 2}, 5);
    wait_until(&seen->started[0], 1);
    wait_until(&seen->started[1], 1);
    stop_parent(SIGKILL);
    ck_assert(is_gone(seen->pids[0]) && is_gone(seen->pids[1]));
}
END_TEST

static void read_told(char *text, size_t size)
{
    FILE *f = NULL;
    text[0] = '\0';
    for (int i = 0; i < 500 && !text[0]; i++) {
        usleep(10 * 1000);
        f = fopen(told, "re");
        ck_assert_ptr_nonnull(f);
        if (!fgets(text, (int)size, f))
            text[0] = '\0';
        fclose(f);
    }
}

START_TEST(next_program_takes_process_and_children_over)
{
    char expected[64], text[64];
    close(mkstemp(told));
    start_parent((struct master_child){.name = "unit", .run = live, .count = 2}, 5);
    wait_until(&seen->started[0], 1);
    wait_until(&seen->started[1], 1);
    kill(parent, SIGUSR2);
    read_told(text, sizeof(text));
    snprintf(expected, sizeof(expected), "-1 %d %d\n", seen->pids[0], seen->pids[1]);
    ck_assert_str_eq(text, expected);
    ck_assert(kill(seen->pids[0], 0) == 0 && kill(seen->pids[1], 0) == 0);
    stop_parent(SIGKILL);
    ck_assert(is_gone(seen->pids[0]) && is_gone(seen->pids[1]));
    unlink(told);
}
END_TEST

START_TEST(children_of_the_run_before_end_once_others_have_begun)
{
    start_after((struct master_child){.name = "unit", .run = live, .count = 1}, 5, 1);
    wait_until(&seen->started[0], 1);
    wait_until((volatile int *)&seen->pids[3], 1);
    ck_assert(is_gone(seen->pids[3]));
    ck_assert_int_eq(kill(seen->pids[0], 0), 0);
    ck_assert_int_eq(stop_parent(SIGTERM), 0);
}
END_TEST

START_TEST(handover_is_read_once)
{
    char *argv[] = {told, NULL};
    setenv("VEDETTE_HANDOVER", "-1 12 345", 1);
    struct handover h = handover_take(argv);
    ck_assert_int_eq(h.listen_fd, -1);
    ck_assert_int_eq(h.child_count, 2);
    ck_assert(h.children[0] == 12 && h.children[1] == 345);
    h = handover_take(argv);
    ck_assert_int_eq(h.child_count, 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, children_start_and_end_with_their_parent, 0, 3);
    tcase_add_test(tc, killed_child_starts_again);
    tcase_add_test(tc, child_that_dies_young_waits_longer_each_time);
    tcase_add_test(tc, watcher_ends_a_hung_child);
    tcase_add_test(tc, hangup_is_passed_on);
    tcase_add_test(tc, child_that_does_not_end_is_killed);
    tcase_add_test(tc, killed_parent_leaves_nobody_behind);
    tcase_add_test(tc, next_program_takes_process_and_children_over);
    tcase_add_test(tc, children_of_the_run_before_end_once_others_have_begun);
    tcase_add_test(tc, handover_is_read_once);
}

int main(void)
{
    return suite_run("master", add_tests);
}
