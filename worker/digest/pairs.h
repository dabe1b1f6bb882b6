/*
 * Lists of [key, value] pairs, as tags, headers, cookies and query strings come and are stored.
 * SDKs send an object or a list of pairs; both become a list of two-element lists in the order
 * sent.  All in the arena.
 */
#ifndef WORKER_DIGEST_PAIRS_H
#define WORKER_DIGEST_PAIRS_H

#include "base/jt.h"

/* NULL when it is neither an object nor a list; members of a list that are no pairs go. */
struct jt *pairs_of(struct arena *a, const struct jt *v);
void pairs_add(struct arena *a, struct jt *pairs, struct str key, struct jt *value);

struct jt *pair_key(const struct jt *pair);
struct jt *pair_value(const struct jt *pair);
/* The value of the first pair with that key, whatever the case of its letters; NULL when none. */
struct jt *pairs_get(const struct jt *pairs, struct str key);

/* "a=1&b=2" and "a=b; c=d", both percent-decoded; parts without "=" have an empty value.  At most
 * 2,000 pairs. */
struct jt *pairs_of_query(struct arena *a, struct str query);
struct jt *pairs_of_cookies(struct arena *a, struct str cookies);

#endif
