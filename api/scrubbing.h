/*
 * Data scrubbing as settings of projects and organizations: the fields that both have, and what
 * makes them worth refusing (ingest.md §4.1).
 */
#ifndef API_SCRUBBING_H
#define API_SCRUBBING_H

#include "api/options.h"
#include "worker/scrub/scrubber.h"

/* Code points of the advanced configuration; bytes of all sensitive fields together. */
enum { SCRUBBING_RULES_MAX = 65536, SENSITIVE_FIELDS_MAX = 4000 };

struct scrubbing {
    bool scrub_data, scrub_defaults, scrub_addresses;
    struct field_texts sensitive_fields, safe_fields;
    struct str rules; /* the advanced configuration, JSON */
    bool scrub_data_sent, scrub_defaults_sent, scrub_addresses_sent;
    bool sensitive_fields_sent, safe_fields_sent, rules_sent;
};

/* Rows for the field table of a struct that has a struct scrubbing as `member`. */
#define SCRUBBING_FIELDS(type, member)                                                             \
    OPTION_FIELD(type, "dataScrubber", FIELD_BOOL, 0, 0, 0, member.scrub_data),                    \
        OPTION_FIELD(type, "dataScrubberDefaults", FIELD_BOOL, 0, 0, 0, member.scrub_defaults),    \
        OPTION_FIELD(type, "scrubIPAddresses", FIELD_BOOL, 0, 0, 0, member.scrub_addresses),       \
        OPTION_FIELD(type, "sensitiveFields", FIELD_TEXTS, 0, 0, 255, member.sensitive_fields),    \
        OPTION_FIELD(type, "safeFields", FIELD_TEXTS, 0, 0, 255, member.safe_fields),              \
        OPTION_FIELD(type, "relayPiiConfig", FIELD_TEXT, FIELD_NULLABLE, 0, SCRUBBING_RULES_MAX,   \
                     member.rules)

/* False after answering 400 for what no rule can be made of.  `sent` is what was sent, as JSON
 * under the fields' names; it replaces settings of the project, or, where the path names none, of
 * the organization. */
bool scrubbing_check(struct request *rq, const struct scrubbing *s, struct str sent);

/* The scrubber of a configuration; NULL after answering 400 for this field.  Lives as long as the
 * request. */
const struct scrubber *scrubbing_compile(struct request *rq, struct str rules);

#endif
