/*
 * Regular expressions of scrubbing rules, for texts and for bytes (ingest.md §4.2).
 *
 * A pattern is compiled once and then only read, so any thread may use it; the matcher belongs to
 * one scrubbing.  Patterns come from a project's members and texts from anyone: what cannot be
 * searched in bounded time (back references, look-around, recursion) is no pattern here, each
 * search has a limit of steps, and all searches of one matcher together have one of time.  A search
 * that was given up says so, and the caller redacts what was not searched.
 */
#ifndef WORKER_SCRUB_PATTERN_H
#define WORKER_SCRUB_PATTERN_H

#include <stdint.h>

#include "base/str.h"

enum { PATTERN_GROUPS_MAX = 32, PATTERN_TEXT_MAX = 65536, PATTERN_TIME_MAX_US = 250000 };

enum pattern_flags {
    PATTERN_CASELESS = 1,
    PATTERN_TRUSTED = 2, /* ours: look-around is allowed */
};

struct pattern;

/* NULL when it is not a pattern. */
struct pattern *pattern_new(struct str source, unsigned flags);
void pattern_free(void *pattern);

struct matcher {
    void *match, *context; /* made by the first search */
    size_t until_clock;    /* bytes to go before the time is looked at */
    int64_t budget_us;     /* of time; 0: PATTERN_TIME_MAX_US */
    int64_t deadline;      /* on clock_monotonic() */
    bool exhausted;        /* out of time: every search is given up */
};

void matcher_free(void *matcher);

enum found { FOUND_NOTHING, FOUND_MATCH, FOUND_GIVEN_UP };

struct span {
    size_t start, end; /* a group that took no part has both at SIZE_MAX */
};

struct subject {
    struct str bytes;
    bool is_text; /* valid UTF-8 */
};

/* The first match that begins at `from` or later.  `groups` takes PATTERN_GROUPS_MAX spans. */
enum found pattern_find(const struct pattern *p, struct matcher *m, struct subject subject,
                        size_t from, struct span *groups);

#endif
