#include "base/priority.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/suite.h"

/* A child that waits; in a session of its own when that is asked for. */
static pid_t start_child(bool own_session)
{
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        if (own_session)
            setsid();
        if (write(ready[1], "x", 1) == 1)
            pause();
        _exit(0);
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void end_child(pid_t child)
{
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

/* The nice value of a session, or -1 where the kernel does not share out by session. */
static int session_nice(pid_t process)
{
    char path[64];
    int nice = -1;
    snprintf(path, sizeof(path), "/proc/%d/autogroup", (int)process);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "/autogroup-%*d nice %d", &nice) != 1)
        nice = -1;
    if (f)
        fclose(f);
    return nice;
}

START_TEST(a_process_and_its_session_get_a_smaller_share)
{
    pid_t child = start_child(true);
    bool by_session = session_nice(child) >= 0;
    int before = getpriority(PRIO_PROCESS, 0);
    priority_lower(child, PRIORITY_BEHIND);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)child),
                     before > PRIORITY_BEHIND ? before : PRIORITY_BEHIND);
    ck_assert_int_eq(session_nice(child), by_session ? PRIORITY_BEHIND : -1);
    end_child(child);
}
END_TEST

START_TEST(a_session_of_others_keeps_its_share)
{
    int before = session_nice(getpid());
    pid_t child = start_child(false);
    priority_lower(child, PRIORITY_REST);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)child), PRIORITY_REST);
    ck_assert_int_eq(session_nice(getpid()), before);
    end_child(child);
}
END_TEST

START_TEST(parent_of_a_process)
{
    pid_t child = start_child(false);
    ck_assert_int_eq(process_parent(child), getpid());
    end_child(child);
    ck_assert_int_eq(process_parent(child), 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, a_process_and_its_session_get_a_smaller_share);
    tcase_add_test(tc, a_session_of_others_keeps_its_share);
    tcase_add_test(tc, parent_of_a_process);
}

int main(void)
{
    return suite_run("priority", add_tests);
}
