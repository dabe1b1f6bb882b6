#include "auth/csrf.h"

#include <sodium.h>

#include "base/text.h"

enum { CSRF_BYTES = 32, CSRF_DIGITS = 64 };

/* Tells this hash of the secret apart from the one that sessions are stored under. */
static const unsigned char purpose[] = "vedette csrf token";

struct str csrf_of_session(struct arena *a, struct str secret)
{
    uint8_t value[CSRF_BYTES];
    crypto_generichash(value, sizeof(value), (const unsigned char *)secret.p, secret.n, purpose,
                       sizeof(purpose));
    return text_hex(a, value, sizeof(value));
}

struct str csrf_random(struct arena *a)
{
    uint8_t value[CSRF_BYTES];
    randombytes_buf(value, sizeof(value));
    return text_hex(a, value, sizeof(value));
}

bool csrf_equal(struct str sent, struct str expected)
{
    return sent.n == CSRF_DIGITS && expected.n == CSRF_DIGITS &&
           sodium_memcmp(sent.p, expected.p, CSRF_DIGITS) == 0;
}
