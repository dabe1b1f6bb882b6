/*
 * Data scrubbing: takes personal data and secrets out of events and attachments before they are
 * stored (ingest.md §4).
 *
 * A scrubber is what a project's and its organization's settings come to: compile it once, keep it,
 * and share it; it never changes, so any number of threads may scrub with it at a time.  Scrubbing
 * itself compiles nothing and cannot fail.  Its costs are bounded: where a search in a hostile text
 * would take too long, the text is redacted unsearched.
 *
 *   struct scrubber *s = scrubber_new(&organization, &project, &error);   // NULL: see *error
 *   scrub_event(s, arena, event, &notes);                                 // any thread, any number
 *   scrubber_free(s);
 */
#ifndef WORKER_SCRUB_SCRUBBER_H
#define WORKER_SCRUB_SCRUBBER_H

#include "base/jt.h"
#include "worker/scrub/settings.h"

struct scrubber;

/* NULL when an advanced configuration is invalid: no JSON, no selector, too much of it.  *error is
 * then static text, and events of the project have the outcome invalid, project_state_pii.  A
 * broken regular expression disables its rule only; scrubber_broken_rules() counts these. */
struct scrubber *scrubber_new(const struct scrub_options *organization,
                              const struct scrub_options *project, const char **error);
/* One configuration alone, given as JSON {"rules": …, "applications": …}; its custom rules keep
 * their names. */
struct scrubber *scrubber_of_config(struct str config, const char **error);
void scrubber_free(struct scrubber *s);
size_t scrubber_broken_rules(const struct scrubber *s);
/* Nothing would ever be changed: no need to call. */
bool scrubber_is_idle(const struct scrubber *s);

/* What normalisation noted beside an event, and keeps of its values: the trees that become
 * event._meta and event.errors, or NULL. */
struct scrub_notes {
    struct jt *meta, *errors;
};

/*
 * Scrubs a normalised event in place.  What was done is noted in notes->meta, which may be made for
 * that; originals in both notes are scrubbed as well.  Removed values become null.  Text is taken
 * from `a`, or borrowed from the scrubber, which must outlive the tree.
 */
void scrub_event(const struct scrubber *scrubber, struct arena *a, struct jt *event,
                 struct scrub_notes *notes);

/* Whether rules of the advanced configuration reach a file of this name: no need to look at others.
 */
bool scrub_wants_attachment(const struct scrubber *s, struct str filename);

/* Scrubs a value that belongs to no event and whose every text may be personal data, in place; what
 * is removed becomes null. */
void scrub_free_value(const struct scrubber *scrubber, struct arena *a, struct jt *value);

struct scrub_shape;

/* The same for a log or a metric of a trace, whose shape (worker/scrub/fields.h) says what holds
 * personal data; its attributes are plain values by name. */
void scrub_trace_item(const struct scrubber *scrubber, struct arena *a, struct jt *item,
                      const struct scrub_shape *shape, struct scrub_notes *notes);

/* Scrubs an attachment's bytes in place by the advanced configuration; their number never changes.
 * Texts in it are found as UTF-8 and as UTF-16, low byte first.  True when something was redacted.
 * Takes up to one and a half times the size of memory for a while. */
bool scrub_attachment(const struct scrubber *s, struct str filename, char *bytes, size_t size);

#endif
