/*
 * For tests of what the digest stores: records go into a batch, the batch into a database that was
 * just migrated, with the projects 1 and 2 of organization 1.
 */
#ifndef TESTS_UNIT_DIGESTING_H
#define TESTS_UNIT_DIGESTING_H

#include "base/clock.h"
#include "storage/partitions.h"
#include "tests/unit/database.h"
#include "tests/unit/records.h"
#include "worker/digest/write.h"

static struct arena *arena, *scratch;
static struct pg *db;
static struct policies *policies;
static struct batch *batch;
static struct uuid log_id;
static int64_t position, day; /* noon of today */

static inline void digesting_begin(void)
{
    arena = arena_new((size_t)1 << 30);
    scratch = arena_new((size_t)1 << 30);
    db = database_migrated();
    policies = policies_new();
    batch = batch_new(policies);
    log_id = uuid_random();
    position = 0;
    int64_t now = clock_now();
    day = now - now % CLOCK_DAY + 12 * 3600 * (int64_t)CLOCK_SECOND;
    ck_assert(pg_script(
        db, "insert into organization (slug, name, date_created) values ('one', 'One', now());"
            "insert into project (organization_id, slug, name, date_created) values"
            " (1, 'web', 'Web', now()), (1, 'api', 'Api', now())"));
    ck_assert(partitions_make(db, arena, day - 3 * CLOCK_DAY, 6));
    ck_assert(
        pg_script(db, arena_printf(arena, "insert into log_cursor values ('%.*s', 0, 0, now())",
                                   STR_ARG(uuid_text(arena, log_id)))));
    batch_begin(batch, log_id, position);
}

static inline void digesting_end(void)
{
    batch_free(batch);
    policies_free(policies);
    pg_close(db);
    arena_free(arena);
    arena_free(scratch);
}

static inline void add(const struct log_record *record)
{
    position += 8;
    batch_add(batch, scratch, log_record_encode(arena, record), position);
}

/* Stores what was added and begins the next batch. */
static inline enum write_result write_batch(void)
{
    enum write_result result = batch_write(batch, db, scratch);
    batch_begin(batch, log_id, position);
    return result;
}

static inline void stored(void)
{
    ck_assert_int_eq(write_batch(), WRITE_DONE);
}

static inline int64_t count(const char *sql)
{
    return database_count(db, arena, sql);
}

/* How much was counted under a category, an outcome and a reason. */
static inline int64_t outcome(enum category category, enum outcome outcome, const char *reason)
{
    return count(arena_printf(arena,
                              "select coalesce(sum(quantity), 0) from outcome_hour where category "
                              "= %d and outcome = %d and reason = '%s'",
                              category, outcome, reason));
}

#endif
