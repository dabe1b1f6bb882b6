/*
 * The job child: takes due rows of table job one after the other, woken by NOTIFY and once a
 * second. A failed job is tried again after a growing pause; one that runs once is given up after
 * ten tries. Recurring kinds have one row each, which stays.
 */
#ifndef WORKER_JOBS_RUNNER_H
#define WORKER_JOBS_RUNNER_H

#include "worker/jobs/job.h"

/* Child of base/master.h; returns its exit status. */
int runner_run(int index, void *unused);

/* Runs one due job; false when there is none or the database is away.  For the child and tests. */
bool runner_step(struct pg *db, struct arena *a);
/* Makes the rows of the recurring kinds, and gives back what a dead child had begun. */
void runner_begin(struct pg *db, struct arena *a);

#endif
