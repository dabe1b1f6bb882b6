/*
 * Protection against requests that a foreign page makes a signed-in browser send: the value of the
 * readable cookie `csrf` must come back in the header X-CSRFToken, which a foreign page can neither
 * read nor set.
 *
 * While signed in the value is derived from the session's secret, so a cookie planted from another
 * subdomain is worth nothing; before signing in it is random and only compared.  Any thread may
 * call, once sodium_init() has run.
 */
#ifndef AUTH_CSRF_H
#define AUTH_CSRF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* The value that belongs to a session's secret, and one for who has no session: 64 hex digits. */
struct str csrf_of_session(struct arena *a, struct str secret);
struct str csrf_random(struct arena *a);

/* Whether both are the same value, in time that does not tell where they differ; never true for
 * values of another shape. */
bool csrf_equal(struct str sent, struct str expected);

#endif
