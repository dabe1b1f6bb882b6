/*
 * The key of a search term: where it ends, and what kind of value it takes.  For storage/search.c.
 */
#ifndef STORAGE_SEARCH_KEY_H
#define STORAGE_SEARCH_KEY_H

#include "base/str.h"

enum search_class {
    CLASS_TEXT,
    CLASS_TEXT_COMPARED, /* text, but < and > count: versions */
    CLASS_NUMBER,
    CLASS_DURATION, /* a plain number means milliseconds */
    CLASS_PERCENTAGE,
    CLASS_DATE,
    CLASS_BOOLEAN,
    CLASS_HAS,
    CLASS_IS,
};

struct search_key {
    struct str name; /* without quotes or "tags[]"; of an aggregate all of it */
    enum search_class kind;
    bool is_tag, is_aggregate;
    size_t length; /* bytes up to and with the colon */
};

/* Reads `key:` at the beginning of s; false when s does not begin with one. */
bool search_key(struct str s, struct search_key *out);

/* Bytes of the leading plain or quoted key without colon, 0 when there is none: for has:key. */
size_t search_key_name(struct str s, struct str *name);

#endif
