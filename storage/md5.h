/*
 * MD5, for what must agree with other Sentry servers or stay small: issue hashes, user hashes.
 * Never for secrets.  Any thread may call.
 */
#ifndef STORAGE_MD5_H
#define STORAGE_MD5_H

#include <stdint.h>

#include "base/str.h"

enum { MD5_SIZE = 16 };

void md5(struct str bytes, uint8_t out[MD5_SIZE]);
/* Its first eight bytes as a number. */
uint64_t md5_number(struct str bytes);

#endif
