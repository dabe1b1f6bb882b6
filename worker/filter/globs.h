/*
 * A list of glob patterns that ignore case, as project options hold them: releases, error messages,
 * transaction names.  In an arena; any thread may match.
 */
#ifndef WORKER_FILTER_GLOBS_H
#define WORKER_FILTER_GLOBS_H

#include "base/glob.h"
#include "base/jt.h"

enum { GLOBS_MAX = 1000 }; /* of one list; more are passed over */

struct globs_entry {
    struct globs_entry *next;
    const struct glob *glob;
};

struct globs {
    struct globs_entry *first;
    size_t count;
};

/* Adds the patterns of a list of texts, or of a text with one a line; blanks around them, empty
 * ones and those that are no patterns go.  NULL adds none. */
void globs_add(struct arena *a, struct globs *g, const struct jt *patterns);
void globs_add_text(struct arena *a, struct globs *g, struct str pattern);

/* Whether one matches a text that is folded already (text_fold); an absent text matches none. */
bool globs_match(const struct globs *g, struct str folded);

#endif
