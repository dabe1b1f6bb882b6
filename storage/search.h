/*
 * The query language: "is:unresolved !browser:Chrome* timesSeen:>10 timeout" -> terms.
 *
 * One reader for every place that takes a query (api.md §4.1); what a term means there is for
 * storage/issue_search.h and storage/event_search.h to say.  Neighbouring terms are ANDed; words
 * that belong to no key become one free-text term.  Boolean operators are refused, as Sentry's
 * issue search does.
 *
 * Terms live in the arena.  Outside text: lengths and counts are bounded here.
 */
#ifndef STORAGE_SEARCH_H
#define STORAGE_SEARCH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "storage/search_value.h"

enum { SEARCH_TERMS_MAX = 16, SEARCH_VALUES_MAX = 100, SEARCH_LENGTH_MAX = 4096 };

enum search_kind {
    SEARCH_FREE, /* words; no key */
    SEARCH_TEXT,
    SEARCH_NUMBER,  /* durations too, in milliseconds; percentages as a fraction */
    SEARCH_DATE,    /* EQ: between from and to; else compare with at */
    SEARCH_BOOLEAN, /* a negated one is flipped already */
    SEARCH_HAS,     /* NE: has not */
    SEARCH_IS,
};

enum search_operator {
    SEARCH_EQ,
    SEARCH_NE,
    SEARCH_LT,
    SEARCH_LE,
    SEARCH_GT,
    SEARCH_GE,
};

/* The operator in front of a comparable value, cut off *text; SEARCH_EQ where none stands. */
enum search_operator search_take_operator(struct str *text);

struct search_value {
    struct str text; /* of a wildcard as written, backslashes kept; else plain */
    bool wildcard;   /* an unescaped * in it */
    double number;
    bool truth;
    struct search_moment date;
};

struct search_term {
    enum search_kind kind;
    enum search_operator comparison; /* a list: EQ is IN, NE is NOT IN */
    struct str key;                  /* "tags[x]" comes as x with is_tag set */
    bool is_tag;
    bool is_aggregate; /* key is "fn(arguments)" */
    bool is_list;
    struct search_value *values;
    size_t count;
};

struct search {
    struct search_term *terms;
    size_t count;
};

/* False when the text cannot be read: *error then says why, for the person who typed it.  `now`
 * anchors relative dates. */
bool search_parse(struct arena *a, struct str text, int64_t now, struct search *out,
                  const char **error);

/* A wildcard's text as a pattern of SQL's LIKE, with backslash as its escape. */
struct str search_like(struct arena *a, struct str wildcard);
/* "contains", for LIKE: the text itself, its own special characters escaped. */
struct str search_contains(struct arena *a, struct str text);

#endif
