#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "api/cli/command.h"
#include "base/settings.h"

extern char **environ;

/* Runs a program with its arguments; true when it ended well. */
static bool run(char *const words[])
{
    pid_t child;
    int status = -1;
    if (posix_spawnp(&child, words[0], NULL, NULL, words, environ) != 0) {
        command_fail("%s cannot be run", words[0]);
        return false;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool dump_database(struct call *call, const char *folder)
{
    char *words[] = {"pg_dump",
                     "--format=custom",
                     arena_printf(call->arena, "--file=%s/database.dump", folder),
                     arena_printf(call->arena, "--dbname=%s", settings()->database),
                     NULL};
    return run(words);
}

static bool copy_folder(struct call *call, const char *name, const char *folder)
{
    char *words[] = {"cp", "-a", arena_printf(call->arena, "%s/%s", settings()->data_dir, name),
                     arena_printf(call->arena, "%s/", folder), NULL};
    return run(words);
}

/* The order makes it whole while everything runs: the dump holds the digest's position of one moment,
 * the log copied after it holds all that came later (consumed segments stay for
 * eventlog_keep_seconds), and blobs never change once written.  A digest started on the copy goes on
 * from that position. */
int command_backup(struct call *call)
{
    const char *folder = call->words[0];
    if (mkdir(folder, 0700) != 0)
        return command_fail("%s: %s", folder,
                            errno == EEXIST ? "exists; name a new folder" : "cannot be made");
    if (!dump_database(call, folder))
        return command_fail("the database could not be dumped");
    if (!copy_folder(call, "log", folder) || !copy_folder(call, "blobs", folder))
        return command_fail("the event log or the blobs could not be copied");
    printf("Everything is in %s\n", folder);
    return COMMAND_DONE;
}
