/*
 * span.sentry_tags: what screens search and group spans by (ingest.md §7.6).
 *
 * A scene holds what all spans of one transaction, or one span alone, share: from the event around
 * them.
 */
#ifndef WORKER_SPAN_TAGS_H
#define WORKER_SPAN_TAGS_H

#include "base/jt.h"

enum { SPAN_SCENE_MAX = 32 };

struct span_scene {
    struct {
        struct str key, value;
    } tags[SPAN_SCENE_MAX];
    size_t count;
};

/* Of a normalised event; texts stay the event's. */
void span_scene_of(struct arena *a, const struct jt *event, struct span_scene *out);

/* Sets sentry_tags anew.  After the span's own fields are normalised. */
void span_tags(struct arena *a, struct jt *span, const struct span_scene *scene);

#endif
