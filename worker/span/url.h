/*
 * URLs of spans without what differs from one call to the next (ingest.md §7.6): hosts keep their
 * registrable domain, files of web pages what the build did not make up.
 */
#ifndef WORKER_SPAN_URL_H
#define WORKER_SPAN_URL_H

#include "base/arena.h"

struct span_url {
    struct str scheme, host, port; /* port absent when it has none; host with its brackets */
    struct str path;               /* from its first slash, without query; may be empty */
};

/* False when it is no absolute URL with a host. */
bool url_parse(struct str text, struct span_url *out);

/* "*.example.com", "*.*.*.*"; with the port when there is one. */
struct str url_domain(struct arena *a, const struct span_url *url);

/* A script, style sheet, image … that a page loads; absent when it is no URL. */
struct str url_resource(struct arena *a, struct str text);

/* "js" of app.js; absent when it has none that is one. */
struct str url_extension(struct str name);

#endif
