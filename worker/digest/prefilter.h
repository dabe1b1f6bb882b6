/*
 * Tells cheaply that a text cannot match a regular expression, so that of a long list of
 * expressions only a few have to run.
 *
 * prefilter_needs() reads an expression once and writes down which pairs and triples of bytes every
 * match must contain, as a short program; prefilter_allows() holds the program against the set of
 * pairs and triples of one text.  It may allow what does not match, it never refuses what does.
 * Letters count as equal whatever their case.
 *
 * Understood are sequences, groups, alternatives, classes and quantifiers; an expression with
 * anything else (look-around, back references, inline options) has no needs and is always allowed.
 * Nothing here fails.  Any thread may call.
 */
#ifndef WORKER_DIGEST_PREFILTER_H
#define WORKER_DIGEST_PREFILTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
    PREFILTER_GRAMS = 16384,    /* bits of the set; hashes of pairs and triples fall into it */
    PREFILTER_NEEDS_MAX = 1024, /* numbers in a program; longer ones lose their last conditions */
};

struct prefilter {
    uint64_t bits[PREFILTER_GRAMS / 64];
};

void prefilter_read(struct prefilter *p, struct str text);

/* Writes the program, returns its length: at least 1, at most PREFILTER_NEEDS_MAX. */
size_t prefilter_needs(struct str expression, uint16_t out[PREFILTER_NEEDS_MAX]);

bool prefilter_allows(const struct prefilter *p, const uint16_t *needs);

/* False when the text cannot hold `part`, whatever the case of its letters. */
bool prefilter_may_have(const struct prefilter *p, struct str part);

#endif
