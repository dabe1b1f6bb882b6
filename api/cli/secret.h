/* Secrets that the operator's tool makes up; needs sodium_init(). */
#ifndef API_CLI_SECRET_H
#define API_CLI_SECRET_H

#include "base/arena.h"
#include "base/str.h"

/* Twenty letters and digits that no two fonts confuse, about 115 bits. */
struct str secret_password(struct arena *a);

/* 32 hex digits, as DSN keys are. */
struct str secret_key(struct arena *a);

#endif
