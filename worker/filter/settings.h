/*
 * The inbound filters of one project, compiled from its options (ingest.md §5.1).
 *
 * Options are a JSON object under the names of the specification.  A list may also be one text with
 * a member a line, a switch may be true, 1 or "1":
 *
 *   sentry:blacklisted_ips            list of addresses and networks
 *   sentry:releases                   list of globs
 *   sentry:error_messages             list of globs
 *   sentry:transactions               list of globs, besides those of filters:filtered-transaction
 *   sentry:csp_ignored_sources        list of origins
 *   sentry:csp_ignored_sources_defaults    switch, on
 *   filters:react-hydration-errors    switch, on
 *   filters:chunk-load-error          switch, on
 *   filters:filtered-transaction      switch, on; or a list of globs instead of the usual ones
 *   filters:localhost                 switch, off
 *   filters:browser-extensions        switch, off
 *   filters:web-crawlers              switch, off
 *   filters:legacy-browsers           switch, off; or a list of options ("ie", "safari", …)
 *   filters:generic                   list of {"id", "isEnabled", "condition"}
 *   sentry:dynamic_sampling           rules (worker/filter/sampling.h)
 *
 * What cannot be understood is passed over.  Everything lies in the arena and is not changed after:
 * any thread may read.
 */
#ifndef WORKER_FILTER_SETTINGS_H
#define WORKER_FILTER_SETTINGS_H

#include "worker/filter/condition.h"
#include "worker/filter/csp_source.h"
#include "worker/filter/globs.h"
#include "worker/filter/legacy_browser.h"
#include "worker/filter/sampling.h"

struct filter_generic {
    const struct filter_generic *next;
    struct str id;
    const struct condition *condition;
};

struct filter_settings {
    struct str networks; /* as network_has() takes them */
    struct globs releases, error_messages, transactions;
    bool localhost, browser_extensions, web_crawlers;
    legacy_browsers legacy;
    const struct csp_source *csp_sources;
    const struct filter_generic *generic;
    bool needs_trace;                /* conditions may ask for it */
    const struct sampling *sampling; /* NULL: all that is not filtered is kept */
};

/* `options` may be NULL: the defaults.  It and its text must live as long as the settings. */
const struct filter_settings *filter_settings_read(struct arena *a, const struct jt *options);

#endif
