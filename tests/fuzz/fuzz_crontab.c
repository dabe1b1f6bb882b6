/* Any crontab: what is accepted has a next time that matches, is later, and is the same when its
 * plain form is read again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/crontab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t from = INT64_C(1795255200000000); /* 2026-11-21T10:00 */
    struct arena *a = arena_new((size_t)1 << 20);
    struct crontab one, two;
    if (crontab_parse(a, (struct str){(const char *)data, size}, &one)) {
        int64_t next = crontab_next(&one, from);
        if (next <= from || next == CLOCK_MOST || !crontab_matches(&one, next))
            abort();
        if (!crontab_parse(a, one.text, &two) || crontab_next(&two, from) != next)
            abort();
    }
    arena_free(a);
    return 0;
}
