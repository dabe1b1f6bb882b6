#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "api/cli/command.h"
#include "base/clock.h"
#include "base/settings.h"

extern char **environ;

enum { WORDS_MAX = 8 };

/* Runs a program with its arguments, of which NULL is the last; true when it ended well. */
static bool run(struct call *call, const char *const *words)
{
    char *copies[WORDS_MAX] = {0};
    for (int i = 0; words[i] && i < WORDS_MAX - 1; i++)
        copies[i] = arena_strdup(call->arena, str_of(words[i]));
    pid_t child;
    int status = -1;
    if (posix_spawnp(&child, copies[0], NULL, NULL, copies, environ) != 0) {
        command_fail("%s cannot be run", words[0]);
        return false;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool dump_database(struct call *call, const char *folder)
{
    const char *file = arena_printf(call->arena, "--file=%s/database.dump", folder);
    const char *database = arena_printf(call->arena, "--dbname=%s", settings()->database);
    return run(call, (const char *[]){"pg_dump", "--format=custom", file, database, NULL});
}

static bool copy_folder(struct call *call, const char *name, const char *folder)
{
    const char *from = arena_printf(call->arena, "%s/%s", settings()->data_dir, name);
    return run(call, (const char *[]){"cp", "-a", from, folder, NULL});
}

/* The order makes it whole while everything runs: the dump holds the digest's position of one
 * moment, the log copied after it holds all that came later (consumed segments stay for
 * eventlog_keep_seconds), and blobs never change once written.  A digest started on the copy goes
 * on from that position. */
int command_backup(struct call *call)
{
    const char *folder = call->words[0];
    int64_t started = clock_monotonic();
    if (mkdir(folder, 0700) != 0)
        return command_fail("%s: %s", folder,
                            errno == EEXIST ? "exists; name a new folder" : "cannot be made");
    if (!dump_database(call, folder))
        return command_fail("the database could not be dumped");
    if (!copy_folder(call, "log", folder) || !copy_folder(call, "blobs", folder))
        return command_fail("the event log or the blobs could not be copied");
    if (clock_monotonic() - started > settings()->eventlog_keep_seconds * CLOCK_SECOND)
        return command_fail("copying took longer than eventlog_keep_seconds, so events may miss; "
                            "raise it and try again");
    printf("Everything is in %s\n", folder);
    return COMMAND_DONE;
}
