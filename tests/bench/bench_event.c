/*
 * What event_understand() costs: bench_event FILE… prints microseconds an event, the best and the
 * mean of many rounds.  The best is what the code costs, the mean what this machine was busy with.
 * Under callgrind, --toggle-collect=scrub_event counts the instructions of scrubbing alone.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/settings.h"
#include "worker/digest/event.h"
#include "worker/digest/policy.h"

enum { ROUNDS = 3000, FILE_MAX = 16 << 20 };

static int64_t time_one(struct arena *a, struct str payload)
{
    struct log_item item = {.type = ITEM_EVENT, .payload = payload};
    struct log_record record = {.received = clock_now(), .client_ip = S("203.0.113.7")};
    struct event event;
    struct event_refusal refusal;
    const struct event_source source = {&record, &item, policy_usual()};
    int64_t before = clock_monotonic();
    event_understand(a, &source, &event, &refusal);
    int64_t cost = clock_monotonic() - before;
    arena_reset(a);
    return cost;
}

static void measure(const char *path, struct arena *a, struct str payload)
{
    int64_t best = INT64_MAX, sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t cost = time_one(a, payload);
        best = cost < best ? cost : best;
        sum += cost;
    }
    printf("%8zu bytes  best %4lld us  mean %6.1f us  %s\n", payload.n, (long long)best,
           (double)sum / ROUNDS, path);
}

int main(int count, char **paths)
{
    static char bytes[FILE_MAX];
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    struct arena *a = arena_new((size_t)512 << 20);
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(paths[i], "re");
        if (!file)
            continue;
        size_t n = fread(bytes, 1, sizeof(bytes), file);
        fclose(file);
        measure(paths[i], a, (struct str){bytes, n});
    }
    arena_free(a);
    return 0;
}
