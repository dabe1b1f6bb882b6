/*
 * `vedette`, the operator's tool: a table of commands, one function each.
 *
 * A command gets the words after its name and returns the program's exit status: 0 done, 1 failed
 * (a sentence went to standard error), 2 called wrongly.  What it allocates lives in its arena
 * until the program ends.  One thread.
 */
#ifndef API_CLI_COMMAND_H
#define API_CLI_COMMAND_H

#include "base/arena.h"
#include "base/str.h"

struct pg;

enum { COMMAND_DONE, COMMAND_FAILED, COMMAND_MISUSED };

struct call {
    struct arena *arena;
    int count;
    char **words;
};

struct command {
    const char *name;
    const char *words; /* as shown in the help */
    const char *help;
    int least, most; /* number of words */
    int (*run)(struct call *call);
};

/* The instance's database, with the settings' connection string. */
struct pg *command_database(void);

/* Whether the statements so far went well; else says in one line why not. */
bool command_database_ok(const struct pg *db);

/* "vedette: " and the sentence on standard error; returns COMMAND_FAILED. */
int command_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the buffer and frees it. */
struct buf;
int command_print(struct buf *text);

int command_backup(struct call *call);
int command_check_settings(struct call *call);
int command_createuser(struct call *call);
int command_dsn(struct call *call);
int command_migrate(struct call *call);
int command_poison(struct call *call);
int command_replay_poison(struct call *call);
int command_routes(struct call *call);
int command_settings(struct call *call);
int command_setup(struct call *call);
int command_status(struct call *call);

#endif
