/*
 * The rules that every configuration knows (ingest.md §4.2, §4.3): @ip, @email:mask, @common and
 * their like, and the patterns behind the rule types.  Patterns are compiled on first use, once for
 * the process.  Any thread may call.
 */
#ifndef WORKER_SCRUB_BUILTIN_H
#define WORKER_SCRUB_BUILTIN_H

#include "worker/scrub/rule.h"

/* Fills the probes of a type that has its patterns built in. */
void builtin_probes(enum rule_type type, struct rule *rule);

/* "@ip:mask" and the like; false when there is no such rule.  `id` of the rule is that of the rule
 * it stands for, `origin` the name asked for. */
bool builtin_rule(struct str id, struct rule *rule);

/* The names a built-in collection such as "@common:filter" stands for, with the suffix that goes
 * on each; NULL when it is none. */
const struct str *builtin_collection(struct str id, size_t *count, struct str *suffix);

#endif
