/*
 * The policies of those projects that somebody has changed a setting of, as one digest child knows
 * them.
 *
 * Two threads share them.  The filling one takes a policy for each project of a batch and asks no
 * database: it gets what was loaded last, or the usual one.  The storing one reads the versions of
 * the settings with the batch's projects anyway; where they differ from those the batch was filled
 * by, it loads the new ones, and the batch is filled again.  So nothing is stored by settings older
 * than those the storing transaction sees, and settled projects cost nothing.
 *
 * A policy that is taken stays until it is released, whatever is loaded meanwhile.  Projects with
 * the same scrubbing settings share one scrubber.  What no batch took for an hour is forgotten.
 * Every function locks.
 */
#ifndef WORKER_DIGEST_POLICIES_H
#define WORKER_DIGEST_POLICIES_H

#include "storage/pg.h"
#include "worker/digest/policy.h"

struct policies;

struct policies *policies_new(void);
void policies_free(struct policies *p); /* when none is taken any more */

const struct policy *policies_take(struct policies *p, int64_t project_id);
void policies_release(struct policies *p, const struct policy *policy);

/* Reads and compiles the settings of these projects, where they are newer.  False when the database
 * failed. */
bool policies_load(struct policies *p, struct pg *db, struct arena *scratch, const int64_t *ids,
                   size_t count);

#endif
