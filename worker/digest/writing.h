/* One try to store a batch: what the steps of write.c share.  Private to worker/digest/write*.c. */
#ifndef WORKER_DIGEST_WRITING_H
#define WORKER_DIGEST_WRITING_H

#include "storage/pg.h"
#include "worker/digest/batch.h"

/* Status numbers of grouping-symbolication.md §1.12. */
enum issue_status { ISSUE_UNRESOLVED, ISSUE_RESOLVED, ISSUE_IGNORED };

/* An issue that events of the batch belong to. */
struct issue_group {
    struct issue_group *next; /* in the order of their first events */
    int64_t project_id, id;   /* id 0: it must be made */
    int64_t short_id;         /* of one that was made */
    enum issue_status status;
    int64_t resolved_at, active_at, first_seen;
    struct batch_event *newest, *oldest; /* by timestamp */
};

struct known_project {
    int64_t id, organization_id, settings_version;
    bool is_fresh; /* no event yet */
};

struct writing {
    struct pg *db;
    struct arena *arena;
    struct batch *batch;
    const char *now; /* timestamptz */
    int64_t batch_id;
    bool lost_race, moved, outdated;
    struct known_project *projects;
    size_t project_count;
    struct issue_group *groups, *last_group;
    int64_t counted[CATEGORY_COUNT][OUTCOME_COUNT]; /* quantities, for the metrics */
};

/* Each step returns false to stop: the connection has failed, or `moved`, `outdated` or `lost_race`
 * says why. */
bool write_lookups(struct writing *w);  /* projects, duplicates, repeats */
bool write_names(struct writing *w);    /* environments, releases */
bool write_issues(struct writing *w);   /* finds, locks and makes issues */
bool write_rows(struct writing *w);     /* events, bodies, counters, rollups */
bool write_states(struct writing *w);   /* regressions, ends of archiving */
bool write_items(struct writing *w);    /* rows of all other kinds, and what follows from them */
bool write_outcomes(struct writing *w); /* outcomes, poison, first events */

bool write_refunds(struct writing *w); /* to quotas, of what is not stored after all */

/* What becomes of an accepted item, once write_lookups() has asked. */
enum item_fate { FATE_STORED, FATE_DOUBLE, FATE_ORPHAN };
enum item_fate writing_fate(const struct writing *w, const struct batch_record *record,
                            const struct batch_item *item);

/* NULL when the project is gone. */
const struct known_project *writing_project(const struct writing *w, int64_t id);

#endif
