/*
 * What the kinds of job have in common: one row of table job at work.
 *
 * A kind is a row of the table in runner.c and one function here.  It runs outside a transaction
 * and must be safe to run again, because its child may die halfway.  It leaves a few words of
 * answer, which the row keeps.
 */
#ifndef WORKER_JOBS_JOB_H
#define WORKER_JOBS_JOB_H

#include <stdarg.h>
#include <stdio.h>

#include "storage/pg.h"

struct job {
    struct pg *db;
    struct arena *arena; /* of this run */
    int64_t id, project_id;
    struct str data; /* JSON */
    bool again;      /* there is more to do than one run may: it is soon due again */
    char answer[200];
};

/* Keeps the words; returns whether the connection is sound, for the end of a job's function. */
static inline bool job_answer(struct job *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline bool job_answer(struct job *j, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(j->answer, sizeof(j->answer), format, args);
    va_end(args);
    return !pg_failed(j->db);
}

bool job_tags(struct job *j);       /* fills issue_tag from the batches since */
bool job_partitions(struct job *j); /* makes the next days, drops what is too old */
bool job_retention(struct job *j);  /* rows that are too old where no whole day can go */
bool job_disk(struct job *j);       /* measures the data, drops days to keep its ceiling */
bool job_cleanup(struct job *j);    /* request ids, sessions, finished jobs */
bool job_issues(struct job *j);     /* ends of archiving */
bool job_settle(struct job *j);     /* new becomes ongoing; resolves by age */
bool job_monitors(struct job *j);   /* check-ins that are missed or take too long */
bool job_occurrence(struct job *j); /* a monitor's failure becomes an event; or is over */
bool job_adoption(struct job *j);   /* which releases are the ones in use */
bool job_spikes(struct job *j);     /* how much of each kind a protected project may send an hour */
bool job_blobs(struct job *j);      /* deletes files that nothing refers to */

#endif
