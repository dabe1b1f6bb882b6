/*
 * What one scan over a text tells about it, so that most rules can be ruled out without their
 * regular expression: a card number needs fifteen digits, an address an @, and so on.
 *
 * Everything here may say "perhaps" wrongly, never "no"; only the two letters outside ASCII that
 * count as s and k where case does not matter are not taken for these.  Any thread may call.
 */
#ifndef WORKER_SCRUB_TRAITS_H
#define WORKER_SCRUB_TRAITS_H

#include <stdint.h>

#include "base/str.h"

enum trait {
    HAS_DIGIT = 1,
    HAS_AT = 2,
    HAS_SLASH = 4, /* or a backslash */
    HAS_COLON = 8,
    HAS_DASH = 16,
    HAS_DOT = 32,
    HAS_BLANK = 64,
};

struct traits {
    unsigned present; /* enum trait */
    size_t digits, size;
};

struct traits traits_of(struct str text);

/* Words, of which a text may contain one or more, whatever the case of letters: a set of three
 * bytes of each word, ASCII letters without their case. */
struct wordset {
    uint8_t bits[4096];
    bool every; /* holds a word too short or too foreign to be told by three bytes */
};

void wordset_add(struct wordset *set, struct str word);
bool wordset_hit(const struct wordset *set, struct str text);

/* Are there so many letters and digits of ASCII in a row? */
bool text_has_run(struct str text, size_t length);

#endif
