/* Any JSON as the samples of a profile: checked, and what is sound is cleaned and still sound. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "worker/digest/profile_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *error;
    struct arena *a = arena_new(512 << 20);
    struct jt *profile = jt_read(a, (struct str){(const char *)data, size}, 64, &error);
    struct profile_samples s = {.profile = profile, .time_key = S("timestamp")};
    if (profile && !profile_samples_check(&s).p) {
        profile_samples_clean(a, &s, 1, INFINITY);
        if (s.count && profile_samples_check(&s).p)
            abort();
    }
    arena_free(a);
    return 0;
}
