/*
 * What scrub_event() costs: bench_scrub FILE… prints microseconds an event, the best and the mean
 * of many rounds, with the settings a new project has and with addresses scrubbed as well.  Under
 * callgrind, --toggle-collect=scrub_event counts the instructions of nothing else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/settings.h"
#include "worker/digest/normalize.h"
#include "worker/scrub/scrubber.h"

enum { ROUNDS = 200, FILE_MAX = 16 << 20, DEPTH_MAX = 128 };

static int64_t time_one(struct arena *a, const struct scrubber *s, struct str payload)
{
    const char *error;
    struct event out = {0};
    struct log_record record = {.received = clock_now(), .client_ip = S("203.0.113.7")};
    struct normalizer n = {.arena = a,
                           .record = &record,
                           .item_type = ITEM_EVENT,
                           .event = jt_read(a, payload, DEPTH_MAX, &error),
                           .out = &out};
    if (!n.event)
        exit(EXIT_FAILURE);
    normalize_event(&n);
    struct scrub_notes notes = {n.meta.tree, n.meta.errors};
    int64_t before = clock_monotonic();
    scrub_event(s, a, n.event, &notes);
    int64_t cost = clock_monotonic() - before;
    arena_reset(a);
    return cost;
}

static void measure(const char *path, const struct scrubber *s, struct str payload)
{
    struct arena *a = arena_new((size_t)512 << 20);
    int64_t best = INT64_MAX, sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t cost = time_one(a, s, payload);
        best = cost < best ? cost : best;
        sum += cost;
    }
    printf("%8zu bytes  best %4lld us  mean %6.1f us  %s\n", payload.n, (long long)best,
           (double)sum / ROUNDS, path);
    arena_free(a);
}

int main(int count, char **paths)
{
    static char bytes[FILE_MAX];
    const char *error;
    struct scrub_options options = scrub_options_of_project;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    options.scrub_ip_addresses = getenv("SCRUB_ADDRESSES") != NULL;
    struct scrubber *s = scrubber_new(&scrub_options_of_organization, &options, &error);
    for (int i = 1; s && i < count; i++) {
        FILE *file = fopen(paths[i], "re");
        if (!file)
            continue;
        size_t n = fread(bytes, 1, sizeof(bytes), file);
        fclose(file);
        measure(paths[i], s, (struct str){bytes, n});
    }
    scrubber_free(s);
    return 0;
}
