/*
 * One rule on one text: finds what the rule is about and puts its redaction there (ingest.md §4.3,
 * §4.4).  What was redacted before, by a rule or by trimming, is never matched again.
 *
 * All in the arena; one thread.
 */
#ifndef WORKER_SCRUB_REDACT_H
#define WORKER_SCRUB_REDACT_H

#include "worker/scrub/remark.h"
#include "worker/scrub/rule.h"

/* The last answer of wordset_hit(): rules ask for the same words over and over. */
struct asked {
    const struct wordset *words;
    bool hit;
};

struct redacting {
    struct arena *arena;
    struct matcher *matcher;
    struct str key;       /* the name of the value, or absent */
    struct str text;      /* as it is now; absent when the value is no text */
    struct traits traits; /* of that text */
    struct asked of_key, of_text;
    bool split, changed; /* `stretches` holds the text; some rule changed it */
    struct stretches stretches;
};

enum verdict { VALUE_STAYS, VALUE_REMOVED };

/* A value about to be scrubbed: a text, or absent. */
struct redacting redact_begin(struct arena *a, struct matcher *m, struct str key, struct str text);

/* Could the rule do anything to this value?  Costs no search. */
bool redact_possible(struct redacting *r, const struct rule *rule);

/* Applies the rule to a text.  VALUE_REMOVED: the whole value must go.  `at` may be NULL: there are
 * no remarks about it. */
enum verdict redact_text(struct redacting *r, const struct rule *rule,
                         const struct remark_place *at);

/* Does the rule, one that looks at names or at anything, remove a value that is no text? */
bool redact_removes(struct redacting *r, const struct rule *rule);

/* "AE12FE3B…": forty hex digits. */
struct str redact_hash(struct arena *a, struct str key, struct str bytes);

#endif
