/*
 * How well a page or an interaction did in the browser, from 0 to 1 (ingest.md §7.4): for each
 * vital that was measured score.X and its score.weight.X, and score.total.
 */
#ifndef WORKER_DIGEST_WEB_SCORE_H
#define WORKER_DIGEST_WEB_SCORE_H

#include "base/jt.h"

/* Of a page load: the browser is the event's context. */
void web_score_page(struct arena *a, struct jt *event);

/* Of an interaction, a span with the measurement inp. */
void web_score_interaction(struct arena *a, struct jt *span, struct str browser);

#endif
