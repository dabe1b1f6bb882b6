/*
 * The rules of uap-core (Debian package uap-core, Apache-2.0): three lists of regular expressions
 * that tell browser, system and device from a User-Agent header, of which in each list the first
 * that matches counts.  The lists are made from the package's regexes.yaml when Vedette is built.
 *
 * An expression is compiled, with JIT, when it first runs; a prefilter keeps most from ever
 * running.  Expressions backtrack, and headers are hostile: a search has a budget of steps, after
 * which the text counts as unknown.  Any thread may call.
 */
#ifndef WORKER_DIGEST_USER_AGENT_RULES_H
#define WORKER_DIGEST_USER_AGENT_RULES_H

#include "worker/digest/prefilter.h"

enum { USER_AGENT_GROUPS = 10, USER_AGENT_PARTS = 4 };

enum user_agent_list { USER_AGENT_BROWSER, USER_AGENT_OS, USER_AGENT_DEVICE, USER_AGENT_LISTS };

/* parts: family and version 1 to 3, or device, brand and model; NULL stands for the group that is
 * its default, other texts may hold $1 to $9. */
struct user_agent_rule {
    const char *expression;
    bool caseless;
    const char *parts[USER_AGENT_PARTS];
};

/* The first rule that matches a text of valid UTF-8, and what its groups caught (absent where a
 * group caught nothing); NULL when none does.  `set` is the text's. */
const struct user_agent_rule *user_agent_rules_find(enum user_agent_list list,
                                                    const struct prefilter *set, struct str text,
                                                    struct str groups[USER_AGENT_GROUPS]);

/* Compiles every expression; false, after saying which on stderr, when one cannot be.  For tests.
 */
bool user_agent_rules_check(void);

#endif
