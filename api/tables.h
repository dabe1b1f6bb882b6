/* Every route of the web API: the tables of all resources, ended by NULL. */
#ifndef API_TABLES_H
#define API_TABLES_H

#include "base/route.h"

extern const struct route *const api_tables[];

/* What is answered to those who keep the server running, on nginx's private side alone, without a
 * gate: health and metrics. */
extern const struct route *const private_tables[];

#endif
