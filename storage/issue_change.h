/*
 * Changes of one or many issues by a person or token, each in one transaction that locks the issues
 * in the order of their ids, writes activity and the audit log, and is repeated once when the
 * digest got in its way.
 *
 * Failures are the connection's: ask pg_failed().
 */
#ifndef STORAGE_ISSUE_CHANGE_H
#define STORAGE_ISSUE_CHANGE_H

#include "storage/pg.h"

/* The numbers that are stored (grouping-symbolication.md §1.12). */
enum issue_status { ISSUE_UNRESOLVED, ISSUE_RESOLVED, ISSUE_ARCHIVED };

/* A change that may be sent or not. */
struct issue_flag {
    bool sent, value;
};

struct issue_change {
    bool sets_status;
    enum issue_status status;
    int substatus;                   /* 0: what fits */
    const char *activity;            /* Sentry's name of the change of state */
    struct str activity_data;        /* its JSON */
    bool in_release;                 /* resolved as of a release: */
    bool next_release;               /* the one after the newest; else */
    struct str release;              /* this version, absent: the newest */
    int64_t until;                   /* archived until then, us; 0: no such condition */
    int64_t count, window;           /* until so many more events, within minutes; 0: not */
    int64_t user_count, user_window; /* until so many more users */
    bool sets_assignee;
    int64_t user_id, team_id; /* both 0: nobody */
    int priority;             /* 0: not sent */
    struct str priority_name;
    struct issue_flag is_public, has_seen, is_bookmarked, is_subscribed;
    struct str audit; /* JSON of what was asked */
};

struct issue_actor {
    int64_t organization_id, user_id, token_id;
    struct str address;
    int64_t now; /* us */
};

struct issue_targets {
    const int64_t *projects, *ids;
    size_t project_count, count;
};

/* How many issues were there to change. */
int64_t issues_change(struct pg *db, struct arena *a, const struct issue_targets *targets,
                      const struct issue_change *change, const struct issue_actor *actor);

int64_t issues_delete(struct pg *db, struct arena *a, const struct issue_targets *targets,
                      const struct issue_actor *actor);

/* Merges issues of one project into the one with most events, whose id it returns; 0 when fewer
 * than two are left or they belong to several projects. */
int64_t issues_merge(struct pg *db, struct arena *a, const struct issue_targets *targets,
                     const struct issue_actor *actor);

#endif
