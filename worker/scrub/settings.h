/*
 * The data-scrubbing settings of a project and its organization, and the rule configuration that
 * the simple ones among them stand for (ingest.md §4.1).
 */
#ifndef WORKER_SCRUB_SETTINGS_H
#define WORKER_SCRUB_SETTINGS_H

#include "base/jt.h"

struct str_list {
    size_t count;
    const struct str *list;
};

/* As a project or an organization has them; of an organization the switches mean "required". */
struct scrub_options {
    bool scrub_data, scrub_defaults, scrub_ip_addresses;
    struct str_list sensitive_fields, safe_fields;
    struct str rules; /* the advanced configuration, JSON; absent or empty: none */
};

/* Reads the names of the API: dataScrubber, dataScrubberDefaults, scrubIPAddresses,
 * sensitiveFields, safeFields, relayPiiConfig (null: none).  What is missing, or of a wrong kind,
 * is as in `otherwise`.  Borrows from `options`. */
struct scrub_options scrub_options_read(struct arena *a, const struct jt *options,
                                        struct scrub_options otherwise);

/* What a project has before anybody set anything: data and defaults on, addresses off. */
extern const struct scrub_options scrub_options_of_project;
/* What an organization requires before anybody set anything: nothing. */
extern const struct scrub_options scrub_options_of_organization;

/* Both at once: the organization's switches turn the project's on, lists are joined. */
struct scrub_options scrub_options_merge(struct arena *a, const struct scrub_options *organization,
                                         const struct scrub_options *project);

/* {"rules": …, "vars": …, "applications": …}; NULL when everything is off. */
struct jt *scrub_options_config(struct arena *a, const struct scrub_options *options);

#endif
