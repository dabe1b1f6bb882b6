/* Tags of an issue, as its own page nests them. */
#ifndef API_TAGS_H
#define API_TAGS_H

#include "base/request.h"

/* An array of the keys (or only this one; NULL: all), each with its most frequent values.
 */
void tags_put_top(struct request *rq, struct jw *j, const char *key, int values);

#endif
