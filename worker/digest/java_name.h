/*
 * Names that Java's code generators make up at run time, without the part that differs from run to
 * run (grouping-symbolication.md §1.4).  What has no such part is returned as it is.
 */
#ifndef WORKER_DIGEST_JAVA_NAME_H
#define WORKER_DIGEST_JAVA_NAME_H

#include "base/arena.h"
#include "base/str.h"

struct str java_name_module(struct arena *a, struct str module);
struct str java_name_file(struct arena *a, struct str filename);

#endif
