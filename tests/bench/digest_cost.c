/*
 * Digests bodies of the load generator in this process and prints nothing: to be run under
 * callgrind, which counts the instructions of each step.
 *
 *   tests/scratch_postgres.sh digest_cost COUNT SPANS      SPANS 0: errors of 3 KiB
 *
 * Collect within batch_add and batch_write only, so that neither making the bodies nor the schema
 * counts.  What PostgreSQL itself does is in no figure.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/settings.h"
#include "storage/migrate.h"
#include "storage/partitions.h"
#include "tests/bench/payload.h"
#include "worker/digest/write.h"

enum { BATCH = 500, EVENT_SIZE = 3072, SEED = 7 };

static void need(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "digest_cost: %s failed\n", what);
    exit(EXIT_FAILURE);
}

static struct uuid prepare(struct pg *db, struct arena *a)
{
    struct buf report;
    struct uuid log = uuid_random();
    buf_init(&report, 65536);
    need(migrate_run(db, &report), "the schema");
    buf_free(&report);
    need(partitions_make(db, a, clock_now() - CLOCK_DAY, 3), "making partitions");
    need(pg_script(db, arena_printf(a,
                                    "insert into organization (slug, name, date_created) values "
                                    "('one', 'One', now());"
                                    "insert into project (organization_id, slug, name, "
                                    "date_created) values (1, 'web', 'Web', now());"
                                    "insert into log_cursor values ('%.*s', 0, 0, now())",
                                    STR_ARG(uuid_text(a, log)))),
         "making a project");
    return log;
}

/* The envelope's third line: the only item's payload. */
static struct str item_payload(const struct payload *p)
{
    const char *header = memchr(p->bytes, '\n', p->size);
    const char *payload = (const char *)memchr(header + 1, '\n', p->size) + 1;
    return (struct str){payload, (size_t)(p->bytes + p->size - payload) - 1};
}

static void add(struct batch *batch, struct arena *a, const struct payload *p, bool is_transaction)
{
    static struct arena *scratch; /* batch_add() resets it */
    scratch = scratch ? scratch : arena_new((size_t)1 << 30);
    struct log_item item = {.type = is_transaction ? ITEM_TRANSACTION : ITEM_EVENT,
                            .quantity = 1,
                            .payload = item_payload(p)};
    struct log_record record = {.request_id = uuid_random(),
                                .received = clock_now(),
                                .project_id = 1,
                                .key_id = 1,
                                .client_ip = S("203.0.113.7"),
                                .has_event_id = true,
                                .items = &item,
                                .item_count = 1};
    need(uuid_parse(str_of(p->id), &record.event_id), "reading an id");
    batch_add(batch, scratch, log_record_encode(a, &record), batch->next + 8);
    arena_reset(a);
}

int main(int count, char **words)
{
    struct payloads payloads;
    struct payload payload;
    need(count == 3, "reading COUNT SPANS");
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    uint64_t wanted = strtoull(words[1], NULL, 10);
    unsigned spans = (unsigned)strtoul(words[2], NULL, 10);
    struct arena *a = arena_new((size_t)1 << 30);
    struct pg *db = pg_open(getenv("VEDETTE_TEST_DATABASE"), "bench");
    struct policies *policies = policies_new();
    struct batch *batch = batch_new(policies);
    struct uuid log = prepare(db, a);
    payloads_open(&payloads, SEED, EVENT_SIZE, 0, spans, (double)clock_now() / CLOCK_SECOND);
    payload.bytes = malloc(payloads_room(&payloads));
    batch_begin(batch, log, 0);
    for (uint64_t i = 0; i < wanted; i++) {
        payload_make(&payloads, i, (double)clock_now() / CLOCK_SECOND, &payload);
        add(batch, a, &payload, spans > 0);
        if ((i + 1) % BATCH && i + 1 < wanted)
            continue;
        int64_t next = batch->next;
        need(batch_write(batch, db, a) == WRITE_DONE, "writing a batch");
        batch_begin(batch, log, next);
    }
    return 0;
}
