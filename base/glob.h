/*
 * Patterns as people write them for whole texts: * any run of characters, ? any one, {a,b} one of
 * several (which may hold wildcards and braces of their own), [a-z] [!a-z] one of a class,
 * \ takes the next character literally.  A bracket or brace that is never closed stands for itself.
 *
 * Case counts; who does not care folds pattern and text (text_fold).  Text and pattern are valid
 * UTF-8.  A match costs at most the length of the text times that of the pattern, and usually one
 * search for each literal part: runs never backtrack.  Any thread may match.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/arena.h"

enum { GLOB_BYTES_MAX = 1024, GLOB_CHOICES_MAX = 64 };

struct glob;

/* NULL when the pattern is longer than GLOB_BYTES_MAX, or its braces stand for more than
 * GLOB_CHOICES_MAX patterns or are too many.  Borrows the pattern. */
const struct glob *glob_compile(struct arena *a, struct str pattern);

bool glob_matches(const struct glob *g, struct str text);

#endif
