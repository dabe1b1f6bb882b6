/*
 * How often somebody may do something: a token bucket per key, shared by all children of a program.
 *
 * ratelimit_start() maps the table before the children fork.  Buckets are single atomic words, so
 * no child can die holding a lock; when the table is full the bucket that is fullest again gives
 * way. Without ratelimit_start() nothing is limited (unit tests, other programs).  Any thread may
 * call.
 */
#ifndef AUTH_RATELIMIT_H
#define AUTH_RATELIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* `burst` at once, and one more every refill_us. */
struct ratelimit_rule {
    int64_t burst, refill_us;
};

struct ratelimit_verdict {
    bool allowed;
    int64_t remaining; /* that would be allowed at once */
    int64_t retry_us;  /* until one is allowed again; 0 when one is */
    int64_t reset_us;  /* until the bucket is full again */
};

void ratelimit_start(void);

/* Takes one from the key's bucket, or nothing when it is empty.  The key names the kind of thing
 * too
 * ("login-ip:192.0.2.7"). */
struct ratelimit_verdict ratelimit_take(struct str key, const struct ratelimit_rule *rule);

/* Gives one back: it did not count after all. */
void ratelimit_return(struct str key, const struct ratelimit_rule *rule);

#endif
