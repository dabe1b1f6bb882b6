#include "storage/hmac.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

void hmac_sha1(struct str key, struct str bytes, uint8_t out[HMAC_SHA1_SIZE])
{
    unsigned length = HMAC_SHA1_SIZE;
    const unsigned char *data = (const unsigned char *)(bytes.n ? bytes.p : "");
    if (key.n > INT_MAX ||
        !HMAC(EVP_sha1(), key.n ? key.p : "", (int)key.n, data, bytes.n, out, &length))
        abort();
}
