#include "worker/digest/policy.h"

#include <pthread.h>
#include <stdlib.h>

#define SETTINGS_LIMIT ((size_t)1 << 20)

static struct policy usual;

static void compile(void)
{
    const char *error = NULL;
    usual.arena = arena_new(SETTINGS_LIMIT);
    usual.filters = filter_settings_read(usual.arena, NULL);
    usual.scrubber =
        scrubber_new(&scrub_options_of_organization, &scrub_options_of_project, &error);
    if (!usual.scrubber)
        abort();
}

const struct policy *policy_usual(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, compile);
    return &usual;
}
