#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

#include "api/cli/command.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/settings.h"
#include "storage/pg.h"

static const struct command commands[] = {
    {"migrate", "", "bring the database to this version", 0, 0, command_migrate},
    {"setup", "", "make the first account, organization, team, project and key", 0, 0,
     command_setup},
    {"createuser", "E-MAIL [owner|manager|admin|member]",
     "make an account, or give one a new password; prints it", 1, 2, command_createuser},
    {"dsn", "[PROJECT]", "print the DSNs, of all projects or of one", 0, 1, command_dsn},
    {"status", "", "database, event log, digest, jobs", 0, 0, command_status},
    {"settings", "[manual]", "all settings with their values, or as a table", 0, 1,
     command_settings},
    {"check-settings", "", "exit 0 when the settings can be used", 0, 0, command_check_settings},
    {"routes", "", "every route of the web API", 0, 0, command_routes},
    {"poison", "", "list the records that were set aside", 0, 0, command_poison},
    {"replay-poison", "NUMBER|all", "digest a record that was set aside again", 1, 1,
     command_replay_poison},
    {"backup", "FOLDER", "write database, event log and blobs into a new folder", 1, 1,
     command_backup},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

int command_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("vedette: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return COMMAND_FAILED;
}

int command_print(struct buf *text)
{
    bool whole = buf_ok(text) && fwrite(text->data, 1, text->len, stdout) == text->len;
    buf_free(text);
    return whole && fflush(stdout) == 0 ? COMMAND_DONE : command_fail("the output was cut off");
}

struct pg *command_database(void)
{
    return pg_open(settings()->database, "vedette");
}

bool command_database_ok(const struct pg *db)
{
    static const char *const reasons[] = {
        [PG_AWAY] = "the database does not answer",
        [PG_CONFLICT] = "there is one of that name already",
        [PG_RETRY] = "the database is busy; try again",
        [PG_DATA] = "the database refused the values",
        [PG_BROKEN] = "the database refused the statement; its log says why",
    };
    enum pg_failure failure = pg_failed(db);
    if (failure != PG_OK)
        command_fail("%s", reasons[failure]);
    return failure == PG_OK;
}

static int print_help(FILE *to)
{
    fputs("usage: vedette COMMAND\n\n", to);
    for (const struct command *c = commands; c < commands + COMMANDS; c++)
        fprintf(to, "  %s %s\n      %s\n", c->name, c->words, c->help);
    return to == stdout ? COMMAND_DONE : COMMAND_MISUSED;
}

static const struct command *command_named(const char *name)
{
    for (const struct command *c = commands; c < commands + COMMANDS; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int run(const struct command *command, int count, char **words)
{
    struct arena *arena = arena_new((size_t)1 << 30);
    struct call call = {arena, count, words};
    int status = command->run(&call);
    arena_free(arena);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return print_help(stderr);
    const struct command *command = command_named(argv[1]);
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return print_help(stdout);
    if (!command || argc - 2 < command->least || argc - 2 > command->most)
        return print_help(stderr);
    if (sodium_init() < 0)
        return command_fail("the system gives no random numbers");
    settings_load();
    log_open("vedette", LOG_WARN);
    return run(command, argc - 2, argv + 2);
}
