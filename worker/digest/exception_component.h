/*
 * Exceptions as grouping components, single, chained or grouped (grouping-symbolication.md §1.4).
 */
#ifndef WORKER_DIGEST_EXCEPTION_COMPONENT_H
#define WORKER_DIGEST_EXCEPTION_COMPONENT_H

#include "worker/digest/frame_component.h"

/* One exception of the event with its component per variant; a variant may be NULL. */
struct exception_node {
    struct jt *exception;
    struct component *variants[VARIANTS];
};

/* Fills the variants app and system.  Sets main_exception_id of the event where a group of
 * exceptions comes down to one. */
void exception_component(struct normalizer *n, struct component *out[VARIANTS]);

#endif
