#include "auth/password.h"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/settings.h"
#include "tests/unit/suite.h"

static char folder[] = "/tmp/vedette-password-XXXXXX";
static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

START_TEST(right_and_wrong_passwords)
{
    struct str stored = password_hash(arena, S("correct horse"));
    ck_assert(str_starts(stored, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    ck_assert_int_eq(password_verify(arena, stored, S("correct horse")), PASSWORD_RIGHT);
    ck_assert_int_eq(password_verify(arena, stored, S("correct horse ")), PASSWORD_WRONG);
    ck_assert_int_eq(password_verify(arena, stored, S("")), PASSWORD_WRONG);
    ck_assert_int_eq(password_verify(arena, S("not a hash"), S("x")), PASSWORD_WRONG);
    ck_assert(!password_is_outdated(arena, stored));
    ck_assert(password_is_outdated(arena, S("$argon2id$v=19$m=8192,t=1,p=1$RCwTCjBXKdNLEGF+dJtaHQ$"
                                            "W3KFZFDGrHnWWdMNKe7ihpgK3CDfpBd4sPvbQk+zMTE")));
}
END_TEST

/* Of the processor, so that a busy machine does not decide. */
static int64_t processor_time(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return spent.tv_sec * INT64_C(1000000) + spent.tv_nsec / 1000;
}

static int64_t time_of(struct str stored)
{
    int64_t started = processor_time();
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(password_verify(arena, stored, S("wrong")), PASSWORD_WRONG);
    return processor_time() - started;
}

START_TEST(unknown_user_takes_as_long)
{
    struct str stored = password_hash(arena, S("correct horse"));
    int64_t known = time_of(stored), unknown = time_of((struct str){0});
    ck_assert_int_gt(unknown, known / 3);
    ck_assert_int_lt(unknown, known * 3);
}
END_TEST

static atomic_int busy, done;

static void *hash_one(void *arg)
{
    struct arena *own = arena_new(1 << 20);
    struct str stored = password_hash(own, S("x"));
    atomic_fetch_add(stored.p ? &done : &busy, 1);
    arena_free(own);
    return arg;
}

/* One computes, eight wait: of twenty at once at least nine are served and some are turned away. */
START_TEST(queue_has_eight_places)
{
    pthread_t threads[20];
    char path[100];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    snprintf(path, sizeof(path), "%s/password.lock", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &whole), 0);
    for (int i = 0; i < COUNT_OF(threads); i++)
        pthread_create(&threads[i], NULL, hash_one, NULL);
    while (atomic_load(&busy) < COUNT_OF(threads) - 8)
        usleep(1000);
    usleep(50 * 1000);
    ck_assert_int_eq(atomic_load(&done), 0);
    ck_assert_int_eq(atomic_load(&busy), COUNT_OF(threads) - 8);
    close(fd);
    for (int i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&done), 8);
}
END_TEST

START_TEST(killed_process_gives_its_place_back)
{
    char path[100];
    struct flock first = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 9};
    snprintf(path, sizeof(path), "%s/password.lock", folder);
    pid_t child = fork();
    if (child == 0) {
        fcntl(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), F_OFD_SETLKW, &first);
        pause();
    }
    while (password_hash(arena, S("x")).p)
        usleep(1000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ck_assert_ptr_nonnull(password_hash(arena, S("x")).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, right_and_wrong_passwords);
    tcase_add_test(tc, unknown_user_takes_as_long);
    tcase_add_test(tc, queue_has_eight_places);
    tcase_add_test(tc, killed_process_gives_its_place_back);
}

int main(void)
{
    if (sodium_init() < 0 || !mkdtemp(folder))
        return EXIT_FAILURE;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_RUN_DIR", folder, 1);
    settings_load();
    int failed = suite_run("password", add_tests);
    char path[100];
    snprintf(path, sizeof(path), "%s/password.lock", folder);
    unlink(path);
    rmdir(folder);
    return failed;
}
