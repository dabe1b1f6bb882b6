/* DSNs as SDKs take them: the public URL with a key for its user and a project id for its path. */
#ifndef API_CLI_DSN_H
#define API_CLI_DSN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* http://localhost:8900, key, 7 -> http://key@localhost:8900/7 */
struct str dsn_of(struct arena *a, struct str public_url, struct str key, int64_t project_id);

#endif
