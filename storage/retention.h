/*
 * The kinds of data that grow old: how many days each is kept, and in which tables it lies.
 *
 * The instance's settings say how long at most (base/settings.def: retention_days for all, and
 * retention_<kind>_days for one).  An organization may keep a kind for less, never for more: rows
 * of organization_retention, changed by api/retention.c.  Jobs drop what is older (worker/jobs/
 * retention.c), as days of partitions where every organization agrees, else as rows.
 *
 * Any thread may call.
 */
#ifndef STORAGE_RETENTION_H
#define STORAGE_RETENTION_H

#include "storage/pg.h"

/* X(constant, name): the name is that of the setting, of stored rows and of the web API. */
#define RETENTION_KINDS(X)                                                                         \
    X(ERROR, error)                                                                                \
    X(TRANSACTION, transaction)                                                                    \
    X(SPAN, span)                                                                                  \
    X(LOG, log)                                                                                    \
    X(TRACE_METRIC, trace_metric)                                                                  \
    X(REPLAY, replay)                                                                              \
    X(PROFILE, profile)                                                                            \
    X(ATTACHMENT, attachment)                                                                      \
    X(SESSION, session)                                                                            \
    X(CHECK_IN, check_in)                                                                          \
    X(OUTCOME, outcome)

enum retention_kind {
#define X(constant, name) RETENTION_##constant,
    RETENTION_KINDS(X)
#undef X
        RETENTION_KIND_COUNT
};

struct str retention_name(enum retention_kind kind);
/* RETENTION_KIND_COUNT when there is none of that name. */
enum retention_kind retention_named(struct str name);

/* The most days that the instance keeps a kind. */
int64_t retention_days(enum retention_kind kind);
/* us since 1970: what is older than this at the time `now` is not kept. */
int64_t retention_oldest(enum retention_kind kind, int64_t now);

/* All names, and the days of each, as the arrays that statements take. */
const char *retention_names(struct arena *a);
const char *retention_days_list(struct arena *a);

/* Where data of a kind lies. */
struct retention_table {
    const char *name;
    enum retention_kind kind;
    const char *is_old;  /* SQL: whether a row is older than the time $1 */
    bool has_partitions; /* by day of receipt: storage/partitions.h */
    bool has_blobs;      /* its column blob names what a row refers to */
    bool follows_days;   /* of no use when the partitions of its days are gone */
};

/* Ends with one without a name. */
extern const struct retention_table retention_tables[];

/* How long a kind is kept by those who keep it longest, or by an organization that keeps it for
 * less than they do. */
struct retention_rule {
    enum retention_kind kind;
    int64_t days;
    int64_t before;      /* us since 1970: what is older goes */
    struct str projects; /* of the organization, as an array; absent: everybody's */
};

/* All rules: first those for everybody, one for each kind. */
struct rows *retention_plan(struct pg *db, struct arena *a);
bool retention_next(struct rows *plan, int64_t now, struct retention_rule *out);

#endif
