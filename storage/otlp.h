/*
 * A body of OTLP, made into containers of Sentry's items (ingest.md §1.9, §2.7).
 *
 * A record is read, written and forgotten before the next one, so that a body of many costs little
 * memory.  What comes out is cut into containers of at most OTLP_CONTAINER_ITEMS, because the
 * attributes of a resource stand in each of its records: a short body may become a long text.
 *
 * Ceilings: 512 KiB for a record (one that is larger is left out and counted), 64 KiB for a
 * resource and for a scope, and for all that comes out 4 MiB and four times the body.
 */
#ifndef STORAGE_OTLP_H
#define STORAGE_OTLP_H

#include "storage/items.h"
#include "storage/otlp_message.h"

enum { OTLP_CONTAINER_ITEMS = 1000 };

struct otlp_signal; /* traces or logs */
extern const struct otlp_signal otlp_signal_traces, otlp_signal_logs;

struct otlp_container {
    struct str header;  /* the item's, JSON */
    struct str payload; /* {"version":2,…,"items":[…]} */
    size_t count;
    struct otlp_container *next;
};

struct otlp_converted {
    struct otlp_container *first;
    size_t count;     /* of containers */
    size_t too_large; /* records that were left out */
};

enum otlp_result {
    OTLP_CONVERTED,
    OTLP_BROKEN,    /* *error says why */
    OTLP_TOO_LARGE, /* a ceiling for the whole is passed */
};

/* Texts lie in the arena.  `received`, in us, dates logs without a time. */
struct otlp_request {
    const struct otlp_signal *signal;
    enum otlp_format format;
    struct str body;
    int64_t received;
};
enum otlp_result otlp_convert(struct arena *a, const struct otlp_request *request,
                              struct otlp_converted *out, const char **error);

enum item_type otlp_item_type(const struct otlp_signal *signal);
/* The reason that records which were left out are counted with. */
struct str otlp_too_large(const struct otlp_signal *signal);

#endif
