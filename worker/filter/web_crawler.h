/* Crawlers and monitors by their User-Agent header (ingest.md §5.1). */
#ifndef WORKER_FILTER_WEB_CRAWLER_H
#define WORKER_FILTER_WEB_CRAWLER_H

#include "base/arena.h"

bool web_crawler_is(struct arena *a, struct str user_agent);

#endif
