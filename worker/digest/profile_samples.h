/*
 * The sample format of profiles: frames, stacks of frames, samples of stacks (ingest.md §8.2).
 *
 * Checks the references between them, and takes out what says nothing.  Numbers may be texts.
 */
#ifndef WORKER_DIGEST_PROFILE_SAMPLES_H
#define WORKER_DIGEST_PROFILE_SAMPLES_H

#include "base/jt.h"

struct profile_samples {
    struct jt *profile;  /* {"frames", "stacks", "samples", "thread_metadata"} */
    struct str time_key; /* where a sample's time stands: elapsed_since_start_ns or timestamp */
    double first, last;  /* out: times of the first and last sample */
    size_t count;        /* out */
};

/* Absent when all is sound; else the outcome's reason: profiling_malformed_samples … */
struct str profile_samples_check(struct profile_samples *s);

/* Takes out samples outside [from, to], idle ones at both ends of each thread, threads of one
 * sample, and metadata of threads that have none.  After a check; updates first, last and count. */
void profile_samples_clean(struct arena *a, struct profile_samples *s, double from, double to);

/* A number, or a text that is one. */
bool profile_number(const struct jt *v, double *out);

#endif
