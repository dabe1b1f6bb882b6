/*
 * Reads the elements of an XML text that hold nothing but text, as reports of crashes do:
 *
 *   <Properties><Name>value</Name>…  ->  parent "Properties", name "Name", text "value"
 *
 * Attributes, comments, instructions and document types are passed over; there are no entities but
 * the five of XML and numbers, so nothing can expand.  A text that is broken ends where it breaks.
 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/arena.h"
#include "base/str.h"

enum { XML_DEPTH_MAX = 16 };

/* Its fields are the reader's own. */
struct xml {
    struct arena *arena;
    struct str rest;
    struct str open[XML_DEPTH_MAX]; /* names of the elements around, outermost first */
    unsigned depth;
    const char *content; /* where the innermost began; NULL: it has elements inside */
};

struct xml_leaf {
    struct str parent; /* absent: the document itself */
    struct str name, text;
};

void xml_begin(struct xml *x, struct arena *a, struct str text);
bool xml_next(struct xml *x, struct xml_leaf *leaf); /* false at the end */

#endif
