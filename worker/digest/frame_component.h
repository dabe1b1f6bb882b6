/*
 * One stack frame, and one stack trace, as grouping components (grouping-symbolication.md §1.4,
 * §1.5): what of module, file name, function and source line tells this frame from others.
 */
#ifndef WORKER_DIGEST_FRAME_COMPONENT_H
#define WORKER_DIGEST_FRAME_COMPONENT_H

#include "worker/digest/component.h"
#include "worker/digest/normalize.h"

/* Stacks are looked at in two ways: in-app frames alone, or all; everything else in one.  In the
 * order in which an event's hashes are kept. */
enum variant { VARIANT_APP, VARIANT_DEFAULT, VARIANT_SYSTEM, VARIANTS };

/* Fills the variants app and system; neither contributes without a frame that does. */
void frame_component_stack(struct normalizer *n, const struct stack *stack,
                           struct component *out[VARIANTS]);

#endif
