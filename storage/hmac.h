/*
 * HMAC-SHA1, for pseudonyms that other Sentry servers make the same way: hashed personal data.
 * Never for secrets of our own.  Any thread may call.
 */
#ifndef STORAGE_HMAC_H
#define STORAGE_HMAC_H

#include <stdint.h>

#include "base/str.h"

enum { HMAC_SHA1_SIZE = 20 };

void hmac_sha1(struct str key, struct str bytes, uint8_t out[HMAC_SHA1_SIZE]);

#endif
