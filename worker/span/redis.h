/* Commands of Redis, as spans of caches and of the database describe them. */
#ifndef WORKER_SPAN_REDIS_H
#define WORKER_SPAN_REDIS_H

#include "base/arena.h"

/* "SET *" of "set user:1 x"; the command alone when nothing follows; "*" when it is none. */
struct str redis_description(struct arena *a, struct str text);

/* "SET"; absent when it is no command. */
struct str redis_command(struct arena *a, struct str text);

#endif
