/*
 * Counts of what was refused, so that statistics know of it: summed in memory and written to the
 * event log once a second as records that hold nothing but outcomes.  What a killed process had not
 * written yet is lost; refused requests are no events.  Any thread may call.
 */
#ifndef INGEST_OUTCOMES_H
#define INGEST_OUTCOMES_H

#include "storage/eventlog.h"

struct outcomes;

struct refused {
    int64_t project_id, key_id;
    enum item_type type;
    enum category category; /* in place of the type's; else NONE */
    enum outcome verdict;
    struct str reason; /* a literal, or text that lives as long as the process */
    uint64_t quantity;
};

struct outcomes *outcomes_new(void);
void outcomes_free(struct outcomes *o);
void outcomes_count(struct outcomes *o, const struct refused *what);

/* Writes all counts to the log; what the log refuses stays for the next time. */
void outcomes_flush(struct outcomes *o, struct eventlog *log);

#endif
